"""What a guard is to do next: a pure decision."""

from dataclasses import dataclass
from enum import Enum

__all__ = ["Duty", "InjectorState", "Sight", "duty"]

# A request that was on its way when its sender died can still act: the API server gives up on one after 60 seconds
# (kube-apiserver --request-timeout)
IN_FLIGHT = 70.0


class InjectorState(Enum):
    """What the injecting process has said over the pipe."""

    SILENT = "nothing yet"
    INJECTED = "the fault is in place"
    RELEASED = "the fault was not injected"
    GONE = "it died before it said anything"


class Duty(Enum):
    """What to do."""

    WAIT = "wait"
    RESTORE = "restore, then end"
    CLEAN = "see that no trace is left, then end"
    END = "end"


@dataclass(frozen=True)
class Sight:
    """What a guard sees.

    Attributes:
        now: seconds since 1970.
        expires: when the fault is to be undone.
        terminated: whether the guard was told to end.
        injector: what the injecting process has said.
        injector_gone_at: when it died; 0 while it lives.
        in_place: whether the fault is there; None while the API server does not tell.
        was_in_place: whether it was before.
    """

    now: float
    expires: float
    terminated: bool = False
    injector: InjectorState = InjectorState.SILENT
    injector_gone_at: float = 0.0
    in_place: bool | None = None
    was_in_place: bool = False


def duty(sight: Sight) -> tuple[Duty, float | None]:
    """Decide what to do next.

    Args:
        sight: what the guard sees.

    Returns:
        What to do, and for WAIT until when at the latest, in seconds since 1970; None: until something changes.
    """
    if sight.injector is InjectorState.RELEASED:
        return Duty.END, None
    if sight.terminated:
        return Duty.RESTORE, None
    if sight.in_place is False and sight.injector is InjectorState.SILENT:
        # It lives, so the fault may still come, however late: it was perhaps stopped. Or come again, when it did not
        # hear that it was in place before
        return Duty.WAIT, None
    if sight.in_place is False and (sight.was_in_place or sight.injector is InjectorState.INJECTED):
        return Duty.CLEAN, None
    last = sight.expires
    if sight.in_place is False and sight.injector is InjectorState.GONE:
        last = max(last, sight.injector_gone_at + IN_FLIGHT)
    return (Duty.RESTORE, None) if sight.now >= last else (Duty.WAIT, last)
