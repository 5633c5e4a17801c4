"""Validation of objects."""

import pytest

from chaosimagecorrupt.simulator.types import Object

from ..calls import MERGE, WEB, PureCalls, created
from .access import BINDINGS, ROLES, grant

pytestmark = pytest.mark.usefixtures("account")


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        (ROLES, {"rules": [{"apiGroups": [""], "resources": ["pods"]}]}, "rules[0].verbs"),
        (ROLES, {"rules": [{"verbs": ["get"], "resources": ["pods"]}]}, "rules[0].apiGroups"),
        (ROLES, {"rules": [{"verbs": ["get"], "apiGroups": [""]}]}, "rules[0].resources"),
        (BINDINGS, {"roleRef": {"kind": "Role"}}, "roleRef.name"),
        (BINDINGS, {"roleRef": {"kind": "Rule", "name": "x"}}, "roleRef.kind"),
        (BINDINGS, {"roleRef": {"kind": "Role", "name": "x"}, "subjects": [{"kind": "Cat", "name": "x"}]}, "kind"),
    ],
)
def test_roles_and_bindings_that_are_invalid(calls: PureCalls, path: str, body: Object, field: str) -> None:
    answer = calls("POST", path, {"metadata": {"name": "x"}, **body})
    assert (answer.status, answer.fields[0].endswith(field)) == (422, True)


def test_the_role_of_a_binding_is_final(calls: PureCalls) -> None:
    grant(calls, {"verbs": ["get"]})
    answer = calls("PATCH", f"{BINDINGS}/given", {"roleRef": {"name": "other"}}, MERGE)
    assert (answer.status, answer.fields) == (422, ["roleRef"])


@pytest.mark.parametrize("path", ["spec.selector"])
def test_what_cannot_be_changed(calls: PureCalls, path: str) -> None:
    created(calls)
    labels = {"app": "web", "more": "x"}
    change = {"spec": {"selector": {"matchLabels": labels}, "template": {"metadata": {"labels": labels}}}}
    answer = calls("PATCH", WEB, change, MERGE)
    assert (answer.fields, answer.message.endswith("field is immutable")) == ([path], True)


def test_only_the_service_account_of_a_role_binding_may_leave_out_its_namespace(calls: PureCalls) -> None:
    subjects = [{"kind": "ServiceAccount", "name": "web"}]
    binding = {"metadata": {"name": "x"}, "roleRef": {"kind": "ClusterRole", "name": "view"}, "subjects": subjects}
    everywhere = "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings"
    assert calls("POST", BINDINGS, binding).status == 201
    answer = calls("POST", everywhere, binding)
    assert (answer.status, "subjects[0].namespace: Required value" in answer.message) == (422, True)
