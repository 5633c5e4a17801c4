"""Guards one injection: watches its Deployment, and undoes the fault when `decide` says so."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from typing import Any

from logzero import logger

from ..errors import ClusterError, ImageCorruptError, one_line
from ..kube.client import Cluster, Patience
from ..kube.resources import DEPLOYMENTS
from ..kube.types import Deployment
from ..kube.waiting import WatchSet
from ..record.annotations import read_record
from ..record.entry import Entry
from ..record.presence import in_place
from ..restore.clean_up import clean_up
from ..restore.restore import restore
from ..workload.target import Target
from .decide import Action, InjectorState, Observation, decide
from .orders import Task

__all__ = ["GuardTiming", "Watch"]

# HASTY, so that a request that hangs leaves some of the 5 s in which the fault is to be undone; every fourth attempt is
# PATIENT, for an API server that is slow but can be reached
HASTY = Patience(connect=2.0, read=4.0, retry_for=0.0)
PATIENT = Patience(connect=2.0, read=60.0, retry_for=0.0)


@dataclass(frozen=True)
class GuardTiming:
    """Pauses and limits of a guard, in seconds.

    Attributes:
        pause: between two attempts.
        long_pause: between two later attempts, after an answer that time alone does not change.
        soon: from the first attempt; until then such answers may still change: an API server that starts answers 401
            and 403 until it has read roles and keys.
        give_up: from the expiry until the guard ends without success; the cluster is assumed to be gone for good.
        clean_up: from the first attempt to remove traces until no other is made.
        others_clean_up: before the guard cleans up; the process that restored cleans up first.
    """

    pause: float = 1.0
    long_pause: float = 30.0
    soon: float = 300.0
    give_up: float = 24 * 3600.0
    clean_up: float = 15.0
    others_clean_up: float = 1.0


DEFAULT_TIMING = GuardTiming()


class Watch:
    """The guard of one injection.

    Args:
        task: the injection.
        cluster: the connection to its cluster.
        clock: returns seconds since 1970.
        turns: held during a restore, so that not all guards of a process restore at the same time; None: no limit.
        timing: pauses and limits.
    """

    def __init__(
        self,
        task: Task,
        cluster: Cluster,
        clock: Callable[[], float],
        turns: AbstractContextManager[Any] | None = None,
        timing: GuardTiming = DEFAULT_TIMING,
    ) -> None:
        self._task, self._clock, self._turns, self._timing = task, clock, turns or nullcontext(), timing
        self._entry, self._cluster = task.entry, cluster
        self._target = self._with_patience(HASTY)
        self._trouble = ""
        self._watch_set = WatchSet(self._target.cluster)
        # A signal's handler writes the first, and the thread that reads the reports writes the others. Nothing else may
        # write them: `_observe` copies them into the observation
        self._terminated = False
        self._injector, self._gone_at = InjectorState.SILENT, 0.0
        self._observation = Observation(now=clock(), expires=task.expires)

    def _with_patience(self, patience: Patience) -> Target:
        return Target(self._task.name, self._task.namespace, self._cluster.with_patience(patience))

    def terminate(self) -> None:
        """Restore at once. A signal's handler may call this."""
        self._terminated = True
        self._watch_set.wake()

    def decided(self, entry: Entry) -> None:
        """Replace the task's entry by the one that the injecting process is about to send."""
        self._entry = entry

    def injector_reported(self, state: InjectorState) -> None:
        """Take what the injecting process has reported, or that it has ended."""
        self._gone_at = self._clock() if state is InjectorState.GONE else 0.0
        self._injector = state
        self._watch_set.wake()

    def run(self) -> None:
        """Guard until there is nothing left to guard, whatever goes wrong meanwhile."""
        while True:
            try:
                self._guard()
                return
            except Exception as x:  # noqa: BLE001 - a guard that ends leaves the fault in place
                if self._gives_up(f"{self._target}: {_describe(x)}; going on"):
                    return
            self._watch_set.drop_all()
            time.sleep(self._timing.pause)

    def _guard(self) -> None:
        while True:
            before = self._observation.injector
            self._observe()
            if self._observation.injector is not before:
                logger.info(f"{self._target}: {self._observation.injector.value}")
                self._watch_set.drop_all()  # a watch may lag behind the report; a list does not
                continue
            action, until = decide(self._observation)
            if action is Action.WAIT:
                self._wait(until)
                continue
            logger.info(f"{self._target}: {action.value}")
            if action is Action.CLEAN:
                time.sleep(self._timing.others_clean_up)
            self._watch_set.close()
            if action is not Action.END:
                self._restore()
                self._clean()
            return

    def _observe(self) -> None:
        """Bring the observation up to date; the Deployment is read before the clock, and after the last report."""
        injector, in_place = self._injector, None
        try:
            deployment = self._watch_set.only(DEPLOYMENTS, self._task.namespace, self._task.name)
            in_place = deployment is not None and self._in_place(deployment)
        except Exception as x:  # noqa: BLE001 - the fault is undone at its expiry, whether it can be read or not
            self._log_trouble(f"{self._target} cannot be read: {_describe(x)}")
        self._observation = replace(
            self._observation,
            now=self._clock(),
            terminated=self._terminated,
            injector=injector,
            injector_gone_at=self._gone_at,
            in_place=in_place,
            was_in_place=self._observation.was_in_place or in_place is True,
        )

    def _in_place(self, deployment: Deployment) -> bool:
        """Return whether the Deployment has the injection's record, or its image without a record."""
        record, entry = read_record(deployment), self._entry
        recorded = next((e for e in record.values() if e.id == entry.id), None)
        if recorded is not None:
            # the orders were written before the patch was sent, so the record counts more
            self._entry = recorded if recorded.original else entry
            return True
        other = record.get(entry.container)
        return in_place(deployment, entry) and (other is None or not other.id)

    def _wait(self, until: float | None) -> None:
        """Wait for a change, at most until a time in seconds since 1970; briefly if the Deployment cannot be read."""
        left = self._timing.long_pause if until is None else max(0.0, until - self._clock())
        if self._observation.in_place is None:
            left = min(left, self._timing.pause)
        try:
            self._watch_set.next_change(time.monotonic() + min(left, self._timing.long_pause))
        except ClusterError as x:
            logger.info(f"{self._target} cannot be watched: {one_line(x)}")
            self._watch_set.drop_all()
            time.sleep(min(left, self._timing.pause))

    def _restore(self) -> None:
        """Restore, again and again until it succeeds or the guard gives up."""
        attempt, began = 0, self._clock()
        while True:
            attempt += 1
            target = self._with_patience(PATIENT if attempt % 4 == 0 else HASTY)
            try:
                with self._turns:
                    result = restore(target, injection_ids=[self._entry.id], remembered=[self._entry])
                logger.info(f"{self._target}: {result['outcome']}")
                return
            except ImageCorruptError as x:
                if self._gives_up(f"{self._target} is not restored yet: {one_line(x)}"):
                    return
                self._pause(x, began)

    def _clean(self) -> None:
        """Remove the traces of the fault, again and again until none is left or time is up."""
        target, began = self._with_patience(Patience()), self._clock()
        while True:
            try:
                with self._turns:
                    warnings = clean_up(target, [self._entry], clean_history=True)
                if not warnings or self._clock() >= began + self._timing.clean_up:
                    for warning in warnings:
                        logger.warning(f"{self._target}: {warning}")
                    return
                time.sleep(self._timing.pause)
            except ClusterError as x:
                if self._gives_up(f"{self._target} is not cleaned up yet: {one_line(x)}"):
                    return
                self._pause(x, began)

    def _pause(self, x: ImageCorruptError, began: float) -> None:
        time.sleep(
            self._timing.pause
            if x.is_transient or self._clock() < began + self._timing.soon
            else self._timing.long_pause
        )

    def _log_trouble(self, trouble: str) -> None:
        """Log what is wrong, but not again while it stays the same."""
        if trouble != self._trouble:
            self._trouble = trouble
            logger.info(trouble)

    def _gives_up(self, trouble: str) -> bool:
        """Log what is wrong; return whether it has lasted for too long."""
        self._log_trouble(trouble)
        if self._clock() <= self._observation.expires + self._timing.give_up:
            return False
        logger.error(f"{self._target} is given up after a day; restore it by hand")
        return True


def _describe(x: Exception) -> str:
    return one_line(x) if isinstance(x, ImageCorruptError) else f"{type(x).__name__}: {one_line(x)}"
