"""What went wrong with the run itself: not injected, did not take effect, not restored."""

from collections.abc import Collection, Mapping, Sequence

from ..kube.types import Json
from ..record.fault import Fault
from ..restore.command import restore_command
from ..verdict.journal import TargetJson
from ..verdict.model import Verdict
from ..workload.kinds import kind_named
from .judging import Judging
from .method import injects

__all__ = ["problems_of"]


def problems_of(
    experiment: Json,
    judging: Judging,
    journal: Json,
    faults: Sequence[Fault],
    restore_errors: Mapping[str, str],
    targets: Sequence[TargetJson],
) -> list[str]:
    """Return what went wrong with the run itself, one sentence each.

    Args:
        experiment: the experiment.
        judging: of the run.
        journal: the journal so far.
        faults: what the run injected.
        restore_errors: why a workload, as messages name it, could not be restored.
        targets: what was concluded.
    """
    problems = [judging.refused] if judging.refused else []
    problems += [_not_restored(name, error) for name, error in restore_errors.items()]
    injected = any(f.confirmed for f in faults)
    if judging.dry is None and not injected and _was_to_inject(experiment, journal):
        problems.append("the fault was not injected")
    return problems + _unproven(faults, {*restore_errors, *_undone_by_owner(targets)})


def _not_restored(called: str, error: str) -> str:
    kind, _, path = called.partition(" ")
    namespace, _, name = path.partition("/")
    return f"{called} is not restored: {error}; restore it: {restore_command(namespace, name, kind_named(kind))}"


def _unproven(faults: Sequence[Fault], explained: Collection[str]) -> list[str]:
    """Return a sentence for each fault of which no pod shows that it had an effect, and nothing explains why."""
    names = (str(f.target) for f in faults if f.confirmed and f.pull_failed_at is None)
    return [
        f"the fault did not take effect: no pod of {name} was observed that could not pull the image"
        for name in names
        if name not in explained
    ]


def _undone_by_owner(targets: Sequence[TargetJson]) -> set[str]:
    """Return the Deployments whose owner undid the fault: only these get such verdicts although no pull failed."""
    well = (Verdict.RESILIENT, Verdict.DEGRADED)
    undone = (t for t in targets if t["verdict"] in well)
    return {f"{t.get('kind', 'Deployment')} {t['namespace']}/{t['deployment']}" for t in undone}


def _was_to_inject(experiment: Json, journal: Json) -> bool:
    """Whether the method injects a fault, and the steady state before it was met or not checked."""
    before = (journal.get("steady_states") or {}).get("before")
    if before is not None and not before.get("steady_state_met"):
        return False
    return any(injects(a) for a in experiment.get("method") or [] if isinstance(a, Mapping))
