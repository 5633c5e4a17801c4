"""The kinds of objects that are read and written, as URLs name them."""

from dataclasses import dataclass
from urllib.parse import quote

__all__ = ["DEPLOYMENTS", "NAMESPACES", "REPLICA_SETS", "Resource"]


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


NAMESPACES = Resource("", "v1", "namespaces", namespaced=False)


REPLICA_SETS = Resource("apps", "v1", "replicasets")


PODS = Resource("", "v1", "pods")
