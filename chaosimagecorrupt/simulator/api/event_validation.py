"""Validation of Events (kubernetes/pkg/apis/core/validation/events.go)."""

from ..types import Object
from .errors import Cause, invalid_value, required
from .metadata_validation import dns_subdomain, qualified_name

__all__ = ["invalid_event", "invalid_new_event"]

_LIMITS = {"reportingInstance": 128, "action": 128, "reason": 128}
_NOTE_LIMIT = 1024
# What only the older form of an Event sets
_DEPRECATED = ("firstTimestamp", "lastTimestamp", "count", "source")


def invalid_event(event: Object) -> list[Cause]:
    """Return what is wrong with an Event, whichever API group it comes through.

    Args:
        event: in the form of v1.
    """
    causes = _precise(event) if event.get("eventTime") else _in_its_namespace(event, ("default",))
    namespace = event["metadata"].get("namespace", "")
    return causes + [invalid_value("namespace", namespace, problem) for problem in dns_subdomain(namespace)]


def invalid_new_event(event: Object) -> list[Cause]:
    """Return what is wrong with a new Event that comes through events.k8s.io/v1, which is strict.

    Args:
        event: in the form of v1, which the causes name the fields of, too.
    """
    causes = invalid_event(event) + _invalid_series(event.get("series"))
    if not event.get("eventTime"):
        causes.append(required("eventTime"))
    if event.get("type") not in ("Normal", "Warning"):
        causes.append(invalid_value("type", "", f"has invalid value: {event.get('type', '')}"))
    return causes + [invalid_value(member, "", "needs to be unset") for member in _DEPRECATED if event.get(member)]


def _precise(event: Object) -> list[Cause]:
    """Return what is wrong with an Event that has an eventTime."""
    causes = []
    if not _about(event):
        causes += _in_its_namespace(event, ("default", "kube-system"))
    controller = event.get("reportingComponent", "")
    if not controller:
        causes.append(required("reportingController"))
    causes += [invalid_value("reportingController", controller, problem) for problem in qualified_name(controller)]
    for member, limit in _LIMITS.items():
        if not event.get(member):
            causes.append(required(member))
        causes += _too_long(member, event.get(member, ""), limit)
    return causes + _too_long("message", event.get("message", ""), _NOTE_LIMIT)


def _in_its_namespace(event: Object, without: tuple[str, ...]) -> list[Cause]:
    """Return the cause when an Event is not in the namespace of what it is about.

    Args:
        event: the Event.
        without: where it may be when what it is about has no namespace.
    """
    about, own = _about(event), event["metadata"].get("namespace", "")
    allowed = (about,) if about else without
    return (
        [] if own in allowed else [invalid_value("involvedObject.namespace", about, "does not match event.namespace")]
    )


def _about(event: Object) -> str:
    """Return the namespace of what an Event is about; empty when that has none."""
    return str((event.get("involvedObject") or {}).get("namespace") or "")


def _too_long(member: str, value: str, limit: int) -> list[Cause]:
    if len(value.encode()) <= limit:
        return []
    return [invalid_value(member, "", f"can have at most {limit} characters")]


def _invalid_series(series: Object | None) -> list[Cause]:
    causes = []
    if series is not None and series.get("count", 0) < 2:
        causes.append(invalid_value("series.count", "", "should be at least 2"))
    if series is not None and not series.get("lastObservedTime"):
        causes.append(required("series.lastObservedTime"))
    return causes
