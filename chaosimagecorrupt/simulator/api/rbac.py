"""Authorization: Roles, ClusterRoles and their bindings (kubernetes/plugin/pkg/auth/authorizer/rbac)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ..store import Store
from ..types import Object
from .request import User

__all__ = ["Attributes", "allowed", "rules_of"]

RBAC = "rbac.authorization.k8s.io"
SUPERUSERS = "system:masters"


@dataclass(frozen=True)
class Attributes:
    """What a user wants to do.

    Attributes:
        verb: the verb, such as `patch`.
        group: the resource's API group.
        resource: the resource's plural name.
        subresource: the subresource, empty for the object itself.
        namespace: the namespace, empty for the cluster.
        name: the object's name, empty for no object in particular.
        path: the path, for requests that are about no resource.
    """

    verb: str
    group: str = ""
    resource: str = ""
    subresource: str = ""
    namespace: str = ""
    name: str = ""
    path: str = ""

    @property
    def combined(self) -> str:
        """Return the resource as rules name it: `deployments/scale`."""
        return f"{self.resource}/{self.subresource}" if self.subresource else self.resource


def allowed(store: Store, user: User, attributes: Attributes) -> bool:
    """Return whether a user may do something.

    Args:
        store: the objects, roles and bindings among them.
        user: the user.
        attributes: what the user wants to do.
    """
    if SUPERUSERS in user.groups:
        return True
    return any(_covers(rule, attributes) for rule in rules_of(store, user, attributes.namespace))


def rules_of(store: Store, user: User, namespace: str) -> Iterator[Object]:
    """Yield the rules that hold for a user in a namespace.

    Args:
        store: the objects.
        user: the user.
        namespace: the namespace, empty for the cluster.
    """
    for binding in store.list(f"clusterrolebindings.{RBAC}"):
        if _binds(binding, user):
            yield from _rules(store, binding["roleRef"], None)
    if namespace:
        for binding in store.list(f"rolebindings.{RBAC}", namespace):
            if _binds(binding, user):
                yield from _rules(store, binding["roleRef"], namespace)


def _binds(binding: Object, user: User) -> bool:
    return any(_is(subject, user, binding) for subject in binding.get("subjects") or ())


def _is(subject: Object, user: User, binding: Object) -> bool:
    kind, name = subject["kind"], subject["name"]
    if kind == "Group":
        return name in user.groups
    if kind == "User":
        return bool(name == user.name)
    namespace = subject.get("namespace") or binding["metadata"].get("namespace", "")
    return user.name == f"system:serviceaccount:{namespace}:{name}"


def _rules(store: Store, reference: Object, namespace: str | None) -> list[Object]:
    if reference["kind"] == "Role":
        role = store.get(f"roles.{RBAC}", namespace, reference["name"])
    else:
        role = store.get(f"clusterroles.{RBAC}", None, reference["name"])
    return list((role or {}).get("rules") or ())


def _covers(rule: Object, attributes: Attributes) -> bool:
    if not _has(rule.get("verbs"), attributes.verb):
        return False
    if attributes.path:
        return any(_url_matches(url, attributes.path) for url in rule.get("nonResourceURLs") or ())
    names = rule.get("resourceNames")
    return (
        _has(rule.get("apiGroups"), attributes.group)
        and _has_resource(rule.get("resources"), attributes)
        and (not names or attributes.name in names)
    )


def _has(values: Any, value: str) -> bool:
    return "*" in (values or ()) or value in (values or ())


def _has_resource(resources: Any, attributes: Attributes) -> bool:
    if _has(resources, attributes.combined):
        return True
    return bool(attributes.subresource) and f"*/{attributes.subresource}" in (resources or ())


def _url_matches(url: str, path: str) -> bool:
    return url in ("*", path) or (url.endswith("*") and path.startswith(url[:-1]))
