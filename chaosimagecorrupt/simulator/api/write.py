"""Create and replace, with what the API server sets, keeps and refuses (k8s.io/apiserver: rest, store)."""

import copy

from ..controllers.admission import admit_pod
from ..controllers.errors import StatusError
from ..controllers.pod_resources import Amounts
from ..controllers.quota_admission import charge_quotas, check_quotas
from ..kinds import Resource
from ..managed_fields import track
from ..store import AlreadyExists, Store
from ..types import Object
from .conversion import as_stored
from .defaults import default
from .errors import (
    ApiError,
    already_exists,
    bad_request,
    invalid,
    not_found,
)
from .preconditions import check_identity, check_simulated, check_version
from .request import Request
from .routing import Target
from .structural_schema import default_custom
from .template_generation import number_template
from .validation import invalid_change, invalid_object

__all__ = ["Writer"]

# Metadata that clients cannot set
_SERVER_SET = (
    "uid",
    "creationTimestamp",
    "generation",
    "deletionTimestamp",
    "deletionGracePeriodSeconds",
    "selfLink",
)

# Metadata that a write through `status` may change in addition to `managedFields` and `finalizers`
_STATUS_KEEPS = {
    "daemonsets.apps": ("annotations", "labels"),
    "deployments.apps": ("annotations",),
    "replicasets.apps": ("annotations",),
    "statefulsets.apps": ("annotations", "labels"),
}


