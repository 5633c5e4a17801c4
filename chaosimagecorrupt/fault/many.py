"""Corrupts many Deployments at once: all of them, or none."""

import threading
from collections.abc import Sequence
from typing import NamedTuple

from ..concurrency import CONCURRENCY, map_concurrently
from ..errors import ImageCorruptError, Refused
from ..kube.client import Cluster
from ..kube.types import Deployment
from ..record.find import matching_workloads
from ..record.memory import MEMORY
from ..restore.command import restore_command
from ..restore.many import Todo, restore_all
from ..restore.result import NotRestored, RestoreResult
from ..workload.deployment import DEPLOYMENT
from ..workload.kind import WorkloadKind
from ..workload.target import Target
from .consent import Consent
from .decide import InjectionPlan
from .inject import GuardHandle, Injection, guard_result
from .namespaces import with_namespaces
from .result import CorruptImagesResult, InjectionResult, injection_result
from .selection import Selection, select
from .spec import FaultSpec

__all__ = ["corrupt_all", "corrupt_selected"]

_NAMED = 10  # errors that a message quotes


def corrupt_selected(
    cluster: Cluster,
    namespace: str | None,
    selection: Selection,
    spec: FaultSpec,
    consent: Consent,
    *,
    guard_handle: GuardHandle | None,
    concurrency: int = CONCURRENCY,
    dry_run: bool = False,
    kind: WorkloadKind = DEPLOYMENT,
) -> CorruptImagesResult:
    """Find the Deployments that match, choose among them, and put the fault in place on each of these, or on none.

    Args:
        cluster: the connection to the cluster.
        namespace: where to search; None for all namespaces.
        selection: how to choose.
        spec: what to corrupt, and how.
        consent: what else decides whether a Deployment may be corrupted; its Namespace is read here.
        guard_handle: see `corrupt_all`.
        concurrency: see `corrupt_all`.
        dry_run: see `corrupt_all`.
        kind: of the workloads.

    Returns:
        What was done to each.

    Raises:
        Refused: as `corrupt_all`; or no Deployment matches, or too many do.
        ImageCorruptError: as `corrupt_all`.
    """
    matching = list(matching_workloads(cluster, namespace, selection.label_selector, kind))
    chosen = select(matching, selection, kind.name)
    targets = [Target.found(deployment, cluster) for deployment in chosen]
    consents = with_namespaces(consent, cluster, (target.namespace for target in targets), concurrency)
    injections = [Injection(target, spec, guard_handle, consents[target.namespace]) for target in targets]
    done = corrupt_all(injections, chosen, guard_handle=guard_handle, concurrency=concurrency, dry_run=dry_run)
    return {
        "matched": len(matching),
        "seed": selection.seed,
        **(guard_result(guard_handle)),
        "targets": done,
    }


def corrupt_all(
    injections: Sequence[Injection],
    listed: Sequence[Deployment],
    *,
    guard_handle: GuardHandle | None,
    concurrency: int = CONCURRENCY,
    dry_run: bool = False,
) -> list[InjectionResult]:
    """Put the fault in place on each Deployment, or on none.

    Args:
        injections: one for each Deployment.
        listed: the Deployments as they were listed, in the same order.
        guard_handle: the guard of all of them; None: no guard.
        concurrency: how many are changed at the same time, at most.
        dry_run: have the API server check the patches; nothing is stored and no guard is started.

    Returns:
        What was done to each Deployment, in the same order.

    Raises:
        Refused: one of the Deployments must not be corrupted; none was changed.
        ImageCorruptError: the fault could not be put in place on one of them; the others are restored, and the message
            names those that could not be.
    """
    plans = _decide(injections, listed)
    pairs = [_Pair(*pair) for pair in zip(injections, listed, strict=True)]
    if dry_run:
        return list(map_concurrently(_dry_run, pairs, concurrency))
    if guard_handle is not None:
        guard_handle.start(*(i.task(d) for i, d in zip(injections, plans, strict=True)))
    batch = _Batch(pairs, concurrency)
    try:
        batch.inject()
    except BaseException:  # KeyboardInterrupt and Chaos Toolkit's exit on a signal too
        batch.undo()
        raise
    if batch.failed:
        undone = batch.undo()
        raise ImageCorruptError(_failure_text(batch, len(pairs), undone)) from next(iter(batch.failed.values()))
    return batch.injected


