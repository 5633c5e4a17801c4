"""What the guard does while it is up: watches one Deployment, and restores it when its time has come."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from typing import Any

from logzero import logger

from ..errors import ClusterError, ImageCorruptError, one_line
from ..kube.client import Cluster, Patience
from ..kube.resources import DEPLOYMENTS
from ..kube.waiting import WatchSet
from ..record.annotations import read_record
from ..record.entry import Entry
from ..record.presence import in_place
from ..restore.clean_up import clean_up
from ..restore.restore import restore
from ..workload.target import Target
from .decide import Duty, InjectorState, Sight, duty
from .orders import Task

__all__ = ["GuardTiming", "Watch"]

# Short, so that a request that hangs does not eat up the 5 s in which the fault is to be undone; now and then long, for
# an API server that is slow and not away
HASTY = Patience(connect=2.0, read=4.0, retry_for=0.0)
PATIENT = Patience(connect=2.0, read=60.0, retry_for=0.0)


@dataclass(frozen=True)
class GuardTiming:
    """Pauses and limits of a guard, in seconds.

    Attributes:
        pause: between two attempts.
        long_pause: between two later attempts, after an answer that time alone does not change.
        soon: from the first attempt; until then such answers are not the last word: an API server that starts answers
            401 and 403 until it has read roles and keys.
        give_up: after the expiry; that cluster is not coming back.
        clean_up: to try again to remove traces that had to stay.
        others_clean_up: that the process that restored has to clean up first.
    """

    pause: float = 1.0
    long_pause: float = 30.0
    soon: float = 300.0
    give_up: float = 24 * 3600.0
    clean_up: float = 15.0
    others_clean_up: float = 1.0


DEFAULT_TIMING = GuardTiming()


class Watch:
    """One injection, guarded.

    Args:
        task: what is guarded.
        cluster: where it is.
        clock: seconds since 1970.
        turns: is held while restoring, when there are others that restore too.
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
        # written by a signal's handler and by the thread that listens, so nothing else may write them
        self._terminated = False
        self._heard, self._gone_at = InjectorState.SILENT, 0.0
        self._sight = Sight(now=clock(), expires=task.expires)

    def _with_patience(self, patience: Patience) -> Target:
        return Target(self._task.name, self._task.namespace, self._cluster.with_patience(patience))

    def terminate(self) -> None:
        """Restore at once; may be called by a signal's handler."""
        self._terminated = True
        self._watch_set.wake()

    def decided(self, entry: Entry) -> None:
        """Take what the injecting process records instead of what the task says; called before it is sent."""
        self._entry = entry

    def heard(self, said: InjectorState) -> None:
        """Take what the injecting process has said."""
        self._gone_at = self._clock() if said is InjectorState.GONE else 0.0
        self._heard = said
        self._watch_set.wake()

    def run(self) -> None:
        """Guard until there is nothing to guard any longer, whatever goes wrong meanwhile."""
        while True:
            try:
                self._guard()
                return
            except Exception as x:  # noqa: BLE001 - a guard that ends leaves the fault in place
                if self._gives_up(f"{self._target}: {_named(x)}; going on"):
                    return
            self._watch_set.drop_all()
            time.sleep(self._timing.pause)

    def _guard(self) -> None:
        while True:
            said = self._sight.injector
            self._look()
            if self._sight.injector is not said:
                logger.info(f"{self._target}: {self._sight.injector.value}")
                self._watch_set.drop_all()  # a watch may lag behind what was heard; a list does not
                continue
            todo, until = duty(self._sight)
            if todo is Duty.WAIT:
                self._wait(until)
                continue
            logger.info(f"{self._target}: {todo.value}")
            if todo is Duty.CLEAN:
                time.sleep(self._timing.others_clean_up)
            self._watch_set.close()
            if todo is not Duty.END:
                self._restore()
                self._clean()
            return

    def _look(self) -> None:
        heard, in_place = self._heard, None
        try:
            deployment = self._watch_set.only(DEPLOYMENTS, self._task.namespace, self._task.name)
            in_place = deployment is not None and self._in_place(deployment)
        except Exception as x:  # noqa: BLE001 - the fault is undone at its expiry, seen or not
            self._say(f"{self._target} cannot be seen: {_named(x)}")
        self._sight = replace(
            self._sight,
            now=self._clock(),
            terminated=self._terminated,
            injector=heard,
            injector_gone_at=self._gone_at,
            in_place=in_place,
            was_in_place=self._sight.was_in_place or in_place is True,
        )

    def _in_place(self, deployment: dict[str, Any]) -> bool:
        """Whether the injection's record is there, or its image without a record: somebody removed only that."""
        record, entry = read_record(deployment), self._entry
        recorded = next((e for e in record.values() if e.id == entry.id), None)
        if recorded is not None:
            # what was told is from before the patch
            self._entry = recorded if recorded.original else entry
            return True
        other = record.get(entry.container)
        return in_place(deployment, entry) and (other is None or not other.id)

    def _wait(self, until: float | None) -> None:
        left = self._timing.long_pause if until is None else max(0.0, until - self._clock())
        if self._sight.in_place is None:
            left = min(left, self._timing.pause)
        try:
            self._watch_set.next_change(time.monotonic() + min(left, self._timing.long_pause))
        except ClusterError as x:
            logger.info(f"{self._target} cannot be watched: {one_line(x)}")
            self._watch_set.drop_all()
            time.sleep(min(left, self._timing.pause))

    def _restore(self) -> None:
        attempt, began = 0, self._clock()
        while True:
            attempt += 1
            target = self._with_patience(PATIENT if attempt % 4 == 0 else HASTY)
            try:
                with self._turns:
                    done = restore(target, injection_ids=[self._entry.id], remembered=[self._entry])
                logger.info(f"{self._target}: {done['outcome']}")
                return
            except ImageCorruptError as x:
                if self._gives_up(f"{self._target} is not restored yet: {one_line(x)}"):
                    return
                self._pause(x, began)

    def _clean(self) -> None:
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

    def _say(self, trouble: str) -> None:
        """Log what is wrong, once as long as it stays the same."""
        if trouble != self._trouble:
            self._trouble = trouble
            logger.info(trouble)

    def _gives_up(self, trouble: str) -> bool:
        """Say what is wrong, and whether it has lasted for too long."""
        self._say(trouble)
        if self._clock() <= self._sight.expires + self._timing.give_up:
            return False
        logger.error(f"{self._target} is given up after a day; restore it by hand")
        return True


def _named(x: Exception) -> str:
    return one_line(x) if isinstance(x, ImageCorruptError) else f"{type(x).__name__}: {one_line(x)}"
