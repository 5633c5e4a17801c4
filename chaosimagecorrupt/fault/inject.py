"""Puts the fault in place on the cluster; its guard is up before the patch is sent."""

import os
import uuid
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from logzero import logger

from ..errors import NotFound, one_line
from ..guard import container
from ..guard.log import log_path
from ..guard.orders import Orders, Task
from ..guard.report import GuardProcess
from ..guard.reuse import guard_for
from ..kube.settings import Settings
from ..kube.types import Deployment
from ..record.memory import MEMORY
from ..record.snapshot import Snapshot
from ..workload.behind_name import refusal_behind
from ..workload.events import emit
from ..workload.pull_causes import INTENDED
from ..workload.target import Target, whoami
from .consent import DEFAULT_CONSENT, Consent
from .decide import InjectionPlan, Origin, as_stored, plan_injection
from .events import corrupted_event
from .result import GuardResult
from .spec import FaultSpec

__all__ = ["GuardHandle", "Injected", "Injection", "guard_result"]

_Decide = Callable[[Deployment, InjectionPlan | None], InjectionPlan]
StartGuard = Callable[[Orders, Mapping[str, str]], GuardProcess]


class GuardHandle:
    """The guard of one or many injections, which may have others of this process too.

    Args:
        settings: how the guard reaches the cluster.
        start: returns the guard once it guards the injections; starts it if it is not up.

    Attributes:
        log: the path of the guard's log; None before it is started.
        warnings: why the guard may not outlive this process; empty before it is started.
    """

    def __init__(self, settings: Settings, start: StartGuard = guard_for) -> None:
        self._settings, self._start = settings, start
        self._guard: GuardProcess | None = None
        self.log: str | None = None
        self.warnings: list[str] = []

    def start(self, *tasks: Task) -> None:
        """Have the guard up; if it guards the injections already, report what was decided again.

        Args:
            tasks: all injections that it guards.

        Raises:
            Refused: it did not start.
        """
        if self._guard is not None:
            for task in tasks:
                self._guard.decided(task.entry)
            return
        log = str(log_path(tasks[0].entry.id, os.environ))
        self._guard = self._start(Orders(_with_shared_watches(tasks), self._settings, log), os.environ)
        self.log = self._guard.log
        for task in tasks:
            MEMORY.guarded(task.entry.id, self._guard)
        self.warnings = [w for w in (container.warning(),) if w]
        for warning in self.warnings:
            logger.warning(warning)

    def injected(self, injection_id: str) -> None:
        """Report that this fault is in place."""
        if self._guard is not None:
            self._guard.injected(injection_id)

    def not_injected(self, injection_id: str, *, maybe: bool) -> None:
        """Report that this fault is not in place.

        Args:
            injection_id: the injection's id.
            maybe: the API server may have stored it all the same, so the guard has to find out by itself.
        """
        if self._guard is not None:
            self._guard.leave(injection_id) if maybe else self._guard.release(injection_id)


def _with_shared_watches(tasks: Sequence[Task]) -> tuple[Task, ...]:
    # who injects into several Deployments of a namespace at once has listed them all, and may watch them all
    counts = Counter(task.namespace for task in tasks)
    return tuple(replace(task, shared_watch=counts[task.namespace] > 1) for task in tasks)


def guard_result(guard_handle: GuardHandle | None) -> GuardResult:
    """Return what an activity returns about its guard; None: there is none."""
    if guard_handle is None:
        return {"guard_log": None, "warnings": []}
    return {"guard_log": guard_handle.log, "warnings": guard_handle.warnings}


class Injected(NamedTuple):
    """What an injection did, or a dry run of it would have done.

    Attributes:
        plan: of the injection.
        after: the Deployment as the API server returned it.
    """

    plan: InjectionPlan
    after: Deployment


