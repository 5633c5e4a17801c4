"""The roles that every cluster has."""

import pytest

from chaosimagecorrupt.simulator.api import User
from chaosimagecorrupt.simulator.api.bootstrap import bootstrap
from chaosimagecorrupt.simulator.api.rbac import Attributes, allowed
from chaosimagecorrupt.simulator.clock import ManualClock
from chaosimagecorrupt.simulator.cluster import SimulatedCluster
from chaosimagecorrupt.simulator.controllers.randomness import Randomness
from chaosimagecorrupt.simulator.types import Object

from ..calls import PureCalls
from .access import BINDINGS, BOT

ROLES = "clusterroles.rbac.authorization.k8s.io"
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


@pytest.mark.parametrize(
    ("resource", "verb", "may"),
    [
        ("statefulsets", "patch", True),
        ("daemonsets", "delete", True),
        ("controllerrevisions", "list", True),
        ("controllerrevisions", "delete", False),
    ],
)
def test_who_may_edit_reads_the_rollout_history_only(calls: PureCalls, resource: str, verb: str, may: bool) -> None:
    reference = {"kind": "ClusterRole", "name": "edit", "apiGroup": "rbac.authorization.k8s.io"}
    calls("POST", BINDINGS, {"metadata": {"name": "b"}, "roleRef": reference, "subjects": [BOT]})
    user = User("system:serviceaccount:default:bot")
    assert allowed(calls.store, user, Attributes(verb, "apps", resource, namespace="default")) is may


def test_a_role_that_is_labelled_for_it_becomes_a_part_of_the_default_roles() -> None:
    clock = ManualClock()
    cluster = SimulatedCluster(clock, Randomness(1))
    bootstrap(cluster.store)
    cluster.start()
    before = {name: rules(cluster, name) for name in ("view", "edit", "admin")}
    more = {"apiGroups": ["example.com"], "resources": ["widgets"], "verbs": ["get"]}
    labels = {"rbac.authorization.k8s.io/aggregate-to-view": "true"}
    cluster.store.create(ROLES, {"metadata": {"name": "widgets", "labels": labels}, "rules": [more]})
    clock.advance(1)
    for name, known in before.items():
        assert more not in known and all(rule in rules(cluster, name) for rule in [*known, more])


def rules(cluster: SimulatedCluster, name: str) -> list[Object]:
    role = cluster.store.get(ROLES, None, name)
    assert role is not None
    return list(role["rules"])
