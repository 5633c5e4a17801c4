"""Records of operator-chaos, which have no label to find them by: how to find them, and which are left. Pure."""

from collections.abc import Iterable, Sequence

from ..record.entry import OPERATOR_CHAOS, is_by_operator_chaos
from ..record.snapshot import Snapshot

__all__ = ["HOW_TO_FIND", "left_text", "listed", "without_operator_chaos"]

HOW_TO_FIND = f"To find records of {OPERATOR_CHAOS}, too: --unlabelled"

_MOST_LISTED = 3  # by their names


def without_operator_chaos(found: Iterable[Snapshot]) -> tuple[list[Snapshot], list[Snapshot]]:
    """Return first the other workloads, then those that only operator-chaos has corrupted.

    Args:
        found: workloads that carry a record, or only its label.
    """
    others, theirs = list[Snapshot](), list[Snapshot]()
    for snapshot in found:
        is_theirs = not snapshot.is_labelled and all(map(is_by_operator_chaos, snapshot.record.values()))
        (theirs if is_theirs else others).append(snapshot)
    return others, theirs


def left_text(snapshots: Sequence[Snapshot]) -> str:
    """Say which records of operator-chaos a restore leaves, and how to restore them.

    Args:
        snapshots: the workloads that have them, at least one.
    """
    names = listed([snapshot.name for snapshot in snapshots])
    what = "it" if len(snapshots) == 1 else "them"
    return f"Left, made by {OPERATOR_CHAOS}, which may still run: {names}. To restore {what}, too: --unlabelled"


def listed(names: Sequence[str]) -> str:
    """Return the first names, and how many more there are."""
    more = [f"{len(names) - _MOST_LISTED} more"] if len(names) > _MOST_LISTED else []
    return ", ".join([*names[:_MOST_LISTED], *more])
