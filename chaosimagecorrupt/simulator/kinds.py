"""The resources that the simulator serves: the built-in ones, and those of CustomResourceDefinitions."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from .types import Object

__all__ = ["BUILTIN", "Generation", "Kinds", "Resource", "resource_of_definition"]

# What moves `metadata.generation`: nothing (the kind has none), the spec, the spec or the annotations (Deployments:
# kubernetes/pkg/registry/apps/deployment/strategy.go, PrepareForUpdate), or whatever is neither metadata nor status
# (custom resources)
Generation = Literal["none", "spec", "spec+annotations", "all-but-status"]


@dataclass(frozen=True)
class Resource:
    """One resource of the API.

    Attributes:
        group: API group, empty for the core group.
        version: the one version that is served.
        kind: name of the kind, as in `kind:`.
        plural: name of the resource in paths.
        namespaced: whether its objects live in namespaces.
        short_names: abbreviations that kubectl takes.
        categories: groups of resources that kubectl takes, such as `all`.
        generation: what moves `metadata.generation`.
        subresources: names of the subresources, of `status` and `scale`.
        columns: additionalPrinterColumns of a custom resource.
        schema: openAPIV3Schema of a custom resource, `None` for built-in kinds.
        scale: JSON paths of a custom resource's scale subresource.
        stored_as: key of the resource whose objects these are, in another form; empty for objects of its own.
    """

    group: str
    version: str
    kind: str
    plural: str
    namespaced: bool = True
    short_names: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    generation: Generation = "none"
    subresources: tuple[str, ...] = ()
    columns: tuple[Object, ...] = field(default=(), hash=False)
    schema: Object | None = field(default=None, hash=False)
    scale: dict[str, str] | None = field(default=None, hash=False)
    stored_as: str = ""

    @property
    def name(self) -> str:
        """Return the resource's key: `pods`, `deployments.apps`."""
        return f"{self.plural}.{self.group}" if self.group else self.plural

    @property
    def storage(self) -> str:
        """Return the key under which the objects are stored."""
        return self.stored_as or self.name

    @property
    def api_version(self) -> str:
        """Return what objects carry as `apiVersion`: `v1`, `apps/v1`."""
        return f"{self.group}/{self.version}" if self.group else self.version

    @property
    def singular(self) -> str:
        """Return the singular name that kubectl takes."""
        return self.kind.lower()

    @property
    def custom(self) -> bool:
        """Return whether a CustomResourceDefinition made it."""
        return self.schema is not None


_STATUS = ("status",)
_SCALED = ("status", "scale")
_RBAC = "rbac.authorization.k8s.io"
_ADMISSION = "admissionregistration.k8s.io"
_ALL = ("all",)

# The built-in kinds, in the order of discovery
BUILTIN: tuple[Resource, ...] = (
    Resource("", "v1", "ConfigMap", "configmaps", short_names=("cm",)),
    Resource("", "v1", "Event", "events", short_names=("ev",)),
    Resource("", "v1", "LimitRange", "limitranges", short_names=("limits",)),
    Resource("", "v1", "Namespace", "namespaces", False, ("ns",), subresources=_STATUS),
    Resource("", "v1", "Node", "nodes", False, ("no",), subresources=_STATUS),
    Resource("", "v1", "PersistentVolumeClaim", "persistentvolumeclaims", short_names=("pvc",), subresources=_STATUS),
    Resource("", "v1", "Pod", "pods", True, ("po",), _ALL, "spec", _STATUS),
    Resource("", "v1", "ResourceQuota", "resourcequotas", short_names=("quota",), subresources=_STATUS),
    Resource("", "v1", "Secret", "secrets"),
    Resource("", "v1", "Service", "services", True, ("svc",), _ALL, subresources=_STATUS),
    Resource("", "v1", "ServiceAccount", "serviceaccounts", short_names=("sa",)),
    Resource("apps", "v1", "ControllerRevision", "controllerrevisions"),
    Resource("apps", "v1", "DaemonSet", "daemonsets", True, ("ds",), _ALL, "spec", _STATUS),
    Resource("apps", "v1", "Deployment", "deployments", True, ("deploy",), _ALL, "spec+annotations", _SCALED),
    Resource("apps", "v1", "ReplicaSet", "replicasets", True, ("rs",), _ALL, "spec", _SCALED),
    Resource("apps", "v1", "StatefulSet", "statefulsets", True, ("sts",), _ALL, "spec", _SCALED),
    Resource("events.k8s.io", "v1", "Event", "events", short_names=("ev",), stored_as="events"),
    Resource(
        "autoscaling",
        "v2",
        "HorizontalPodAutoscaler",
        "horizontalpodautoscalers",
        True,
        ("hpa",),
        _ALL,
        subresources=_STATUS,
    ),
    Resource("batch", "v1", "CronJob", "cronjobs", True, ("cj",), _ALL, "spec", _STATUS),
    Resource("batch", "v1", "Job", "jobs", True, (), _ALL, "spec", _STATUS),
    Resource("networking.k8s.io", "v1", "NetworkPolicy", "networkpolicies", True, ("netpol",), generation="spec"),
    Resource(
        "policy",
        "v1",
        "PodDisruptionBudget",
        "poddisruptionbudgets",
        True,
        ("pdb",),
        generation="spec",
        subresources=_STATUS,
    ),
    Resource(
        _ADMISSION,
        "v1",
        "MutatingWebhookConfiguration",
        "mutatingwebhookconfigurations",
        False,
        generation="all-but-status",
    ),
    Resource(
        _ADMISSION,
        "v1",
        "ValidatingWebhookConfiguration",
        "validatingwebhookconfigurations",
        False,
        generation="all-but-status",
    ),
    Resource(
        "apiextensions.k8s.io",
        "v1",
        "CustomResourceDefinition",
        "customresourcedefinitions",
        False,
        ("crd", "crds"),
        generation="spec",
        subresources=_STATUS,
    ),
    Resource("coordination.k8s.io", "v1", "Lease", "leases"),
    Resource("node.k8s.io", "v1", "RuntimeClass", "runtimeclasses", False),
    Resource(_RBAC, "v1", "ClusterRole", "clusterroles", False),
    Resource(_RBAC, "v1", "ClusterRoleBinding", "clusterrolebindings", False),
    Resource(_RBAC, "v1", "Role", "roles"),
    Resource(_RBAC, "v1", "RoleBinding", "rolebindings"),
    Resource("scheduling.k8s.io", "v1", "PriorityClass", "priorityclasses", False, ("pc",)),
)


