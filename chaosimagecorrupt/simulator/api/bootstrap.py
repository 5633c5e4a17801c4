"""What every cluster starts with: namespaces, default ClusterRoles and their bindings."""

from collections.abc import Iterator

from ..store import Store
from ..types import Object

__all__ = ["bootstrap"]

RBAC = "rbac.authorization.k8s.io"

_READ = ["get", "list", "watch"]
_WRITE = ["create", "delete", "deletecollection", "patch", "update"]
_SCALED = [name for kind in ("deployments", "replicasets", "statefulsets") for name in (kind, f"{kind}/scale")]
_WORKLOADS = ["daemonsets", *_SCALED]
_CORE = ["configmaps", "persistentvolumeclaims", "pods", "services", "serviceaccounts"]
_HISTORY: Object = {"apiGroups": ["apps"], "resources": ["controllerrevisions"], "verbs": _READ}
_OTHERS: list[Object] = [
    {"apiGroups": ["apps"], "resources": _WORKLOADS},
    {"apiGroups": ["autoscaling"], "resources": ["horizontalpodautoscalers"]},
    {"apiGroups": ["batch"], "resources": ["cronjobs", "jobs"]},
    {"apiGroups": ["networking.k8s.io"], "resources": ["networkpolicies"]},
    {"apiGroups": ["policy"], "resources": ["poddisruptionbudgets"]},
]

# Default ClusterRoles (kubernetes/plugin/pkg/auth/authorizer/rbac/bootstrappolicy), as far as they are about resources
# that are simulated
_ROLES: dict[str, list[Object]] = {
    "cluster-admin": [
        {"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]},
        {"nonResourceURLs": ["*"], "verbs": ["*"]},
    ],
    "admin": [
        {"apiGroups": [""], "resources": [*_CORE, "secrets"], "verbs": [*_READ, *_WRITE]},
        *({**rule, "verbs": [*_READ, *_WRITE]} for rule in _OTHERS),
        _HISTORY,
        {"apiGroups": [""], "resources": ["events", "namespaces"], "verbs": _READ},
        {"apiGroups": [RBAC], "resources": ["roles", "rolebindings"], "verbs": [*_READ, *_WRITE]},
    ],
    "edit": [
        {"apiGroups": [""], "resources": [*_CORE, "secrets"], "verbs": [*_READ, *_WRITE]},
        *({**rule, "verbs": [*_READ, *_WRITE]} for rule in _OTHERS),
        _HISTORY,
        {"apiGroups": [""], "resources": ["events", "namespaces"], "verbs": _READ},
    ],
    "view": [
        {"apiGroups": [""], "resources": [*_CORE, "events", "namespaces"], "verbs": _READ},
        *({**rule, "verbs": _READ} for rule in _OTHERS),
        _HISTORY,
    ],
    "system:basic-user": [
        {
            "apiGroups": ["authorization.k8s.io"],
            "resources": ["selfsubjectaccessreviews", "selfsubjectrulesreviews"],
            "verbs": ["create"],
        },
        {"apiGroups": ["authentication.k8s.io"], "resources": ["selfsubjectreviews"], "verbs": ["create"]},
    ],
    "system:discovery": [
        {
            "nonResourceURLs": ["/api", "/api/*", "/apis", "/apis/*", "/healthz", "/livez", "/openapi", "/openapi/*",
                                "/readyz", "/version", "/version/"],
            "verbs": ["get"],
        }
    ],
    "system:public-info-viewer": [
        {"nonResourceURLs": ["/healthz", "/livez", "/readyz", "/version", "/version/"], "verbs": ["get"]}
    ],
}  # fmt: skip

# The ClusterRoles that consist of others, each with the one that it is a part of
_AGGREGATED = {"admin": "", "edit": "admin", "view": "edit"}

_BINDINGS = {
    "cluster-admin": ("system:masters",),
    "system:basic-user": ("system:authenticated",),
    "system:discovery": ("system:authenticated",),
    "system:public-info-viewer": ("system:authenticated", "system:unauthenticated"),
}


def bootstrap(store: Store) -> None:
    """Create the namespaces and default roles that do not exist yet.

    Args:
        store: the objects.
    """
    for name in ("default", "kube-node-lease", "kube-public", "kube-system"):
        labels = {"kubernetes.io/metadata.name": name}
        namespace = {
            "metadata": {"name": name, "labels": labels},
            "spec": {"finalizers": ["kubernetes"]},
            "status": {"phase": "Active"},
        }
        _create(store, "namespaces", namespace)
    labels = {"kubernetes.io/bootstrapping": "rbac-defaults"}
    for role in _roles(labels):
        _create(store, f"clusterroles.{RBAC}", role)
    for name, groups in _BINDINGS.items():
        subjects = [{"kind": "Group", "apiGroup": RBAC, "name": group} for group in groups]
        reference = {"apiGroup": RBAC, "kind": "ClusterRole", "name": name}
        binding = {"metadata": {"name": name, "labels": labels}, "subjects": subjects, "roleRef": reference}
        _create(store, f"clusterrolebindings.{RBAC}", binding)


def _roles(labels: Object) -> Iterator[Object]:
    """Yield the ClusterRoles; those of users consist of all that are labelled to be a part of them."""
    for name, rules in _ROLES.items():
        if name not in _AGGREGATED:
            yield {"metadata": {"name": name, "labels": labels}, "rules": rules}
            continue
        part = {f"{RBAC}/aggregate-to-{name}": "true"}
        greater = _AGGREGATED[name]
        own = {**labels, **({f"{RBAC}/aggregate-to-{greater}": "true"} if greater else {})}
        selectors = {"clusterRoleSelectors": [{"matchLabels": part}]}
        yield {"metadata": {"name": name, "labels": own}, "aggregationRule": selectors, "rules": rules}
        yield {"metadata": {"name": f"system:aggregate-to-{name}", "labels": {**labels, **part}}, "rules": rules}


def _create(store: Store, resource: str, obj: Object) -> None:
    if store.get(resource, None, obj["metadata"]["name"]) is None:
        store.create(resource, obj, manager="kube-apiserver")
