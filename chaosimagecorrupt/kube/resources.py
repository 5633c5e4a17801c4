"""The kinds of objects that are read and written, as URLs name them."""

from dataclasses import dataclass
from urllib.parse import quote

__all__ = [
    "AUTOSCALERS",
    "BUDGETS",
    "CONTROLLER_REVISIONS",
    "DAEMON_SETS",
    "DEPLOYMENTS",
    "EVENTS",
    "EVENTS_K8S_IO",
    "LIMIT_RANGES",
    "MUTATING_WEBHOOKS",
    "NAMESPACES",
    "PODS",
    "PRIORITY_CLASSES",
    "QUOTAS",
    "REPLICA_SETS",
    "REVIEWS",
    "RUNTIME_CLASSES",
    "SCALED_OBJECTS",
    "SERVICES",
    "STATEFUL_SETS",
    "VALIDATING_WEBHOOKS",
    "Resource",
]


@dataclass(frozen=True)
class Resource:
    """A kind of object, as URLs name it.

    Attributes:
        group: the API group, empty for the core.
        version: its version.
        plural: the name in the URL.
        namespaced: whether objects live in a namespace.
    """

    group: str
    version: str
    plural: str
    namespaced: bool = True

    @property
    def full_name(self) -> str:
        """The name with its group, as roles and `kubectl` know it: `deployments.apps`."""
        return f"{self.plural}.{self.group}" if self.group else self.plural

    def path(self, namespace: str | None = None, name: str | None = None) -> str:
        """Return the URL's path.

        Args:
            namespace: None for all namespaces, or for objects without one.
            name: None for the collection.
        """
        parts = ["apis", self.group, self.version] if self.group else ["api", self.version]
        if self.namespaced and namespace is not None:
            parts += ["namespaces", namespace]
        parts += [self.plural] if name is None else [self.plural, name]
        return "/" + "/".join(quote(p, safe="") for p in parts)


DEPLOYMENTS = Resource("apps", "v1", "deployments")
REPLICA_SETS = Resource("apps", "v1", "replicasets")
STATEFUL_SETS = Resource("apps", "v1", "statefulsets")
DAEMON_SETS = Resource("apps", "v1", "daemonsets")
CONTROLLER_REVISIONS = Resource("apps", "v1", "controllerrevisions")
PODS = Resource("", "v1", "pods")
EVENTS = Resource("", "v1", "events")
# the same objects, in the form that new ones are to have
EVENTS_K8S_IO = Resource("events.k8s.io", "v1", "events")
NAMESPACES = Resource("", "v1", "namespaces", namespaced=False)
SERVICES = Resource("", "v1", "services")
QUOTAS = Resource("", "v1", "resourcequotas")
LIMIT_RANGES = Resource("", "v1", "limitranges")
RUNTIME_CLASSES = Resource("node.k8s.io", "v1", "runtimeclasses", namespaced=False)
PRIORITY_CLASSES = Resource("scheduling.k8s.io", "v1", "priorityclasses", namespaced=False)
BUDGETS = Resource("policy", "v1", "poddisruptionbudgets")
AUTOSCALERS = Resource("autoscaling", "v2", "horizontalpodautoscalers")
SCALED_OBJECTS = Resource("keda.sh", "v1alpha1", "scaledobjects")
REVIEWS = Resource("authorization.k8s.io", "v1", "selfsubjectaccessreviews", namespaced=False)
VALIDATING_WEBHOOKS = Resource(
    "admissionregistration.k8s.io", "v1", "validatingwebhookconfigurations", namespaced=False
)
MUTATING_WEBHOOKS = Resource("admissionregistration.k8s.io", "v1", "mutatingwebhookconfigurations", namespaced=False)