def resource_of_definition(definition: Object) -> Resource | None:
    """Return the resource of a CustomResourceDefinition, `None` if no version is served.

    One version is served: the one that is stored, or else the first one.

    Args:
        definition: the CustomResourceDefinition.
    """
    spec = definition["spec"]
    served = [version for version in spec["versions"] if version.get("served", True)]
    if not served:
        return None
    names, version = spec["names"], max(served, key=lambda each: bool(each.get("storage")))
    subresources = version.get("subresources") or {}
    return Resource(
        spec["group"], version["name"], names["kind"], names["plural"], spec.get("scope") != "Cluster",
        tuple(names.get("shortNames", ())), tuple(names.get("categories", ())), "all-but-status",
        tuple(name for name in _SCALED if name in subresources),
        tuple(version.get("additionalPrinterColumns", ())),
        (version.get("schema") or {}).get("openAPIV3Schema") or {"type": "object"},
        subresources.get("scale"),
    )  # fmt: skip


class Kinds:
    """The resources that are served at the moment."""

    def __init__(self) -> None:
        self._by_name = {resource.name: resource for resource in BUILTIN}

    def __iter__(self) -> Iterator[Resource]:
        """Iterate over the resources in the order in which they were added."""
        return iter(list(self._by_name.values()))

    def add(self, resource: Resource) -> None:
        """Serve a resource, or replace what was served under its name.

        Args:
            resource: the resource.
        """
        self._by_name[resource.name] = resource

    def remove(self, name: str) -> None:
        """Serve a resource no longer; nothing happens when it was not served.

        Args:
            name: the resource's key, such as `widgets.example.com`.
        """
        self._by_name.pop(name, None)

    def named(self, name: str) -> Resource:
        """Return the resource of a key.

        Args:
            name: the key, such as `deployments.apps`.

        Raises:
            KeyError: it is not served.
        """
        return self._by_name[name]

    def find(self, group: str, version: str, plural: str) -> Resource | None:
        """Return the resource at a place in the API, or `None`.

        Args:
            group: API group, empty for the core group.
            version: version.
            plural: name of the resource in paths.
        """
        resource = self._by_name.get(f"{plural}.{group}" if group else plural)
        return resource if resource and resource.version == version else None

    def of(self, obj: Object) -> Resource:
        """Return the resource that an object's `apiVersion` and `kind` belong to.

        Args:
            obj: the object.

        Raises:
            KeyError: no such kind is served.
        """
        for resource in self._by_name.values():
            if (resource.api_version, resource.kind) == (obj.get("apiVersion"), obj.get("kind")):
                return resource
        raise KeyError(f"no kind {obj.get('kind')!r} in {obj.get('apiVersion')!r}")
