"""The roles that every cluster has."""

import pytest

from chaosimagecorrupt.simulator.api import User
from chaosimagecorrupt.simulator.api.rbac import Attributes, allowed

from ..calls import PureCalls
from .access import BINDINGS, BOT

pytestmark = pytest.mark.usefixtures("account")


@pytest.mark.parametrize(
    ("role", "verb", "may"),
    [("view", "get", True), ("view", "patch", False), ("edit", "patch", True), ("admin", "delete", True)],
)
def test_the_default_roles(calls: PureCalls, role: str, verb: str, may: bool) -> None:
    reference = {"kind": "ClusterRole", "name": role, "apiGroup": "rbac.authorization.k8s.io"}
    calls("POST", BINDINGS, {"metadata": {"name": "b"}, "roleRef": reference, "subjects": [BOT]})
    user = User("system:serviceaccount:default:bot")
    assert allowed(calls.store, user, Attributes(verb, "apps", "deployments", namespace="default")) is may
