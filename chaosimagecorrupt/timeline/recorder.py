"""Writes the timeline of one Deployment, of what is told in the background."""

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from logzero import logger

from ..errors import one_line
from ..kube.client import Cluster
from ..workload.target import Target
from .chronicle import Chronicle
from .follower import NamespaceFollower
from .operator import Operator
from .timeline import Timeline

__all__ = ["Recorder", "recorder_of", "start_together"]

Object = dict[str, Any]

# those that are started and not ended, by cluster, namespace and Deployment; the probes ask what the control follows
_recorders: dict[tuple[str, str, str], "Recorder"] = {}


class Recorder:
    """The timeline of one Deployment, its ReplicaSets, pods and pull events, and the resource of an operator.

    Args:
        target: the Deployment.
        operator: whose resource is followed too; None without one.
        operator_cluster: where that is.
    """

    def __init__(
        self, target: Target, operator: Operator | None = None, operator_cluster: Cluster | None = None
    ) -> None:
        self.target, self.operator = target, operator
        self.operator_cluster = operator_cluster or target.cluster
        self.webhooks: list[Object] | None = None
        self.webhooks_unknown = "nobody looked"
        self._chronicle = Chronicle(Timeline(time.time()))
        self._started = self._told_at = time.monotonic()
        self._begun = threading.Event()
        self._changed = threading.Condition()
        self._follower: NamespaceFollower | None = None

    def start(self, follower: NamespaceFollower | None = None) -> None:
        """Begin to follow.

        Args:
            follower: what follows this one together with others, and is started already; one of its own when None.
        """
        _recorders[_key(self.target)] = self
        self._follower = follower or NamespaceFollower([self], self.operator, self.operator_cluster)
        if follower is None:
            self._follower.start()

    def wait_until_following(self, timeout: float) -> bool:
        """Wait until everything is followed, or known not to be; return whether that is so.

        Args:
            timeout: seconds.
        """
        return self._begun.wait(timeout)

    def wait(self, is_over: Callable[[Mapping[str, Any]], bool], timeout: float) -> bool:
        """Wait until the timeline is as wanted.

        Args:
            is_over: decides on the timeline as it is kept in the journal; asked after each change.
            timeout: seconds.

        Returns:
            Whether it got there in time.
        """
        until = time.monotonic() + timeout
        while True:
            with self._changed:
                if is_over(self._timeline()):
                    return True
                left = until - time.monotonic()
                if left <= 0:
                    return False
                self._changed.wait(left)

    def rest(self, quiet: float, at_most: float) -> None:
        """Wait until nothing more comes: each kind is followed on a connection of its own, and one may lag.

        Args:
            quiet: seconds in which nothing came.
            at_most: seconds to wait for that.
        """
        until = time.monotonic() + at_most
        with self._changed:
            while (left := self._told_at + quiet - time.monotonic()) > 0 and time.monotonic() < until:
                self._changed.wait(left)

    def timeline(self) -> dict[str, Any]:
        """Return the timeline so far, as the journal keeps it."""
        with self._changed:
            return self._timeline()

    def end(self) -> None:
        """Stop following, with all that are followed together."""
        if recorder_of(self.target) is self:
            del _recorders[_key(self.target)]
        if self._follower is not None:
            self._follower.end()

    def first(self, kind: str, found: Sequence[Mapping[str, Any]]) -> None:
        """Take the objects of a kind that were there at the beginning."""
        with self._changed:
            for each in found:
                self._chronicle.take(self._now(), kind, dict(each))
            self._told()

    def changed(self, kind: str, found: Object, gone: bool) -> None:
        """Take a change."""
        with self._changed:
            self._chronicle.take(self._now(), kind, found, gone=gone)
            self._told()

    def on_gap(self, kind: str, since: float, until: float, lost: bool) -> None:
        """Take a gap, see `informer.ChangeHandler`."""
        with self._changed:
            self._chronicle.timeline.gap(since - self._started, until - self._started, kind, lost=lost)
            self._told()

    def leave_out(self, kind: str, why: object) -> None:
        """Take that a kind is not followed, or no longer."""
        logger.debug(f"{self.target}: the timeline is without {kind}: {one_line(why)}")
        with self._changed:
            self._chronicle.timeline.missing(kind, str(why))
            if kind == "ReplicaSet":
                self._chronicle.without_replica_sets = True
            self._told()

    def limited(self, kind: str, to: str) -> None:
        """Take that not all objects of a kind are followed."""
        with self._changed:
            self._chronicle.timeline.limited(kind, to)

    def begun(self) -> None:
        """Take that everything is followed, or known not to be."""
        self._begun.set()

    def serves(self, webhooks: list[Object] | None, unknown: str) -> None:
        """Take which webhooks the pods serve; None, and why, when it is not known."""
        self.webhooks, self.webhooks_unknown = webhooks, unknown

    def _told(self) -> None:
        self._told_at = time.monotonic()
        self._changed.notify_all()

    def _timeline(self) -> dict[str, Any]:
        return self._chronicle.timeline.to_json(self._now())

    def _now(self) -> float:
        return time.monotonic() - self._started


def recorder_of(target: Target) -> Recorder | None:
    """Return the recorder of a Deployment that is being followed, None when it is not."""
    return _recorders.get(_key(target))


def _key(target: Target) -> tuple[str, str, str]:
    return (target.cluster.address, target.namespace, target.name)


def start_together(recorders: Sequence[Recorder]) -> None:
    """Begin to follow Deployments of one namespace of one cluster by lists and watches that they share."""
    follower = NamespaceFollower(recorders, recorders[0].operator, recorders[0].operator_cluster)
    for recorder in recorders:
        recorder.start(follower)
    follower.start()
