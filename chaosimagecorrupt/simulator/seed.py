"""Creates the objects that a cluster starts with, through its API."""

from collections.abc import Iterable

from .api import Api, Request, Response, User
from .api.custom_resource_definitions import definition_for
from .api.request import encode
from .kinds import Resource
from .types import Json

__all__ = ["SEED_MANAGER", "SeedRefused", "seed"]

# The field manager that owns what is seeded
SEED_MANAGER = "installer"

_ADMIN = User("system:admin", ("system:masters",))


class SeedRefused(ValueError):
    """The API refuses a manifest."""


def seed(api: Api, manifests: Iterable[Json]) -> None:
    """Create objects, in their order; missing namespaces and kinds are created, too.

    A `status` in a manifest is stored too, through the status subresource where there is one.

    Args:
        api: the API of an otherwise empty cluster.
        manifests: the objects.

    Raises:
        SeedRefused: the API refuses one of them.
    """
    for manifest in manifests:
        _create(api, manifest)


def _create(api: Api, manifest: Json) -> None:
    resource = _resource_of(api, manifest)
    metadata = manifest.get("metadata", {})
    name = metadata.get("name", "")
    namespace = metadata.get("namespace", "default") if resource.namespaced else ""
    if namespace and api.store.get("namespaces", None, namespace) is None:
        _create(api, {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": namespace}})
    if resource.name == "namespaces" and api.store.get(resource.name, None, name) is not None:
        return
    path = _path(resource, namespace)
    _send(api, "POST", path, manifest)
    if manifest.get("status") and "status" in resource.subresources:
        _send(api, "PATCH", f"{path}/{name}/status", {"status": manifest["status"]})


def _resource_of(api: Api, manifest: Json) -> Resource:
    """Return what a manifest describes; a kind that is not served yet gets a CustomResourceDefinition."""
    try:
        return api.store.kinds.of(manifest)
    except KeyError:
        if "/" not in manifest.get("apiVersion", "") or not manifest.get("kind"):
            raise SeedRefused(f"not a Kubernetes object: apiVersion {manifest.get('apiVersion')!r}") from None
        _create(api, definition_for(manifest))
        return api.store.kinds.of(manifest)


def _path(resource: Resource, namespace: str) -> str:
    prefix = f"/apis/{resource.group}" if resource.group else "/api"
    within = f"/namespaces/{namespace}" if namespace else ""
    return f"{prefix}/{resource.version}{within}/{resource.plural}"


def _send(api: Api, method: str, path: str, body: Json) -> None:
    headers = {"content-type": "application/merge-patch+json" if method == "PATCH" else "application/json"}
    query = {"fieldManager": SEED_MANAGER}
    answer = api.handle(Request(method, path, query, headers, encode(body), _ADMIN))
    assert isinstance(answer, Response)
    if answer.status >= 400:
        raise SeedRefused(f"{method} {path}: {answer.json()['message']}")
