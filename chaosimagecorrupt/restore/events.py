"""What the Events on a restored Deployment say, one for each container. Pure."""

from collections.abc import Iterable

from ..errors import one_line
from ..kube.events import EventText
from .outcome import Outcome, RestoreOutcome

__all__ = ["guard_events", "restored_events"]

_IMAGE, _WHO = 200, 80
_REASONS = {
    RestoreOutcome.RESTORED: "ImageRestored",
    RestoreOutcome.HEALED: "ImageHealed",
    RestoreOutcome.SUPERSEDED: "ImageSuperseded",
    RestoreOutcome.CONTAINER_GONE: "ImageSuperseded",
}


def restored_events(outcomes: Iterable[Outcome], by: str) -> list[EventText]:
    """Return what the Events of a restore say.

    Args:
        outcomes: what became of each container.
        by: user and host that restored.
    """
    return [_event(o, _REASONS[o.outcome], by) for o in outcomes]


def guard_events(outcomes: Iterable[Outcome], by: str, why: str | None = None) -> list[EventText]:
    """Return what the Events of a guard's restore say.

    Args:
        outcomes: what became of each container.
        by: user and host of the guard.
        why: a sentence that says why the guard restored; None: the fault's time was over, or the guard was ended.
    """
    reasons = {**_REASONS, RestoreOutcome.RESTORED: "GuardRestored"}
    return [_event(o, reasons[o.outcome], f"the guard of {by}", why) for o in outcomes]


def _event(outcome: Outcome, reason: str, by: str, why: str | None = None) -> EventText:
    original, found = one_line(outcome.entry.original, _IMAGE), one_line(outcome.found, _IMAGE)
    other = f", set by {one_line(outcome.by, _WHO)} at {one_line(outcome.at, 40)}" if outcome.by else ""
    container, removed = f"Container {one_line(outcome.container, 63)}", "the fault's record is removed"
    note = {
        RestoreOutcome.RESTORED: f"{container} has its image {original} back, put back by {one_line(by, _WHO)}",
        RestoreOutcome.HEALED: f"{container} had its image {original} back already{other}; {removed}",
        RestoreOutcome.SUPERSEDED: f"{container} has {found}{other}, which stays; {removed}",
        RestoreOutcome.CONTAINER_GONE: f"{container} is not in the template any longer; {removed}",
    }[outcome.outcome]
    return EventText(reason, "RestoreImage", f"{note}. {why}" if why else note)
