"""Creates the objects that a cluster starts with, through its API."""

from collections.abc import Iterable

from .api import Api, Request, Response, User
from .api.custom_resource_definitions import definition_for
from .api.request import encode
from .kinds import Resource
from .seed_objects import adopted, in_order_of_owners, is_remade, written_by_cluster
from .types import Object

__all__ = ["SEED_MANAGER", "SeedRefused", "seed"]

# The field manager that owns what is seeded
SEED_MANAGER = "installer"

_ADMIN = User("system:admin", ("system:masters",))


class SeedRefused(ValueError):
    """The API refuses a manifest."""


def seed(api: Api, manifests: Iterable[Object]) -> None:
    """Create objects, in their order; missing namespaces and kinds are created, too.

    A `status` in a manifest is stored too, through the status subresource where there is one. Objects that a
    cluster wrote (`kubectl get -o yaml`) are created as new ones: their owners first, without the status that a
    controller of the simulator computes, and without the Pods of workloads, which the simulator makes itself.

    Args:
        api: the API of an otherwise empty cluster.
        manifests: the objects.

    Raises:
        SeedRefused: the API refuses one of them.
    """
    uids: dict[str, str] = {}
    for manifest in in_order_of_owners(manifests):
        if not written_by_cluster(manifest):
            _create(api, manifest)
        elif not is_remade(manifest):
            created = _create(api, adopted(manifest, uids))
            uids[manifest["metadata"]["uid"]] = created["metadata"]["uid"]


def _create(api: Api, manifest: Object) -> Object:
    """Create an object and return it; what every cluster has stays as it is."""
    resource = _resource_of(api, manifest)
    metadata = manifest.get("metadata", {})
    name = metadata.get("name", "")
    namespace = metadata.get("namespace", "default") if resource.namespaced else ""
    if namespace and api.store.get("namespaces", None, namespace) is None:
        _create(api, {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": namespace}})
    present = api.store.get(resource.name, namespace or None, name)
    if present is not None and (resource.name == "namespaces" or _is_bootstrapped(present)):
        return present
    path = _path(resource, namespace)
    created = _send(api, "POST", path, manifest)
    if _has_status_to_store(manifest, resource):
        _send(api, "PATCH", f"{path}/{name}/status", {"status": manifest["status"]})
    return created


def _has_status_to_store(manifest: Object, resource: Resource) -> bool:
    return bool(manifest.get("status")) and "status" in resource.subresources


def _is_bootstrapped(obj: Object) -> bool:
    return "kubernetes.io/bootstrapping" in (obj["metadata"].get("labels") or {})


def _resource_of(api: Api, manifest: Object) -> Resource:
    """Return what a manifest describes; a kind that is not served yet gets a CustomResourceDefinition."""
    try:
        return api.store.kinds.of(manifest)
    except KeyError:
        version, kind = manifest.get("apiVersion", ""), manifest.get("kind")
        if "/" not in version or not kind:
            raise SeedRefused(f"not a Kubernetes object: apiVersion {version!r}") from None
        if any((each.group, each.kind) == (version.partition("/")[0], kind) for each in api.store.kinds):
            raise SeedRefused(f'no matches for kind "{kind}" in version "{version}"') from None
        _create(api, definition_for(manifest))
        return api.store.kinds.of(manifest)


def _path(resource: Resource, namespace: str) -> str:
    prefix = f"/apis/{resource.group}" if resource.group else "/api"
    within = f"/namespaces/{namespace}" if namespace else ""
    return f"{prefix}/{resource.version}{within}/{resource.plural}"


def _send(api: Api, method: str, path: str, body: Object) -> Object:
    headers = {"content-type": "application/merge-patch+json" if method == "PATCH" else "application/json"}
    query = {"fieldManager": SEED_MANAGER}
    answer = api.handle(Request(method, path, query, headers, encode(body), _ADMIN))
    assert isinstance(answer, Response)
    if answer.status >= 400:
        raise SeedRefused(f"{method} {path}: {answer.json()['message']}")
    return dict(answer.json())
