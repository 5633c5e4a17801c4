"""Many Deployments at once: all of them are corrupted, or none is; and the restoring of many."""

import threading
from collections.abc import Sequence
from typing import Any

from ..concurrency import CONCURRENCY, map_concurrently
from ..errors import ClusterError, ImageCorruptError, Refused
from ..record.memory import MEMORY
from ..restore.many import Todo, restore_all
from .decide import InjectionPlan
from .inject import GuardHandle, Injection

__all__ = ["corrupt_all"]

_SAID = 10  # troubles that an error names

Object = dict[str, Any]
Injected = tuple[InjectionPlan, Object]


def corrupt_all(
    injections: Sequence[Injection],
    seen: Sequence[Object],
    *,
    guard_handle: GuardHandle | None,
    concurrency: int = CONCURRENCY,
    dry_run: bool = False,
) -> list[Injected]:
    """Put the fault in place on each Deployment, or on none.

    Args:
        injections: one for each Deployment.
        seen: the Deployments as they were listed, in the same order.
        guard_handle: the guard of them all; None: no guard.
        concurrency: how many are under way at most.
        dry_run: have the API server check the patches; nothing is stored and no guard is started.

    Returns:
        For each the injection, and the Deployment as the API server made it.

    Raises:
        Refused: a Deployment must not be touched, so none was.
        ImageCorruptError: the fault could not be put in place on one; the others were restored, or it says which were
            not.
    """
    plans = _decide(injections, seen)
    pairs = list(zip(injections, seen, strict=True))
    if dry_run:
        return list(map_concurrently(lambda pair: pair[0].dry_run(pair[1]), pairs, concurrency))
    if guard_handle is not None:
        guard_handle.start(*(i.task(d) for i, d in zip(injections, plans, strict=True)))
    together = _Together(pairs, concurrency)
    try:
        together.inject()
    except BaseException:  # an interruption above all
        together.undo()
        raise
    if together.failed:
        left = together.undo()
        raise ImageCorruptError(_not_all(together, len(pairs), left)) from next(iter(together.failed.values()))
    return together.injected


class _Together:
    """Injections of which one that fails undoes the others."""

    def __init__(self, pairs: Sequence[tuple[Injection, Object]], concurrency: int) -> None:
        self._pairs, self._concurrency = pairs, concurrency
        self._stopped = threading.Event()
        self._begun: set[str] = set()
        self.injected: list[Injected] = []
        self.failed: dict[str, ImageCorruptError] = {}

    def inject(self) -> None:
        """Inject all, until one fails."""
        done = list(map_concurrently(self._one, self._pairs, self._concurrency))
        self.injected = [d for d in done if d is not None]

    def _one(self, pair: tuple[Injection, Object]) -> Injected | None:
        injection, deployment = pair
        if self._stopped.is_set():
            return None
        self._begun.add(injection.id)
        try:
            return injection.inject(deployment)
        except ImageCorruptError as x:
            self.failed[injection.id] = x
            self._stopped.set()
            return None

    def undo(self) -> list[dict[str, Any]]:
        """Restore what is, or may be, in place; return what could not be restored."""
        for injection, _ in self._pairs:
            if injection.id not in self._begun:
                injection.give_up()
        mine = [i for i, _ in self._pairs if i.id in self._begun and not self._is_certainly_not_injected(i)]
        done = list(restore_all([Todo(i.target, [i.id]) for i in mine], concurrency=self._concurrency))
        for injection, result in zip(mine, done, strict=True):
            if result["outcome"] != "failed":
                target = injection.target
                MEMORY.not_injected(target.cluster, target.namespace, target.name, injection.id)
        return [dict(d) for d in done if d["outcome"] == "failed"]

    def _is_certainly_not_injected(self, injection: Injection) -> bool:
        failure = self.failed.get(injection.id)
        return failure is not None and not (isinstance(failure, ClusterError) and failure.maybe_acted)


def _decide(injections: Sequence[Injection], seen: Sequence[Object]) -> list[InjectionPlan]:
    """Decide on all, so that whatever must not be touched is known before anything is."""
    plans, refusals = [], []
    for injection, deployment in zip(injections, seen, strict=True):
        try:
            plans.append(injection.decide(deployment))
        except Refused as x:
            refusals.append(str(x))
    if refusals:
        raise Refused(f"{len(refusals)} of {len(seen)} Deployments are refused, so none was touched: {_some(refusals)}")
    return plans


def _not_all(together: _Together, number: int, left: Sequence[Object]) -> str:
    said = f"{len(together.failed)} of {number} Deployments could not be corrupted: "
    said += _some([str(x) for x in together.failed.values()])
    if not left:
        return f"{said}. The others are as they were"
    named = _some([f"{d['namespace']}/{d['deployment']} ({d['error']})" for d in left])
    return f"{said}. CORRUPTED STILL, restore them: {named}"


def _some(texts: Sequence[str]) -> str:
    more = len(texts) - _SAID
    return "; ".join(texts[:_SAID]) + (f"; and {more} more" if more > 0 else "")
