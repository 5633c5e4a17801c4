"""Objects that two API groups serve: Events are stored in the form of v1, and events.k8s.io/v1 shows them in its own.

As kubernetes/pkg/apis/events/v1/conversion.go; both forms are of the same stored object.
"""

from ..kinds import Resource
from ..types import Object

__all__ = ["EVENT_FIELDS", "as_served", "as_stored"]

# events.k8s.io/v1 -> v1
_MEMBERS = {
    "regarding": "involvedObject",
    "note": "message",
    "reportingController": "reportingComponent",
    "deprecatedSource": "source",
    "deprecatedFirstTimestamp": "firstTimestamp",
    "deprecatedLastTimestamp": "lastTimestamp",
    "deprecatedCount": "count",
}
_BACK = {stored: served for served, stored in _MEMBERS.items()}
_REFERENCE = ("kind", "namespace", "name", "uid", "apiVersion", "resourceVersion", "fieldPath")
# What Go's encoding never leaves out of a v1 Event
_ALWAYS: Object = {"involvedObject": {}, "source": {}, "firstTimestamp": None, "lastTimestamp": None}

# The fields that Events of events.k8s.io/v1 can be selected by, and what they are called in v1
EVENT_FIELDS = {
    **{f"regarding.{member}": f"involvedObject.{member}" for member in _REFERENCE},
    "reason": "reason",
    "reportingController": "reportingComponent",
    "source": "source",
    "type": "type",
}


def as_stored(resource: Resource, obj: Object) -> Object:
    """Return an object in the form in which it is stored; most objects are stored as they are served.

    Args:
        resource: what it is served as.
        obj: the object as it is served.
    """
    if not resource.stored_as:
        return obj
    return {**_ALWAYS, **{_MEMBERS.get(name, name): value for name, value in obj.items()}, "apiVersion": "v1"}


def as_served(resource: Resource, obj: Object) -> Object:
    """Return a stored object in the form in which a resource shows it.

    Args:
        resource: what it is served as.
        obj: the object as stored.
    """
    if not resource.stored_as:
        return obj
    return {**{_BACK.get(name, name): value for name, value in obj.items()}, "apiVersion": resource.api_version}