class _Pair(NamedTuple):
    """An injection, and its Deployment as it was listed."""

    injection: Injection
    listed: Deployment


def _dry_run(pair: _Pair) -> InjectionResult:
    return injection_result(*pair.injection.dry_run(pair.listed))


class _Batch:
    """Injections that are made together: if one fails, the others are undone."""

    def __init__(self, pairs: Sequence[_Pair], concurrency: int) -> None:
        self._pairs, self._concurrency = pairs, concurrency
        self._stopped = threading.Event()
        self._begun: set[str] = set()
        self.kind = pairs[0].injection.target.kind
        self.injected: list[InjectionResult] = []
        self.failed: dict[str, ImageCorruptError] = {}

    def inject(self) -> None:
        """Make the injections, until one fails; those under way are completed."""
        done = list(map_concurrently(self._one, self._pairs, self._concurrency))
        self.injected = [d for d in done if d is not None]

    def _one(self, pair: _Pair) -> InjectionResult | None:
        injection = pair.injection
        if self._stopped.is_set():
            return None
        self._begun.add(injection.id)
        try:
            return injection_result(*injection.inject(pair.listed))
        except ImageCorruptError as x:
            self.failed[injection.id] = x
            self._stopped.set()
            return None

    def undo(self) -> list[RestoreResult | NotRestored]:
        """Restore what is, or may be, in place; return the results."""
        for injection, _ in self._pairs:
            if injection.id not in self._begun:
                injection.give_up()
        return self._restore([i for i, _ in self._pairs if self._maybe_injected(i)])

    def _restore(self, injections: Sequence[Injection]) -> list[RestoreResult | NotRestored]:
        todo = [Todo(i.target, [i.id]) for i in injections]
        results = restore_all(todo, concurrency=self._concurrency)
        for injection, result in zip(injections, results, strict=True):
            if "containers" in result:
                target = injection.target
                MEMORY.not_injected(target, injection.id)
        return results

    def _maybe_injected(self, injection: Injection) -> bool:
        failure = self.failed.get(injection.id)
        return injection.id in self._begun and (failure is None or injection.target.maybe_stored(failure))


def _decide(injections: Sequence[Injection], listed: Sequence[Deployment]) -> list[InjectionPlan]:
    """Plan all injections before any is made, so that one refusal leaves every Deployment unchanged."""
    plans, refusals = [], []
    for injection, deployment in zip(injections, listed, strict=True):
        try:
            plans.append(injection.decide(deployment))
        except Refused as x:
            refusals.append(str(x))
    if refusals:
        count = f"{len(refusals)} of {len(listed)} {injections[0].target.kind.name}s"
        raise Refused(f"{count} are refused, so none was touched: {_some(refusals)}")
    return plans


def _failure_text(batch: _Batch, number: int, undone: Sequence[RestoreResult | NotRestored]) -> str:
    text = f"{len(batch.failed)} of {number} {batch.kind.name}s could not be corrupted: "
    text += _some([str(x) for x in batch.failed.values()])
    corrupted = [_still_corrupted(r, batch.kind) for r in undone if "containers" not in r]
    traces = [f"{r['namespace']}/{r['deployment']}: {w}" for r in undone if "containers" in r for w in r["warnings"]]
    if corrupted:
        text += f". STILL CORRUPTED, restore them: {_some(corrupted)}"
    if traces:
        return f"{text}. The others have their images back, but: {_some(traces)}"
    return text if corrupted else f"{text}. The others are as they were"


def _still_corrupted(found: NotRestored, kind: WorkloadKind) -> str:
    namespace, name = found["namespace"], found["deployment"]
    return f"{namespace}/{name} ({found['error']}), by {restore_command(namespace, name, kind)}"


def _some(texts: Sequence[str]) -> str:
    more = len(texts) - _NAMED
    return "; ".join(texts[:_NAMED]) + (f"; and {more} more" if more > 0 else "")
