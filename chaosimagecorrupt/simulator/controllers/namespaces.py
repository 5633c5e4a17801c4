"""The service account of a new namespace, and the end of a terminating one.

Source: kubernetes/pkg/controller/serviceaccount and kubernetes/pkg/controller/namespace.
"""

from functools import partial

from ..types import Object
from ..watch_cache import Change
from .errors import StatusError
from .store_controller import StoreController
from .workqueue import Key, Work

__all__ = ["NamespaceController"]


class NamespaceController(StoreController):
    """Gives each namespace its service account `default`, and empties those that are being deleted."""

    workers = 10

    def _changed(self, change: Change) -> None:
        metadata = change.object["metadata"]
        if change.resource == "namespaces":
            self._add(("", metadata["name"]))
        elif change.type == "DELETED" and self._concerned(change.resource, metadata.get("namespace")):
            self._add(("", metadata["namespace"]))

    def _concerned(self, resource: str, name: str | None) -> bool:
        """Return whether a namespace has to be synced when an object in it is gone."""
        namespace = self._store.get("namespaces", None, name) if name else None
        ends = bool(namespace and namespace["metadata"].get("deletionTimestamp"))
        return namespace is not None and (ends or resource == "serviceaccounts")

    def _sync(self, key: Key) -> Work:
        name = key[1]
        namespace = self._store.get("namespaces", None, name)
        if namespace is None:
            return
        if namespace["metadata"].get("deletionTimestamp"):
            yield from self._empty(name)
        elif self._store.get("serviceaccounts", name, "default") is None:
            account = {"metadata": {"name": "default", "namespace": name}}
            yield partial(self._client.create, "serviceaccounts", account)

    def _empty(self, name: str) -> Work:
        """Delete what is in a namespace, and the namespace once there is nothing left."""
        content = list(self._content(name))
        requests = [
            partial(self._delete, resource, name, obj["metadata"]["name"])
            for resource, obj in content
            if "deletionTimestamp" not in obj["metadata"]
        ]
        if requests:
            yield requests
        if not any(True for _ in self._content(name)):
            yield partial(self._finalize, name)

    def _content(self, name: str) -> list[tuple[str, Object]]:
        store = self._store
        kinds = [kind.name for kind in store.kinds if kind.namespaced]
        # events go last, so that those about what is deleted go too
        kinds.sort(key=lambda kind: kind == "events")
        return [(kind, obj) for kind in kinds for obj in store.list(kind, name)]

    def _delete(self, resource: str, namespace: str, name: str) -> None:
        try:
            self._client.delete(resource, namespace, name)
        except StatusError as error:
            if error.reason != "NotFound":
                raise

    def _finalize(self, name: str) -> None:
        if self._store.get("namespaces", None, name) is not None:
            self._store.delete("namespaces", None, name)
