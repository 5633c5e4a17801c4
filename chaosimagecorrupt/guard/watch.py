"""Guards one injection: watches its Deployment, and does what `decide` says."""

import time
from collections.abc import Callable
from dataclasses import replace

from logzero import logger

from ..errors import ClusterError, ImageCorruptError, one_line
from ..kube.client import Cluster, Patience
from ..kube.waiting import WatchSet
from ..record.entry import Entry
from ..restore.command import restore_command
from ..workload.kinds import kind_named
from ..workload.target import Target
from .attempts import HASTY, Attempts
from .decide import GUARD_TIMING, Action, Decision, GuardTiming, InjectorState, Observation, decide, is_undone
from .guarded_fault import GuardedFault
from .orders import Task
from .turns import Turns
from .undoing import Undoing

__all__ = ["InjectionGuard", "target_of"]


class InjectionGuard:
    """The guard of one injection.

    Args:
        task: the injection.
        cluster: the connection to its cluster.
        clock: returns seconds since 1970.
        turns: held during each attempt, so that not all guards of a process send requests at the same time.
        timing: pauses and limits.
    """

    def __init__(
        self,
        task: Task,
        cluster: Cluster,
        clock: Callable[[], float],
        turns: Turns,
        timing: GuardTiming = GUARD_TIMING,
    ) -> None:
        self._task, self._clock, self._timing = task, clock, timing
        self._fault, self._cluster = GuardedFault(task.entry), cluster
        self._undoing = Undoing(turns)
        self._target = self._with_patience(HASTY)
        self._attempts = Attempts(clock, timing)
        self._trouble, self._stop = "", ""
        self._watch_set = WatchSet(self._target.cluster)
        # Other threads write these three; nothing else may write them: `_observe` copies them into the observation
        self._asked_to_end = False
        self._injector, self._injector_gone_at = InjectorState.SILENT, 0.0
        self._observation = Observation(now=clock(), expires=task.expires)

    def _with_patience(self, patience: Patience) -> Target:
        return target_of(self._task, self._cluster.with_patience(patience))

    def ask_to_end(self) -> None:
        """Have the guard end, after one attempt to restore if the fault may be in place."""
        self._asked_to_end = True
        self._watch_set.wake()

    def decided(self, entry: Entry) -> None:
        """Replace the task's entry by the one that the injecting process is about to send."""
        self._fault.entry = entry

    def injector_reported(self, state: InjectorState) -> None:
        """Take what the injecting process has reported.

        That the fault is undone is looked at with the watch's next event, which comes at the same time, or when it is
        time to clean up: to wake the guards of many Deployments twice would hold up those that are restored next.
        """
        self._injector = state
        if state is not InjectorState.UNDONE:
            self._watch_set.wake()

    def injector_ended(self) -> None:
        """Take that the injecting process has ended, or does nothing more about this injection."""
        self._injector_gone_at = self._injector_gone_at or self._clock()
        if self._injector is InjectorState.SILENT:
            self._injector = InjectorState.GONE
        self._watch_set.wake()

    @property
    def _urgent(self) -> bool:
        """Whether to look at once: for a signal, a report (see `injector_reported`), or a stop condition.

        Pods may be ready again half a second after the stop condition was met.
        """
        reported = self._injector not in (self._observation.injector, InjectorState.UNDONE)
        return self._asked_to_end or reported or (bool(self._fault.entry.stop_below) and not self.undone)

    @property
    def undone(self) -> bool:
        """Whether the fault is known to be undone, or was not injected."""
        return is_undone(self._observation) or self._observation.injector is InjectorState.RELEASED

    def log_what_is_left(self) -> None:
        """Log what is left to do by hand when the guard ends now."""
        by_hand = restore_command(self._task.namespace, self._task.name, self._target.kind)
        why = f" ({self._trouble})" if self._trouble else ""
        if not self.undone:
            logger.error(f"{self._target} may still be corrupted{why}; restore it: {by_hand}")
        else:
            logger.warning(
                f"{self._target} has its image back, but traces of the fault may be left{why}: the field manager "
                f"chaosimagecorrupt in managedFields, the {self._target.kind.revision_name} with the corrupt image, "
                f"and copies of the record; remove them: {by_hand}"
            )

    def run(self) -> None:
        """Guard until there is nothing left to guard, whatever goes wrong meanwhile."""
        while True:
            try:
                if not self._step():
                    return
            except Exception as x:  # noqa: BLE001 - a guard that ends leaves the fault in place
                self._log_trouble(f"{_describe(x)}; going on")
                self._watch_set.drop_all()
                self._sleep(self._timing.pause)

    def _step(self) -> bool:
        """Observe, decide, and do it once; return whether there is more to do."""
        before = self._observation.injector
        self._observe()
        if self._observation.injector is not before:
            logger.info(f"{self._target}: {self._observation.injector.value}")
            if self._observation.injector is InjectorState.INJECTED and not self._observation.in_place:
                self._catch_up()
                return True
        decision = decide(self._observation, self._timing)
        if decision.action is Action.WAIT:
            self._wait(decision.until)
            return True
        self._log_decision(decision)
        self._watch_set.drop_all()
        if decision.action is Action.RESTORE:
            self._restore()
            return True
        if decision.action is Action.CLEAN_UP:
            return not self._clean_up()
        self._undoing.emit_events(self._target)
        return False

    def _catch_up(self) -> None:
        """Wait for a moment until the watch shows the fault: it may lag behind the report. If it does not, list again.

        A list does not lag, but with many injections at once one for each would hold up those that are next.
        """
        until = time.monotonic() + self._timing.watch_lag
        try:
            while self._watch_set.next_change(until) and not self._asked_to_end:
                if self._read()[0]:
                    return
        except ClusterError as x:
            logger.info(f"{self._target} cannot be watched: {one_line(x)}")
        self._watch_set.drop_all()

    def _log_decision(self, decision: Decision) -> None:
        if decision.action in (Action.GIVE_UP, Action.LEAVE_TRACES):
            self.log_what_is_left()
        elif not self._observation.failed:
            stop = f", because {self._stop}" if self._observation.stopped and not self._observation.restored else ""
            logger.info(f"{self._target}: {decision.action.value}{stop}")

    def _observe(self) -> None:
        """Bring the observation up to date; the Deployment is read before the clock, and after the last report."""
        injector, found = self._injector, self._observation.in_place
        if not self._observation.failed:  # the next attempt itself reads the Deployment
            found, self._stop = self._read()
        if injector is InjectorState.INJECTED is not self._observation.injector and not found:
            found = None  # the watch may lag behind the report: `_catch_up`
        observation = replace(
            self._observation,
            now=self._clock(),
            asked_to_end=self._asked_to_end,
            injector=injector,
            injector_gone_at=self._injector_gone_at,
            in_place=found,
            stopped=found is True and bool(self._stop),
            was_in_place=self._observation.was_in_place or found is True,
        )
        undone = is_undone(observation)
        if undone and not observation.undone_at:
            observation = replace(observation, undone_at=observation.now, failed=False)
        self._observation = observation if undone else replace(observation, undone_at=0.0)

    def _read(self) -> tuple[bool | None, str]:
        """Return whether the fault is in place, None while that cannot be read; and why its stop condition is met."""
        try:
            task, resource = self._task, self._target.kind.resource
            deployment = self._watch_set.only(resource, task.namespace, task.name, shared_watch=task.shared_watch)
            return self._fault.look(deployment)
        except Exception as x:  # noqa: BLE001 - the fault is undone at its expiry, whether it can be read or not
            self._log_trouble(f"it cannot be read: {_describe(x)}")
            return None, ""

    def _wait(self, until: float | None) -> None:
        """Wait for a change, at most until a time in seconds since 1970; briefly if the Deployment cannot be read.

        A change that is not urgent is looked at half a second later: whoever restores many Deployments needs the
        processors.
        """
        left = self._timing.long_pause if until is None else max(0.0, until - self._clock())
        if self._observation.in_place is None:
            left = min(left, self._timing.pause)
        end = time.monotonic() + min(left, self._timing.long_pause)
        try:
            if self._watch_set.next_change(end) and not self._urgent:
                time.sleep(max(0.0, min(self._timing.lull, end - time.monotonic())))
        except ClusterError as x:
            logger.info(f"{self._target} cannot be watched: {one_line(x)}")
            self._watch_set.drop_all()
            self._sleep(min(left, self._timing.pause))

    def _restore(self) -> None:
        """Try once to put the image back."""
        try:
            outcome = self._undoing.restore(
                self._attempting, self._fault.entry, self._stop if self._observation.stopped else ""
            )
        except Exception as x:  # noqa: BLE001 - a guard that ends leaves the fault in place
            self._failed(f"it is not restored yet: {_describe(x)}", x)
            return
        logger.info(f"{self._target}: {outcome}")
        self._attempts.succeeded()
        self._observation = replace(self._observation, restored=True, failed=False)

    def _clean_up(self) -> bool:
        """Try once to remove the traces of the fault; return whether none is left."""
        self._observation = replace(self._observation, cleaning_since=self._observation.cleaning_since or self._clock())
        try:
            warnings = self._undoing.clean_up(self._attempting, self._fault.entry)
        except Exception as x:  # noqa: BLE001 - the traces that are left are to be named
            self._failed(f"it is not cleaned up yet: {_describe(x)}", x)
            return False
        if warnings:
            self._failed("; ".join(warnings))
        return not warnings

    def _attempting(self) -> Target:
        """Return the Deployment to work on in the next attempt."""
        return self._with_patience(self._attempts.next_patience(hurried=self._asked_to_end))

    def _failed(self, trouble: str, x: Exception | None = None) -> None:
        """Take that an attempt failed, and pause."""
        self._log_trouble(trouble)
        self._observation = replace(self._observation, failed=True)
        self._sleep(self._attempts.pause_after(x))

    def _sleep(self, seconds: float) -> None:
        """Sleep until there is a report, or the guard is asked to end."""
        if not self._asked_to_end:
            self._watch_set.next_change(time.monotonic() + seconds)

    def _log_trouble(self, trouble: str) -> None:
        """Log what is wrong, but not again while it stays the same."""
        if trouble != self._trouble:
            self._trouble = trouble
            logger.info(f"{self._target}: {trouble}")


def target_of(task: Task, cluster: Cluster) -> Target:
    """Return the workload that a task is about, on a connection to its cluster."""
    return Target(task.name, task.namespace, cluster, kind_named(task.kind))


def _describe(x: Exception) -> str:
    return one_line(x) if isinstance(x, ImageCorruptError) else f"{type(x).__name__}: {one_line(x)}"
