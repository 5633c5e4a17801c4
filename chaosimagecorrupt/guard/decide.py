"""What a guard does next. A pure decision, with no clock and no I/O.

| The injecting process          | The fault is in place | Before the expiry | From the expiry on |
| ------------------------------ | --------------------- | ----------------- | ------------------ |
| has released the guard         | yes, no or unknown    | end               | end                |
| has reported nothing           | yes or unknown        | wait              | restore            |
|                                | no                    | wait              | wait               |
| has reported the fault         | yes or unknown        | wait              | restore            |
|                                | no                    | clean up          | clean up           |
| ended without a report         | yes or unknown        | wait              | restore            |
|                                | no, but was before    | clean up          | clean up           |
|                                | no, and never was     | wait              | restore (*)        |

(*) At the earliest `IN_FLIGHT` seconds after that process ended: its request may still arrive.

A guard that is asked to end (SIGTERM, SIGINT) restores at once, unless it was released. "Restore" and "clean up" also
end the guard. "Wait" lasts until something changes, and at most until the expiry where there is something to restore.
"""

from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

__all__ = ["IN_FLIGHT", "Action", "Decision", "InjectorState", "Observation", "decide"]

# Seconds. A request that was on its way when its sender died can still act: the API server gives up on one after 60
# seconds (kube-apiserver --request-timeout)
IN_FLIGHT = 70.0


class InjectorState(Enum):
    """What the injecting process has reported over the pipe."""

    SILENT = "nothing yet"
    INJECTED = "the fault is in place"
    RELEASED = "the fault was not injected"
    GONE = "the injecting process ended without a report"


class Action(Enum):
    """What a guard does next."""

    WAIT = "wait"
    RESTORE = "restore, then end"
    CLEAN = "remove what is left of the fault, then end"
    END = "end"


class Decision(NamedTuple):
    """A decision.

    Attributes:
        action: what to do.
        until: for WAIT, when to decide again at the latest, in seconds since 1970; None: only when something changes.
    """

    action: Action
    until: float | None = None


@dataclass(frozen=True)
class Observation:
    """All that a guard knows when it decides.

    Attributes:
        now: seconds since 1970.
        expires: when the fault is to be undone, seconds since 1970.
        terminated: whether the guard was asked to end, by a signal.
        injector: what the injecting process has reported.
        injector_gone_at: when that process ended, seconds since 1970; 0 while it lives.
        in_place: whether the fault is in place; None while the API server does not answer.
        was_in_place: whether the guard has found it in place before.
    """

    now: float
    expires: float
    terminated: bool = False
    injector: InjectorState = InjectorState.SILENT
    injector_gone_at: float = 0.0
    in_place: bool | None = None
    was_in_place: bool = False


def decide(observation: Observation) -> Decision:
    """Decide what a guard does next; the module's table has every case.

    Args:
        observation: what the guard knows.

    Returns:
        The action, and for WAIT until when.
    """
    if observation.injector is InjectorState.RELEASED:
        return Decision(Action.END)
    if observation.terminated:
        return Decision(Action.RESTORE)
    if observation.in_place is False:
        return _decide_without_fault(observation)
    return _restore_at(observation.expires, observation)


def _decide_without_fault(observation: Observation) -> Decision:
    if observation.injector is InjectorState.SILENT:
        # The injecting process lives, so the fault may still come, however late: the process may have been stopped. It
        # may also come again, when the process has not received the answer to its first request
        return Decision(Action.WAIT)
    if observation.was_in_place or observation.injector is InjectorState.INJECTED:
        return Decision(Action.CLEAN)
    return _restore_at(max(observation.expires, observation.injector_gone_at + IN_FLIGHT), observation)


def _restore_at(time: float, observation: Observation) -> Decision:
    return Decision(Action.RESTORE) if observation.now >= time else Decision(Action.WAIT, time)