class Writer:
    """Stores what clients send.

    Args:
        store: the objects.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def current(self, target: Target) -> Object:
        """Return the object that a request is about.

        Args:
            target: what the request is about.

        Raises:
            ApiError: 404 when there is no such object.
        """
        obj = self._store.get(target.resource.storage, target.namespace, target.name)
        if obj is None:
            raise not_found(self._store.kinds.named(target.resource.storage), target.name)
        return obj

    def create(self, request: Request, target: Target, obj: Object, manager: str | None) -> Object:
        """Store a new object and return it.

        Args:
            request: the request.
            target: what it is about.
            obj: the object in the shape of its schema.
            manager: the field manager that owns its fields, `None` when `managedFields` are set already.

        Raises:
            ApiError: 400, 403, 404, 409 or 422.
        """
        resource = target.resource
        check_simulated(resource, obj)
        new = self._prepared(target, obj, keep_managed=manager is None)
        self._check_namespace(target)
        self._fill(resource, new, None)
        if resource.name == "pods":
            new = self._admitted(new)
        if resource.name == "services":
            self._give_address(new["spec"])
        causes = invalid_object(resource, new)
        name = new["metadata"].get("name") or new["metadata"].get("generateName", "")
        kind = self._store.kinds.named(resource.storage)
        if causes:
            raise invalid(kind, name, causes)
        used = self._checked_quotas(resource, new)
        if resource.stored_as and manager is not None:  # the fields are owned under the names that the client knows
            owned = track(resource, None, new, manager, None, self._store.time())
            new, manager = as_stored(resource, {**new, "metadata": {**new["metadata"], "managedFields": owned}}), None
        try:
            stored = self._store.create(kind.name, new, manager=manager, dry_run=request.dry_run)
        except AlreadyExists as error:
            raise already_exists(kind, name) from error
        if not request.dry_run:
            charge_quotas(self._store, target.namespace, used)
        return stored

    def _prepared(self, target: Target, obj: Object, keep_managed: bool) -> Object:
        new = copy.deepcopy(obj)
        metadata = new.setdefault("metadata", {})
        check_identity(target, new)
        if metadata.pop("resourceVersion", ""):
            raise bad_request("resourceVersion should not be set on objects to be created")
        for member in _SERVER_SET if keep_managed else (*_SERVER_SET, "managedFields"):
            metadata.pop(member, None)
        if target.resource.namespaced:
            metadata["namespace"] = target.namespace
        if "status" in target.resource.subresources:
            new.pop("status", None)
        return {"kind": target.resource.kind, "apiVersion": target.resource.api_version, **new}

    def _check_namespace(self, target: Target) -> None:
        """Refuse new objects where no namespace is, or one that is going (admission plugin NamespaceLifecycle)."""
        if not target.resource.namespaced:
            return
        namespaces = self._store.kinds.named("namespaces")
        namespace = self._store.get("namespaces", None, target.namespace)
        if namespace is None:
            raise not_found(namespaces, target.namespace)
        if namespace["metadata"].get("deletionTimestamp"):
            details = {
                "group": target.resource.group,
                "kind": target.resource.plural,
                "causes": [
                    {
                        "reason": "NamespaceTerminating",
                        "message": f"namespace {target.namespace} is being terminated",
                        "field": "metadata.namespace",
                    }
                ],
            }
            why = f"unable to create new content in namespace {target.namespace} because it is being terminated"
            raise ApiError.of("Forbidden", f"{target.resource.name} is forbidden: {why}", details)

    def _fill(self, resource: Resource, obj: Object, before: Object | None) -> None:
        if resource.custom:
            default_custom(obj, resource.schema or {})
        else:
            default(resource.name, obj)
        if resource.name == "daemonsets.apps":
            number_template(obj, before)

    def _give_address(self, spec: Object) -> None:
        """Give a Service the first free address of 10.96.0.0/16 (service-cluster-ip-range)."""
        if spec["type"] == "ExternalName" or spec.get("clusterIP"):
            return
        used = {service["spec"].get("clusterIP") for service in self._store.list("services")}
        free = (f"10.96.{high}.{low}" for high in range(256) for low in range(1, 255))
        spec["clusterIP"] = next(address for address in free if address not in used)
        spec["clusterIPs"] = [spec["clusterIP"]]

    def _admitted(self, pod: Object) -> Object:
        """Let a pod through admission; an invalid image is left to validation, which says more about it."""
        if invalid_object(self._store.kinds.named("pods"), pod):
            return pod
        named = {**pod, "metadata": {"name": pod["metadata"].get("generateName", ""), **pod["metadata"]}}
        try:
            admitted = admit_pod(self._store, named)
        except StatusError as refusal:
            raise _refused(self._store.kinds.named("pods"), named, refusal) from refusal
        annotations = admitted["metadata"].get("annotations")
        metadata = {**pod["metadata"], **({"annotations": annotations} if annotations else {})}
        return {**admitted, "metadata": metadata}

    def _checked_quotas(self, resource: Resource, obj: Object) -> dict[str, Amounts]:
        try:
            return check_quotas(self._store, resource.name, obj, self._store.now())
        except StatusError as refusal:
            raise _refused(resource, obj, refusal) from refusal

    def replace(self, request: Request, target: Target, current: Object, obj: Object, manager: str | None) -> Object:
        """Store a new state of an object and return it.

        Args:
            request: the request.
            target: what it is about.
            current: the object as stored.
            obj: the new state in the shape of its schema.
            manager: the field manager that owns what changes, `None` when `managedFields` are set already.

        Raises:
            ApiError: 400, 409 or 422.
        """
        resource = target.resource
        check_identity(target, obj)
        check_version(request, target, current, obj)
        check_simulated(resource, obj)
        new = self._merged(target, current, obj)
        if target.subresource != "status":
            self._fill(resource, new, current)
        causes = invalid_change(resource, current, new)
        if causes:
            raise invalid(resource, target.name, causes)
        through = target.subresource or None
        return self._store.update(resource.name, new, manager=manager, subresource=through, dry_run=request.dry_run)

    def _merged(self, target: Target, current: Object, obj: Object) -> Object:
        """Return the new state with everything that this write cannot touch as it was."""
        resource = target.resource
        new = copy.deepcopy(obj)
        if target.subresource == "status":
            new = _with_status(resource, current, new)
        elif "status" in resource.subresources:
            new.pop("status", None)
            if "status" in current:
                new["status"] = current["status"]
        metadata = _merged_metadata(resource, current["metadata"], new["metadata"])
        return {**new, "metadata": metadata, "kind": resource.kind, "apiVersion": resource.api_version}


def _refused(resource: Resource, obj: Object, refusal: StatusError) -> ApiError:
    """Return the answer to an object that admission does not let through."""
    details = {"name": obj["metadata"].get("name") or obj["metadata"].get("generateName", ""), "kind": resource.plural}
    if resource.group:
        details["group"] = resource.group
    if refusal.reason == "Invalid":
        return ApiError.of("Invalid", str(refusal), {**details, "kind": resource.kind})
    return ApiError.of("Forbidden", str(refusal), details)


def _with_status(resource: Resource, current: Object, new: Object) -> Object:
    """Return the stored object with what a write through `status` may change."""
    kept = {name: value for name, value in current.items() if name != "status"}
    may = {name: new["metadata"].get(name) for name in _STATUS_KEEPS.get(resource.name, ())}
    metadata = {**current["metadata"], **may, "managedFields": new["metadata"].get("managedFields")}
    return {**kept, "metadata": metadata, **({"status": new["status"]} if "status" in new else {})}


def _merged_metadata(resource: Resource, known: Object, new: Object) -> Object:
    """Return new metadata, with the members that clients cannot set as they were; empty members are left out."""
    metadata = dict(new)
    for member in (*_SERVER_SET, "generateName"):
        metadata.pop(member, None)
        if member in known:
            metadata[member] = known[member]
    metadata["name"] = known["name"]
    if resource.namespaced:
        metadata["namespace"] = known["namespace"]
    if not metadata.get("managedFields"):
        metadata["managedFields"] = known.get("managedFields") or []
    return {name: value for name, value in metadata.items() if value not in (None, [], {})}
