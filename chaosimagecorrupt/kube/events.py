"""Events of events.k8s.io/v1 on a Deployment, as the API server takes them. Pure.

Its rules: kubernetes/pkg/apis/core/validation/events.go.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from ..errors import one_line
from .requests import FIELD_MANAGER
from .types import Deployment

__all__ = ["EventText", "event_of"]

_LONGEST_NAME, _LONGEST_INSTANCE, _LONGEST_NOTE = 253, 128, 1024  # bytes


@dataclass(frozen=True)
class EventText:
    """What an Event says.

    Attributes:
        reason: why it is emitted, in one word for programs: `ImageCorrupted`.
        action: what was done, in one word: `CorruptImage`.
        note: for people; an Event holds 1024 bytes of it.
        warning: whether its type is Warning; else it is Normal.
    """

    reason: str
    action: str
    note: str
    warning: bool = False


def event_of(
    deployment: Deployment, text: EventText, kind: str, *, now: float, instance: str, unique: str
) -> dict[str, Any]:
    """Return an Event on a Deployment.

    Args:
        deployment: what it is about.
        text: what it says.
        kind: of what it is about.
        now: seconds since 1970.
        instance: who reports it; 128 bytes of it are kept.
        unique: hexadecimal digits, another text for each Event, for its name.
    """
    metadata = deployment["metadata"]
    name, namespace = metadata["name"], metadata["namespace"]
    return {
        "apiVersion": "events.k8s.io/v1",
        "kind": "Event",
        "metadata": {"name": _name(name, unique), "namespace": namespace},
        # metav1.MicroTime is read with exactly six digits
        "eventTime": datetime.fromtimestamp(now, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "type": "Warning" if text.warning else "Normal",
        "reason": text.reason,
        "action": text.action,
        "note": _cut(one_line(text.note, _LONGEST_NOTE), _LONGEST_NOTE),
        "regarding": {
            "apiVersion": "apps/v1",
            "kind": kind,
            "namespace": namespace,
            "name": name,
            "uid": metadata["uid"],
        },
        "reportingController": FIELD_MANAGER,
        "reportingInstance": _cut(one_line(instance, _LONGEST_INSTANCE), _LONGEST_INSTANCE) or "unknown",
    }


def _name(about: str, unique: str) -> str:
    """Return the Event's name, as client-go builds it: that of the object, a dot, and hexadecimal digits."""
    return about[: _LONGEST_NAME - 1 - len(unique)].rstrip("-.") + "." + unique


def _cut(text: str, size: int) -> str:
    """Return as much of a text as fits into so many bytes of UTF-8; a shortened text ends with an ellipsis."""
    encoded = text.encode()
    if len(encoded) <= size:
        return text
    return encoded[: size - len("…".encode())].decode(errors="ignore") + "…"
