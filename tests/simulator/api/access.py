"""Roles and their bindings, for a service account."""

from chaosimagecorrupt.simulator.types import Object

from ..calls import PureCalls

RBAC = "/apis/rbac.authorization.k8s.io/v1"
ROLES = f"{RBAC}/namespaces/default/roles"
BINDINGS = f"{RBAC}/namespaces/default/rolebindings"
ACCOUNTS = "/api/v1/namespaces/default/serviceaccounts"
BOT = {"kind": "ServiceAccount", "name": "bot", "namespace": "default"}


def grant(calls: PureCalls, rule: Object, subject: Object = BOT, cluster: bool = False) -> None:
    kind = "ClusterRole" if cluster else "Role"
    prefix = f"{RBAC}/cluster" if cluster else f"{RBAC}/namespaces/default/"
    full = {"apiGroups": ["apps"], "resources": ["deployments"], **rule}
    role = {"metadata": {"name": "given"}, "rules": [full]}
    assert calls("POST", f"{prefix}roles", role).status == 201
    reference = {"kind": kind, "name": "given", "apiGroup": "rbac.authorization.k8s.io"}
    binding = {"metadata": {"name": "given"}, "roleRef": reference, "subjects": [subject]}
    assert calls("POST", f"{prefix}rolebindings", binding).status == 201
