"""The API client of the controllers: it reads and writes whole objects, and refuses writes that conflict."""

from collections.abc import Callable

from ..store import AlreadyExists, Store
from ..types import Object
from .admission import admit_pod
from .errors import StatusError
from .graceful_deletion import delete_gracefully
from .quota_admission import charge_quotas, check_quotas

__all__ = ["Client"]


class Client:
    """Sends requests that take effect at once; work yields them to the clock, so that they take time.

    Args:
        store: the objects.
        now: returns seconds since 1970.
        manager: the field manager that owns what is written, such as `kube-controller-manager`; `None` for
            writing without owning anything.
    """

    def __init__(self, store: Store, now: Callable[[], float], manager: str | None) -> None:
        self.store = store
        self._now = now
        self._manager = manager

    def get(self, resource: str, namespace: str, name: str) -> Object:
        """Return an object as it is now.

        Args:
            resource: the resource's key.
            namespace: its namespace, empty for objects without a namespace.
            name: its name.

        Raises:
            StatusError: there is no such object.
        """
        found = self.store.get(resource, namespace or None, name)
        if found is None:
            raise StatusError("NotFound", f'{resource} "{name}" not found')
        return found

    def create(self, resource: str, obj: Object) -> Object:
        """Create an object and return it as stored.

        Args:
            resource: the resource's key.
            obj: the object; a Pod goes through admission.

        Raises:
            StatusError: it exists, is invalid, or its namespace or a quota forbids it.
        """
        if resource == "pods":
            obj = admit_pod(self.store, obj)
        used = check_quotas(self.store, resource, obj, self._now())
        try:
            created = self.store.create(resource, obj, manager=self._manager)
        except AlreadyExists as error:
            raise StatusError("AlreadyExists", str(error)) from error
        charge_quotas(self.store, created["metadata"].get("namespace", ""), used)
        return created

    def update(self, resource: str, obj: Object) -> Object:
        """Replace all of an object but its status, and return it as stored.

        Args:
            resource: the resource's key.
            obj: the object with the version that it was read at.

        Raises:
            StatusError: it is gone, or has changed since.
        """
        now = self._unchanged(resource, obj)
        new = {**obj, "status": now["status"]} if "status" in now else obj
        return self.store.update(resource, new, manager=self._manager)

    def update_status(self, resource: str, obj: Object) -> Object:
        """Replace the status of an object, and its annotations, and return it as stored.

        Args:
            resource: the resource's key.
            obj: the object with the version that it was read at.

        Raises:
            StatusError: it is gone, or has changed since.
        """
        now = self._unchanged(resource, obj)
        metadata: Object = dict(now["metadata"])
        if obj["metadata"].get("annotations"):
            metadata["annotations"] = obj["metadata"]["annotations"]
        new = {**now, "metadata": metadata, "status": obj["status"]}
        return self.store.update(resource, new, manager=self._manager, subresource="status")

    def patch(self, resource: str, namespace: str, name: str, change: Callable[[Object], Object]) -> Object:
        """Change an object as it is now, whatever its version, and return it as stored.

        Args:
            resource: the resource's key.
            namespace: its namespace, empty for objects without a namespace.
            name: its name.
            change: takes the object and returns the new one.

        Raises:
            StatusError: it is gone.
        """
        return self.store.update(resource, change(self.get(resource, namespace, name)), manager=self._manager)

    def patch_status(self, resource: str, namespace: str, name: str, change: Callable[[Object], Object]) -> Object:
        """Change the status of an object as it is now, whatever its version, and return it as stored.

        Args:
            resource: the resource's key.
            namespace: its namespace, empty for objects without a namespace.
            name: its name.
            change: takes the object and returns the new one.

        Raises:
            StatusError: it is gone.
        """
        new = change(self.get(resource, namespace, name))
        return self.store.update(resource, new, manager=self._manager, subresource="status")

    def delete(self, resource: str, namespace: str, name: str, grace: int | None = None) -> Object:
        """Delete an object, and return its last state; what it owns is left to the garbage collector.

        Args:
            resource: the resource's key.
            namespace: its namespace, empty for objects without a namespace.
            name: its name.
            grace: seconds that a Pod has to end; `None` for what its spec says.

        Raises:
            StatusError: there is no such object.
        """
        return delete_gracefully(self.store, self._now(), resource, self.get(resource, namespace, name), grace)

    def _unchanged(self, resource: str, obj: Object) -> Object:
        metadata = obj["metadata"]
        now = self.get(resource, metadata.get("namespace", ""), metadata["name"])
        if now["metadata"]["uid"] != metadata["uid"]:
            raise StatusError("Conflict", f'{resource} "{metadata["name"]}" is another object now')
        if now["metadata"]["resourceVersion"] != metadata["resourceVersion"]:
            message = "the object has been modified; please apply your changes to the latest version and try again"
            raise StatusError(
                "Conflict", f'Operation cannot be fulfilled on {resource} "{metadata["name"]}": {message}'
            )
        return now
