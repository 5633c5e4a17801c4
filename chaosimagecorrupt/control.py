"""An experiment-level control: restores whatever the run corrupted, and fails a run that proves nothing.

```json
"controls": [{"name": "image-corrupt", "provider": {"type": "python", "module": "chaosimagecorrupt.control"}}]
```

Chaos Toolkit ends a run as `completed` when the fault was not injected, did not bite, or was not undone. With this
control such a run is `failed`, and `chaos run` exits with 1. Whatever the rollback strategy and however the run ended,
the image is put back at its end, as long as Chaos Toolkit still calls its controls; on the other paths the guard does.
"""

from collections.abc import Mapping
from typing import Any

from chaoslib.types import Activity, Experiment, Journal
from logzero import logger

from . import rollout
from .errors import ClusterError, ImageCorruptError, plain
from .memory import Fault
from .restoring import restore
from .target import MEMORY, Target
from .waiting import Followed, Rollout

__all__ = [
    "after_experiment_control",
    "before_activity_control",
    "before_experiment_control",
    "cleanup_control",
]

JOURNAL_KEY = "image-corrupt"


def before_experiment_control(context: Experiment) -> None:
    """Forget the faults of an earlier run in this process, as far as they are undone.

    Args:
        context: the experiment.
    """
    MEMORY.forget_restored()


def before_activity_control(context: Activity) -> None:
    """Look whether the fault bites, before something else happens; a probe that has seen it already suffices.

    Args:
        context: the activity.
    """
    for fault in MEMORY.faults():
        if fault.confirmed and fault.bitten_at is None and fault.restored_at is None:
            _look(fault)


def after_experiment_control(context: Experiment, state: Journal) -> None:
    """Restore what is left, and put the outcome into the journal.

    Args:
        context: the experiment.
        state: the journal; gets the key `image-corrupt` with `{faults, problems}`. Its status becomes `failed` when
            there are problems and it was `completed`.
    """
    problems = []
    faults = [f for f in MEMORY.faults() if f.entries]
    if _was_to_inject(context, state) and not any(f.confirmed for f in faults):
        problems.append("the fault was not injected")
    for fault in faults:
        problems += _ended(fault)
    state[JOURNAL_KEY] = {"faults": [_for_journal(f) for f in faults], "problems": problems}
    for problem in problems:
        logger.error(f"image-corrupt: {problem}")
    if problems and state.get("status") == "completed":
        state["status"] = "failed"


def cleanup_control() -> None:
    """Restore what is left when Chaos Toolkit has not called `after_experiment_control`."""
    for fault in MEMORY.faults():
        if fault.entries and fault.restored_at is None:
            _restored(fault)


def _ended(fault: Fault) -> list[str]:
    """Undo a fault when nothing else has; return what is wrong with it."""
    called = f"Deployment {fault.namespace}/{fault.name}"
    if fault.restored_at is None:
        if fault.bitten_at is None and fault.confirmed:
            _look(fault)
        trouble = _restored(fault)
        if trouble:
            return [f"{called} is not restored: {trouble}"]
    if fault.confirmed and fault.bitten_at is None:
        return [f"the fault did not bite: no pod of {called} was seen that could not pull the image"]
    return []


def _restored(fault: Fault) -> str | None:
    """Undo a fault; return why it could not be undone."""
    try:
        target = Target(fault.name, fault.namespace, fault.cluster)
        restore(target, injection_ids=[e.id for e in fault.entries.values()])
    except ImageCorruptError as x:
        return plain(x, 500)
    return None


def _look(fault: Fault) -> None:
    followed = Followed(fault.cluster)
    try:
        view, _ = Rollout(followed, fault.namespace, fault.name, pods=True).look()
        images = {e.container: e.image for e in fault.entries.values() if e.image is not None}
        if view is not None and any(rollout.pull_failure(pod, images) for pod in view.pods):
            fault.bitten_at = view.at
    except ClusterError as x:
        logger.debug(f"{fault.namespace}/{fault.name}: could not look whether the fault bites: {plain(x)}")
    finally:
        followed.close()


def _was_to_inject(experiment: Mapping[str, Any], journal: Mapping[str, Any]) -> bool:
    """Whether the method has an injection that was meant in earnest, and the run got beyond the first hypothesis."""
    before = (journal.get("steady_states") or {}).get("before")
    if before is not None and not before.get("steady_state_met"):
        return False
    return any(_injects(a) for a in experiment.get("method") or [] if isinstance(a, Mapping))


def _injects(activity: Mapping[str, Any]) -> bool:
    provider = activity.get("provider") or {}
    earnest = not (provider.get("arguments") or {}).get("dry_run")
    return provider.get("module") == "chaosimagecorrupt.actions" and earnest


def _for_journal(fault: Fault) -> dict[str, Any]:
    return {
        "namespace": fault.namespace,
        "deployment": fault.name,
        "injected": fault.confirmed,
        "bitten_at": fault.bitten_at,
        "restored_at": fault.restored_at,
        "recovered_at": fault.recovered_at,
        "containers": {e.container: {"id": e.id, "original_image": e.original} for e in fault.entries.values()},
    }