class Injection:
    """One injection.

    Args:
        target: the Deployment.
        spec: what to corrupt, and how.
        guard_handle: its guard, which may guard other injections too; None: no guard.
        consent: what decides whether the owners allow it, besides the Deployment.
    """

    def __init__(
        self,
        target: Target,
        spec: FaultSpec,
        guard_handle: GuardHandle | None = None,
        consent: Consent = DEFAULT_CONSENT,
    ) -> None:
        self.target, self.id = target, uuid.uuid4().hex
        self._spec, self._guard_handle, self._consent = spec, guard_handle, consent
        self._origin = Origin(self.id, target.cluster.timing.now(), whoami(), target.cluster.address)

    def decide(self, deployment: Deployment) -> InjectionPlan:
        """Return the plan for a Deployment as it was read; nothing is sent.

        Raises:
            Refused: the Deployment must not be corrupted.
        """
        return self._decide(Snapshot(deployment))

    def task(self, plan: InjectionPlan) -> Task:
        """Return the guard's task for this injection."""
        target, expires = self.target, self._origin.now + self._spec.ttl
        return Task(target.name, target.namespace, plan.entry, expires, target.kind.name)

    def dry_run(self, listed: Deployment | None = None) -> Injected:
        """Have the API server check the patch; nothing is stored and no guard is started.

        Args:
            listed: the Deployment as it was listed; it is read when there is none.

        Returns:
            The plan, and the Deployment as it would be.
        """
        done = Injected(*self._patch(lambda deployment, _: self.decide(deployment), listed, dry_run=True))
        self._log(done.plan, "would corrupt")
        return done

    def inject(self, listed: Deployment | None = None) -> Injected:
        """Put the fault in place.

        Args:
            listed: the Deployment as it was listed; it is read when there is none.

        Returns:
            The plan, and the Deployment as the API server returned it.

        Raises:
            Refused: the Deployment must not be corrupted, or the guard did not start; nothing was changed.
            ClusterError: the API server could not be reached, or refused.
        """
        try:
            plan, after = self._patch(self._prepare, listed)
        except BaseException as x:
            self._failed(x)
            raise
        plan = as_stored(plan, after)
        MEMORY.injected(self.target.cluster, after, plan.entry)
        if self._guard_handle is not None:
            self._guard_handle.injected(self.id)
        self._log(plan, "corrupted")
        emit(self.target, after, [corrupted_event(plan.entry, after, guarded=self._guard_handle is not None)])
        return Injected(plan, after)

    def give_up(self) -> None:
        """Report to the guard that this injection will not be made."""
        if self._guard_handle is not None:
            self._guard_handle.not_injected(self.id, maybe=False)

    def _patch(
        self, decide: _Decide, listed: Deployment | None, *, dry_run: bool = False
    ) -> tuple[InjectionPlan, Deployment]:
        try:
            return self.target.patch(decide, listed=listed, dry_run=dry_run)
        except NotFound as x:
            raise (refusal_behind(self.target) or x) from x

    def _decide(self, snapshot: Snapshot) -> InjectionPlan:
        return plan_injection(snapshot, self._spec, self._origin, self._consent)

    def _prepare(self, deployment: Deployment, earlier: InjectionPlan | None) -> InjectionPlan:
        """Plan the injection, have the guard up, and remember the plan: all before the patch is sent."""
        snapshot = Snapshot(deployment)
        if earlier is not None and any(e.id == self.id for e in snapshot.record.values()):
            return replace(earlier, patch=None)  # the patch was stored, but its answer was lost
        plan = self._decide(snapshot)
        if self._guard_handle is not None:
            self._guard_handle.start(self.task(plan))
        MEMORY.injecting(self.target.cluster, deployment, plan.entry)
        return plan

    def _log(self, plan: InjectionPlan, verb: str) -> None:
        entry = plan.entry
        for warning in plan.warnings:
            logger.warning(f"{self.target}: {one_line(warning, 500)}")
        change = f"{one_line(entry.original)} -> {one_line(entry.image)}"
        cause = f", meant to report: {INTENDED[entry.cause]}" if entry.cause else ""
        logger.info(f"{self.target}: {verb} {entry.container}, {change}{cause}, until {entry.expires}")

    def _failed(self, x: BaseException) -> None:
        """Report that there is nothing to guard, unless the API server may have stored the patch all the same."""
        maybe = self.target.maybe_stored(x)
        if not maybe:
            MEMORY.not_injected(self.target, self.id)
        if self._guard_handle is not None:
            self._guard_handle.not_injected(self.id, maybe=maybe)
