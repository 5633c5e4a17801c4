"""Faults as `status` shows them."""

from chaosimagecorrupt.cli.status_faults import FaultStatus
from chaosimagecorrupt.duration import rfc3339
from chaosimagecorrupt.record.annotations import DEFAULT_IMAGE
from chaosimagecorrupt.record.entry import Entry

from ..manifests import NOW

__all__ = ["a_fault", "an_entry"]


def an_entry(container: str = "app", *, since: float = 45, left: float | None = 192) -> Entry:
    """Return the entry of a container that was corrupted some seconds ago, with the seconds that its ttl has left."""
    return Entry(
        container=container,
        original=f"quay.io/shop/{container}:v1",
        image=DEFAULT_IMAGE,
        id="id1",
        at=rfc3339(NOW - since),
        expires=rfc3339(NOW + left) if left is not None else "",
        by="me@here",
    )


def a_fault(name: str = "web", namespace: str = "shop", *, left: float | None = 192, **changed: object) -> FaultStatus:
    """Return the fault of a Deployment with one of three pods ready."""
    usual: dict[str, object] = {
        "entries": (an_entry(left=left),),
        "ready": 1,
        "replicas": 3,
        "waiting": "ErrImagePull",
        "pods": "1/3 ready",
        "error": None,
        "in_place": ("app",),
    }
    return FaultStatus(namespace, name, **(usual | changed))  # type: ignore[arg-type]  # the keys are those of the class
