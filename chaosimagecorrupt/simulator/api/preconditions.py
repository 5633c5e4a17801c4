"""What has to hold before a write: the object is the one of the path, its version is current, it is simulated."""

from ..kinds import Resource
from ..types import Object
from .errors import bad_request, conflict, invalid, invalid_value, not_simulated
from .request import Request
from .routing import Target

__all__ = ["check_identity", "check_simulated", "check_version"]


def check_version(request: Request, target: Target, current: Object, obj: Object) -> None:
    """Refuse a write to another object, or one based on an old version.

    Args:
        request: the request.
        target: what it is about.
        current: the object as stored.
        obj: the object that is to replace it.

    Raises:
        ApiError: 409 or 422.
    """
    given, known = obj["metadata"], current["metadata"]
    if request.method == "PUT" and given.get("uid") not in (None, known["uid"]):
        why = f"Precondition failed: UID in precondition: {given['uid']}, UID in object meta: {known['uid']}"
        raise conflict(target.resource, target.name, why)
    if given.get("uid") not in (None, known["uid"]):
        cause = invalid_value("metadata.uid", given["uid"], "field is immutable")
        raise invalid(target.resource, target.name, [cause])
    version = given.get("resourceVersion")
    if version and version != known["resourceVersion"]:
        raise conflict(target.resource, target.name)
    if not version and request.method == "PUT" and target.resource.custom:
        cause = invalid_value("metadata.resourceVersion", 0, "must be specified for an update")
        raise invalid(target.resource, target.name, [cause])


def check_simulated(resource: Resource, obj: Object) -> None:
    """Refuse objects that would need what is not simulated.

    Args:
        resource: what the object is.
        obj: the object.

    Raises:
        ApiError: 501.
    """
    conversion = obj.get("spec", {}).get("conversion") or {}
    if resource.kind == "CustomResourceDefinition" and conversion.get("strategy", "None") != "None":
        raise not_simulated("the conversion of custom resources by webhook")
    retention = obj.get("spec", {}).get("persistentVolumeClaimRetentionPolicy") or {}
    if resource.name == "statefulsets.apps" and any(policy != "Retain" for policy in retention.values()):
        raise not_simulated("a persistentVolumeClaimRetentionPolicy other than Retain")


def check_identity(target: Target, obj: Object) -> None:
    """Refuse an object whose kind, name or namespace differs from the path's.

    Args:
        target: what the path names.
        obj: the object.

    Raises:
        ApiError: 400.
    """
    resource, metadata = target.resource, obj["metadata"]
    given = (obj.get("apiVersion"), obj.get("kind"))
    expected = (resource.api_version, resource.kind)
    if given[0] not in (None, expected[0]) or given[1] not in (None, expected[1]):
        found, right = (f"{version}, Kind={kind}" for version, kind in (given, expected))
        raise bad_request(f"the object provided is unrecognized (must be of type {right}): it is {found}")
    if target.name and metadata.get("name") not in (None, target.name):
        name = metadata["name"]
        raise bad_request(f"the name of the object ({name}) does not match the name on the URL ({target.name})")
    if target.namespace and metadata.get("namespace") not in (None, "", target.namespace):
        raise bad_request("the namespace of the provided object does not match the namespace sent on the request")
