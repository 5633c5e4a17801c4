"""Events in both forms, and how one is created."""

from typing import Any

from chaosimagecorrupt.simulator.types import Object

from ..calls import Answer, PureCalls

CORE = "/api/v1/namespaces/default/events"
EVENTS = "/apis/events.k8s.io/v1/namespaces/default/events"
ABOUT = {"apiVersion": "apps/v1", "kind": "Deployment", "namespace": "default", "name": "web", "uid": "u"}
EVENT: Object = {
    "metadata": {"name": "web.1"},
    "eventTime": "2026-11-26T02:00:00.000001Z",
    "type": "Warning",
    "reason": "ImageCorrupted",
    "action": "CorruptImage",
    "note": "who, what, until when",
    "regarding": ABOUT,
    "reportingController": "tester",
    "reportingInstance": "someone@somewhere",
}
OLDER: Object = {
    "metadata": {"name": "web.2"},
    "involvedObject": ABOUT,
    "message": "Pulling image",
    "reason": "Pulling",
    "source": {"component": "kubelet"},
    "firstTimestamp": "2026-11-26T02:00:00Z",
    "lastTimestamp": "2026-11-26T02:00:09Z",
    "count": 3,
}


def created(calls: PureCalls, **changes: Any) -> Answer:
    """What the answer is to a new Event with some members changed; None leaves one out."""
    return calls("POST", EVENTS, {**EVENT, **changes})
