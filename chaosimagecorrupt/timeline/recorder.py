"""Writes the timeline of one Deployment from the changes that a follower sends."""

import threading
import time
from collections.abc import Callable, Sequence

from logzero import logger

from ..errors import one_line
from ..kube.types import Object
from ..progress import waiting_for
from ..workload.target import Target
from ..workload.webhooks import ServedWebhook
from .chronicle import Chronicle
from .followed_operator import FollowedOperator
from .follower import NamespaceFollower
from .journal import TimelineJson
from .thresholds import Thresholds
from .timeline import Timeline

__all__ = ["Recorder", "recorder_of", "start_together"]


# Those that are started and not ended, by cluster, kind, namespace and name: the probes read the timelines that the
# control records
_recorders: dict[tuple[str, str, str, str], "Recorder"] = {}

# seconds after which a condition is looked at again without a change
_LOOK_AGAIN = 1.0
_POLL = 0.02  # seconds


class Recorder:
    """The timeline of one Deployment, its ReplicaSets, pods and Events, and the resources of operators.

    Args:
        target: the Deployment.
        operators: the operators whose resources are followed too.

    Attributes:
        thresholds: by which the timeline is judged, in this run.
    """

    def __init__(self, target: Target, operators: Sequence[FollowedOperator] = ()) -> None:
        self.target, self.operators = target, operators
        self.thresholds = Thresholds()
        self.webhooks: list[ServedWebhook] | None = None
        self.webhooks_unknown = "they were not read"
        self._chronicle = Chronicle(Timeline(target.cluster.timing.now()), target.kind)
        self._started = self._last_change = time.monotonic()
        self._following = False
        self._lock, self._changes = threading.RLock(), 0
        self._follower: NamespaceFollower | None = None

    def start(self, follower: NamespaceFollower | None = None) -> None:
        """Begin to follow.

        Args:
            follower: one that is started already and follows several Deployments; None makes one for this Deployment.
        """
        _recorders[_key(self.target)] = self
        self._follower = follower or NamespaceFollower([self], self.operators)
        if follower is None:
            self._follower.start()

    def wait_until_following(self, timeout: float) -> bool:
        """Wait until each kind is followed, or known to be missing.

        Args:
            timeout: seconds.

        Returns:
            Whether that happened in time.
        """
        return _becomes_true(lambda: self._following, time.monotonic() + timeout)

    def wait(self, is_over: Callable[[TimelineJson], bool], timeout: float, what: str = "") -> bool:
        """Wait until the timeline satisfies a condition.

        Args:
            is_over: whether a timeline, in its journal form, satisfies it; called now, after each change, and now and
                then, because a condition may depend on how long ago the last change was.
            timeout: seconds.
            what: what is waited for, in words, for the log; empty for a wait that is not worth a line.

        Returns:
            Whether that happened in time.
        """
        if not what or timeout <= 0:
            return self._is_in_time(is_over, timeout)
        if self._is_in_time(is_over, 0.0):
            return True
        with waiting_for(f"{self.target}: waiting for {what}", timeout):
            return self._is_in_time(is_over, timeout)

    def _is_in_time(self, is_over: Callable[[TimelineJson], bool], timeout: float) -> bool:
        until = time.monotonic() + timeout
        while True:
            with self._lock:
                if is_over(self._timeline()):
                    return True
                seen = self._changes
            now = time.monotonic()
            if now >= until:
                return False
            self._wait_for_change(seen, min(until, now + _LOOK_AGAIN))

    def _wait_for_change(self, seen: int, until: float) -> None:
        _becomes_true(lambda: self._changes > seen, until)

    def wait_until_quiet(self, quiet: float, timeout: float) -> None:
        """Wait until no more changes arrive: each kind is followed on a connection of its own, and one may lag.

        Args:
            quiet: seconds without a change.
            timeout: seconds to wait for that.
        """
        _becomes_true(lambda: time.monotonic() >= self._last_change + quiet, time.monotonic() + timeout)

    def timeline(self) -> TimelineJson:
        """Return the timeline so far, as the journal keeps it."""
        with self._lock:
            return self._timeline()

    def end(self) -> None:
        """Stop following; a follower that several Deployments share stops for all of them."""
        if recorder_of(self.target) is self:
            del _recorders[_key(self.target)]
        if self._follower is not None:
            self._follower.end()

    def on_initial(self, kind: str, found: Sequence[Object]) -> None:
        """Take the objects of a kind that exist at the beginning."""
        with self._lock:
            for each in found:
                self._chronicle.take(self._now(), kind, each)
            self._notify()

    def on_change(self, kind: str, found: Object, gone: bool) -> None:
        """Take an object that was added, changed, or deleted (`gone`)."""
        with self._lock:
            self._chronicle.take(self._now(), kind, found, gone=gone)
            self._notify()

    def on_gap(self, kind: str, since: float, until: float, lost: bool) -> None:
        """Note a time in which changes of a kind were not followed, see `informer.ChangeHandler`."""
        with self._lock:
            self._chronicle.timeline.add_gap(since - self._started, until - self._started, kind, lost=lost)
            self._notify()

    def on_missing(self, kind: str, why: object) -> None:
        """Note that a kind is not followed, or not any longer, and why."""
        logger.debug(f"{self.target}: the timeline does not include {kind}: {one_line(why)}")
        with self._lock:
            self._chronicle.timeline.add_missing(kind, str(why))
            if kind == self.target.kind.revision_name:
                self._chronicle.without_revisions = True
            self._notify()

    def on_limited(self, kind: str, to: str) -> None:
        """Note that only some objects of a kind are followed, and which."""
        with self._lock:
            self._chronicle.timeline.add_limited(kind, to)

    def on_following(self) -> None:
        """Note that each kind is followed now, or reported as missing."""
        self._following = True

    def on_webhooks(self, webhooks: list[ServedWebhook] | None, unknown: str) -> None:
        """Note which admission webhooks the pods serve; None, and the reason, when that is not known."""
        self.webhooks, self.webhooks_unknown = webhooks, unknown

    def _notify(self) -> None:
        self._last_change = time.monotonic()
        self._changes += 1

    def _timeline(self) -> TimelineJson:
        return self._chronicle.timeline.to_json(self._now())

    def _now(self) -> float:
        return time.monotonic() - self._started


def _becomes_true(is_so: Callable[[], bool], until: float) -> bool:
    """Return whether something becomes true before a time, by `time.monotonic`.

    It polls, because Chaos Toolkit's handlers of signals raise wherever the main thread is. That can leave the lock of
    a `threading.Condition` locked, and nothing more is recorded.
    """
    while not is_so():
        left = until - time.monotonic()
        if left <= 0:
            return False
        time.sleep(min(left, _POLL))
    return True


def recorder_of(target: Target) -> Recorder | None:
    """Return the recorder of a Deployment, None when none is started."""
    return _recorders.get(_key(target))


def _key(target: Target) -> tuple[str, str, str, str]:
    return (target.cluster.address, target.kind.name, target.namespace, target.name)


def start_together(recorders: Sequence[Recorder]) -> None:
    """Begin to follow workloads of one kind and one namespace of one cluster by shared lists and watches.

    Args:
        recorders: one for each workload, none of them started; all with the same operators.
    """
    follower = NamespaceFollower(recorders, recorders[0].operators)
    for recorder in recorders:
        recorder.start(follower)
    follower.start()
