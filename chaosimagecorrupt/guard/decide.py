"""What a guard does next. A pure decision, with no clock and no I/O.

While the fault may be in place:

| Reported by the injecting process | The fault is in place | Before the expiry | From the expiry on | Asked to end |
| --------------------------------- | --------------------- | ----------------- | ------------------ | ------------ |
| nothing                           | yes or unknown        | wait              | restore            | restore      |
|                                   | no                    | wait              | wait               | restore      |
| nothing, and it has ended         | yes or unknown        | wait              | restore            | restore      |
|                                   | no, and never was     | wait              | restore (1)        | restore      |
| the fault is in place             | yes or unknown        | wait              | restore            | restore      |
| the fault is undone               | yes                   | wait              | restore            | restore      |
| anything but that it is released  | yes, and stopped (6)  | restore           | restore            | restore      |
| a restore failed already          | yes or unknown        | restore           | restore (2)        | give up      |

Once the fault is known to be undone, at any time:

| Known from                                                                | Next          | Asked to end     |
| ------------------------------------------------------------------------- | ------------- | ---------------- |
| the report that it is undone, and the fault is not in place or unknown    | clean up (3)  | clean up         |
| the fault is not in place, and was before, or was reported to be          | clean up (4)  | clean up         |
| this guard's own restore                                                  | clean up      | clean up         |
| any of them, and a clean-up failed already                                | clean up (5)  | leave the traces |
| the report that the guard is released: nothing is left, or nothing was    | end           | end              |

(1) At the earliest `in_flight` seconds after that process ended: its request may still arrive.
(2) Until `give_up` seconds after the expiry: then give up.
(3) At the earliest `others_restore` seconds later, while the injecting process lives: it cleans up, then releases the
guard.
(4) At the earliest `others_clean_up` seconds later: whatever undid the fault cleans up first.
(5) Until `clean_up` seconds after the first attempt: then leave the traces.
(6) Fewer pods are ready than the stop condition `stop_below` demands.

"Wait" lasts until something changes, and at most until the time that the table names.
"""

from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

__all__ = ["GUARD_TIMING", "Action", "Decision", "GuardTiming", "InjectorState", "Observation", "decide", "is_undone"]


@dataclass(frozen=True)
class GuardTiming:
    """Pauses and limits of a guard, in seconds.

    Attributes:
        pause: between two attempts.
        long_pause: between two later attempts, after an answer that time alone does not change.
        soon: from the first attempt; until then such answers may still change: an API server that starts answers 401
            and 403 until it has read roles and keys.
        in_flight: for a request that was on its way when its sender ended: the API server gives up on one after 60
            seconds (kube-apiserver --request-timeout).
        give_up: from the expiry until the guard ends without success; the cluster is assumed to be gone for good.
        clean_up: from the first attempt to clean up until the guard ends, whether traces are left or not.
        others_clean_up: before the guard cleans up; whatever undid the fault cleans up first.
        others_restore: before the guard cleans up after the injecting process, which may restore other Deployments
            before it cleans up.
        watch_lag: for the watch to show a fault that is reported to be in place, before the Deployment is listed again.
        lull: from a change of the Deployment until it is looked at.
    """

    pause: float = 1.0
    long_pause: float = 30.0
    soon: float = 300.0
    in_flight: float = 70.0
    give_up: float = 24 * 3600.0
    clean_up: float = 15.0
    others_clean_up: float = 1.0
    others_restore: float = 60.0
    watch_lag: float = 1.0
    lull: float = 0.5


GUARD_TIMING = GuardTiming()


class InjectorState(Enum):
    """What the injecting process has reported over the socket."""

    SILENT = "nothing yet"
    INJECTED = "the fault is in place"
    UNDONE = "the fault is undone"
    RELEASED = "there is nothing left to guard"
    GONE = "the injecting process ended without a report"


class Action(Enum):
    """What a guard does next."""

    WAIT = "wait"
    RESTORE = "restore"
    CLEAN_UP = "the fault is undone; clean up"
    END = "end"
    GIVE_UP = "end, although the fault may be in place"
    LEAVE_TRACES = "end, although traces of the fault may be left"


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
        asked_to_end: whether the guard was asked to end, by a signal.
        injector: what the injecting process has reported.
        injector_gone_at: when that process ended, seconds since 1970; 0 while it lives.
        in_place: whether the fault is in place; None while the API server does not answer.
        stopped: whether the fault is in place, and its stop condition is met.
        was_in_place: whether the guard has found it in place before.
        restored: whether the guard has restored the Deployment itself.
        undone_at: since when the fault is known to be undone, seconds since 1970; 0 while it is not.
        cleaning_since: when the guard first tried to clean up, seconds since 1970; 0 before.
        failed: whether an attempt to restore, or to clean up once the fault is undone, has failed.
    """

    now: float
    expires: float
    asked_to_end: bool = False
    injector: InjectorState = InjectorState.SILENT
    injector_gone_at: float = 0.0
    in_place: bool | None = None
    stopped: bool = False
    was_in_place: bool = False
    restored: bool = False
    undone_at: float = 0.0
    cleaning_since: float = 0.0
    failed: bool = False


def is_undone(observation: Observation) -> bool:
    """Return whether the fault is known to be undone: it was in place, and is no longer."""
    if observation.restored:
        return True
    if observation.injector is InjectorState.UNDONE:
        return observation.in_place is not True
    # the fault may come again while the injecting process reports nothing: it may not have received the answer to its
    # first request
    was_in_place = observation.injector is InjectorState.INJECTED or (
        observation.injector is InjectorState.GONE and observation.was_in_place
    )
    return observation.in_place is False and was_in_place


def decide(observation: Observation, timing: GuardTiming = GUARD_TIMING) -> Decision:
    """Decide what a guard does next; the module's tables have every case.

    Args:
        observation: what the guard knows.
        timing: pauses and limits.

    Returns:
        The action, and for WAIT until when.
    """
    if observation.injector is InjectorState.RELEASED:
        return Decision(Action.END)
    if is_undone(observation):
        return _decide_undone(observation, timing)
    if observation.asked_to_end:
        return Decision(Action.GIVE_UP if observation.failed else Action.RESTORE)
    if observation.failed and observation.now > observation.expires + timing.give_up:
        return Decision(Action.GIVE_UP)
    if observation.stopped:
        return Decision(Action.RESTORE)
    if observation.in_place is not False:
        return _restore_at(observation.expires, observation)
    if observation.injector is InjectorState.SILENT:
        # the injecting process lives, so the fault may still come, however late: the process may have been stopped
        return Decision(Action.WAIT)
    return _restore_at(max(observation.expires, observation.injector_gone_at + timing.in_flight), observation)


def _decide_undone(observation: Observation, timing: GuardTiming) -> Decision:
    if observation.failed:
        given_up = observation.asked_to_end or observation.now >= observation.cleaning_since + timing.clean_up
        return Decision(Action.LEAVE_TRACES if given_up else Action.CLEAN_UP)
    begin = observation.undone_at + _others_have(observation, timing)
    if observation.asked_to_end or observation.now >= begin:
        return Decision(Action.CLEAN_UP)
    return Decision(Action.WAIT, begin)


def _others_have(observation: Observation, timing: GuardTiming) -> float:
    """Return how long others have to clean up before the guard does, in seconds."""
    if observation.restored:
        return 0.0
    if observation.injector is InjectorState.UNDONE and not observation.injector_gone_at:
        return timing.others_restore
    return timing.others_clean_up


def _restore_at(time: float, observation: Observation) -> Decision:
    return Decision(Action.RESTORE) if observation.now >= time else Decision(Action.WAIT, time)
