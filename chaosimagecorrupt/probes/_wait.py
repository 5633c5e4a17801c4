"""Waits for a state of the rollout, or checks it once; most probes do."""

from collections.abc import Callable, Mapping
from contextlib import closing
from typing import Any, Generic, NamedTuple, TypeVar

from logzero import logger

from ..duration import parse_duration
from ..errors import ImageCorruptError, NotFound
from ..kube.types import Deployment
from ..kube.waiting import Seen, Subject, WatchSet, poll
from ..record.memory import MEMORY
from ..workload.target import Target
from ..workload.view import Proof, Rollout, View

__all__ = [
    "AVAILABLE",
    "EXCEEDED",
    "RECOVERY",
    "Answer",
    "Limited",
    "answer_for",
    "answer_in_time",
    "timeout_of",
    "wait_for",
]

T = TypeVar("T")
# what more than one module waits for, in the log
AVAILABLE, EXCEEDED, RECOVERY = "Available=True", "ProgressDeadlineExceeded", "the recovery"
# From the Deployment, None when it is gone, to why a state cannot come any longer; None while it can
OverFor = Callable[[Deployment | None], str | None]


def _never_over(deployment: Mapping[str, Any] | None) -> None:
    """Let a wait end with its timeout only."""


class Look(NamedTuple, Generic[T]):
    """One look at a subject.

    Attributes:
        found: what was looked at; None when there was nothing to answer from.
        over: why what is waited for cannot come any longer; None while it can.
    """

    found: T | None
    over: str | None


class Answer(NamedTuple):
    """The result of a wait.

    Attributes:
        reached: whether the state is there.
        over: why the wait ended early; None when the state is there, or the time is over.
    """

    reached: bool
    over: str | None


class Limited(Generic[T]):
    """A subject that is looked at only as long as what is waited for can come.

    Args:
        subject: what is looked at.
        over: says why it cannot come any longer; None while it can.
    """

    def __init__(self, subject: Subject[T], over: Callable[[], str | None]) -> None:
        self._subject, self._over = subject, over

    def look(self) -> Seen[Look[T]]:
        """Return what is there, None while there is nothing to answer from, and the state in words."""
        found, text = self._subject.look()
        over = self._over()
        return Seen(None if found is None and over is None else Look(found, over), text)

    def no_answer(self, waited: float) -> ImageCorruptError:
        """Return the error for a wait in seconds that ended with nothing to answer from."""
        return self._subject.no_answer(waited)


def timeout_of(timeout: object) -> float:
    """Return the seconds that a probe may wait; 0 in a dry run of Chaos Toolkit, in which nothing happens.

    Args:
        timeout: seconds, or Go's duration.

    Raises:
        Refused: it is no duration.
    """
    seconds = parse_duration(timeout, "timeout")
    return 0.0 if MEMORY.dry_run else seconds


def wait_for(
    target: Target,
    timeout: object,
    decide: Callable[[View], bool],
    *,
    what: str,
    revisions: bool = False,
    proof: Proof | None = None,
    over: OverFor = _never_over,
) -> bool:
    """Return whether a rollout is in a state, or reaches it in time; see `answer_for`."""
    return answer_for(target, timeout, decide, what=what, revisions=revisions, proof=proof, over=over).reached


def answer_for(
    target: Target,
    timeout: object,
    decide: Callable[[View], bool],
    *,
    what: str,
    revisions: bool = False,
    proof: Proof | None = None,
    over: OverFor = _never_over,
) -> Answer:
    """Tell whether a rollout is in a state, or reaches it in time, and if not, whether the wait ended early.

    Args:
        target: the Deployment.
        timeout: seconds, or Go's duration; 0 checks the current state once.
        decide: whether a view shows the state.
        what: the state in words, for the log.
        revisions: read its ReplicaSets too.
        proof: read the Pending pods of its newest template too, until one of them is a proof; see `Rollout`.
        over: says, from the Deployment (None when it is gone), why the state cannot come any longer; None while it
            can. The waiting ends then.
    """
    seconds = timeout_of(timeout)
    watch_set = WatchSet(target.cluster)
    try:
        rollout = Rollout(watch_set, target, revisions=revisions, proof=proof)
    except NotFound:
        why = over(None)
        if why is None:
            raise
        return _ended_early(str(target), why)
    if not seconds:
        with closing(poll(watch_set, rollout, str(target), 0)) as views:
            return Answer(any(decide(view) for view in views), None)
    limited = Limited(rollout, lambda: over(rollout.deployment))
    return answer_in_time(watch_set, limited, str(target), seconds, decide, what)


def answer_in_time(
    watch_set: WatchSet, subject: Limited[T], called: str, seconds: float, decide: Callable[[T], bool], what: str
) -> Answer:
    """Follow a subject until it is in a state, cannot come into it any longer, or the time is over; see `poll`.

    Args:
        watch_set: follows the objects of the subject.
        subject: what is looked at.
        called: its name in the log.
        seconds: how long to wait.
        decide: whether what was found shows the state.
        what: the state in words, for the log.

    Raises:
        ImageCorruptError: there was nothing to answer from in all that time.
        ClusterError: the objects can no longer be followed.
    """
    with closing(poll(watch_set, subject, called, seconds, what)) as found:
        for look in found:
            if look.found is not None and decide(look.found):
                return Answer(True, None)
            if look.over is not None:
                return _ended_early(called, look.over)
    return Answer(False, None)


def _ended_early(called: str, why: str) -> Answer:
    logger.info(f"{called}: not waiting any longer: {why}")
    return Answer(False, why)
