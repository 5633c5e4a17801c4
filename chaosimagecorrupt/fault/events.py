"""What the Event on a corrupted Deployment says. Pure."""

from ..errors import one_line
from ..kube.events import EventText
from ..kube.types import Deployment
from ..record.entry import Entry
from ..restore.command import restore_command
from ..workload.kinds import kind_of

__all__ = ["corrupted_event"]

# So that a note, which has 1024 bytes, holds how to undo the fault, however long the names are
_IMAGE, _WHO = 120, 80


def corrupted_event(entry: Entry, after: Deployment, *, guarded: bool) -> EventText:
    """Return what the Event says: which container, by whom, until when, and how to undo it.

    Args:
        entry: the injection.
        after: the Deployment as the API server returned it.
        guarded: whether a guard undoes the fault when its time is over.
    """
    name, namespace = after["metadata"]["name"], after["metadata"]["namespace"]
    by, container = one_line(entry.by, _WHO), one_line(entry.container, 63)
    end = f"at {entry.expires} its guard undoes it" if guarded else f"it expires at {entry.expires}, but has no guard"
    return EventText(
        "ImageCorrupted",
        "CorruptImage",
        f"Chaos experiment: {by} replaced the image of container {container}, {one_line(entry.original, _IMAGE)}, by "
        f"{one_line(entry.image, _IMAGE)}, which cannot be pulled; {end}. "
        f"To undo it now: {restore_command(namespace, name, kind_of(after))}",
        warning=True,
    )
