"""What Chaos Toolkit calls: before and after the experiment and each of its activities."""

from collections.abc import Callable, Mapping
from typing import Any

from chaoslib.types import Activity, Configuration, Control, Experiment, Journal, Secrets
from logzero import logger

from ..concurrency import CONCURRENCY, map_concurrently
from ..errors import ClusterError, ImageCorruptError, one_line
from ..kube.waiting import WatchSet
from ..record.annotations import corrupt_in
from ..record.memory import MEMORY, Fault
from ..restore.restore import restore
from ..verdict import JOURNAL_KEY
from ..workload import rollout
from ..workload.target import Target
from ..workload.view import Rollout
from .judging import Judging, check_fail_on, fails

__all__ = [
    "after_activity_control",
    "after_experiment_control",
    "before_activity_control",
    "before_experiment_control",
    "cleanup_control",
    "validate_control",
]


# the judging of the run that is under way in this process; Chaos Toolkit runs one at a time
_under_way: list[Judging] = []


def validate_control(control: Control) -> None:
    """Refuse arguments that make no sense, when the experiment is validated.

    Args:
        control: the control's declaration in the experiment.

    Raises:
        InvalidActivity: `fail_on` is no list of verdicts.
    """
    fail_on = ((control.get("provider") or {}).get("arguments") or {}).get("fail_on")
    if not (isinstance(fail_on, str) and fail_on.startswith("${")):  # that is put in when the experiment is run
        check_fail_on(fail_on)


def before_experiment_control(
    context: Experiment,
    configuration: Configuration | None = None,
    secrets: Secrets | None = None,
    fail_on: list[str] | None = None,
) -> None:
    """Forget the faults of an earlier run in this process, as far as they are undone, and begin the timelines.

    Args:
        context: the experiment.
        configuration: Chaos Toolkit's.
        secrets: Chaos Toolkit's.
        fail_on: not used here.
    """
    MEMORY.forget_restored()
    _end_judging()
    judging = Judging(context, configuration, secrets)
    _under_way.append(judging)
    judging.begin()


def before_activity_control(context: Activity, fail_on: list[str] | None = None) -> None:
    """Look whether the fault bites, before something else happens; a probe that has seen it already suffices.

    Before the fault is injected, wait until its Deployment is followed.

    Args:
        context: the activity.
        fail_on: not used here.
    """
    unproven = [f for f in MEMORY.faults() if f.confirmed and f.bitten_at is None and f.left]
    list(map_concurrently(_look, unproven, CONCURRENCY))
    for judging in _under_way:
        judging.catch_up()
        if _injects(context):
            judging.ready()


def after_activity_control(context: Activity, fail_on: list[str] | None = None) -> None:
    """Begin to follow what the activity has corrupted, unless it is followed already.

    Args:
        context: the activity.
        fail_on: not used here.
    """
    for judging in _under_way:
        judging.catch_up()


def after_experiment_control(context: Experiment, state: Journal, fail_on: list[str] | None = None) -> None:
    """Restore what is left, and put the verdict into the journal.

    Args:
        context: the experiment.
        state: the journal; gets the key `image-corrupt`, see docs/verdict.md. Its status becomes `failed` when the
            verdict is one of `fail_on` and it was `completed`.
        fail_on: the verdicts that make the run fail; Failed and Inconclusive when it is not given.
    """
    judging = _under_way[0] if _under_way else Judging(context, None, None)
    faults = [f for f in MEMORY.faults() if f.entries]
    judging.catch_up()
    if not _under_way:  # this control is applied at the end only: the timeline is to begin before the restore
        _under_way.append(judging)
        judging.ready()
    ended = zip(faults, map_concurrently(_ended, faults, CONCURRENCY), strict=True)
    troubles = {f"{f.namespace}/{f.name}": trouble for f, trouble in ended if trouble}
    judging.wait_for_recovery(faults, state)
    found = judging.verdict(faults, state, troubles)
    faults = [MEMORY.latest(f) for f in faults]
    _end_judging()
    problems = _problems(context, state, faults, troubles)
    state[JOURNAL_KEY] = {**found, "problems": problems}
    _say(found, problems)
    judged = bool(found["targets"] or problems)  # a run that was to inject nothing claims nothing
    if judged and fails(found["verdict"], fail_on) and state.get("status") == "completed":
        state["status"] = "failed"


def cleanup_control() -> None:
    """Restore what is left when Chaos Toolkit has not called `after_experiment_control`."""
    list(map_concurrently(_restored, [f for f in MEMORY.faults() if f.left], CONCURRENCY))
    _end_judging()


def _end_judging() -> None:
    while _under_way:
        _under_way.pop().end()


def _problems(experiment: Experiment, journal: Journal, faults: list[Fault], troubles: Mapping[str, str]) -> list[str]:
    problems = [f"Deployment {called} is not restored: {trouble}" for called, trouble in troubles.items()]
    if _was_to_inject(experiment, journal) and not any(f.confirmed for f in faults):
        problems.append("the fault was not injected")
    for fault in faults:
        called = f"{fault.namespace}/{fault.name}"
        if fault.confirmed and fault.bitten_at is None and called not in troubles:
            problems.append(
                f"the fault did not bite: no pod of Deployment {called} was seen that could not pull the image"
            )
    return problems


def _say(found: Mapping[str, Any], problems: list[str]) -> None:
    """Say the verdict in a few lines."""
    said = {"Resilient": logger.info, "Degraded": logger.warning}
    for target in found["targets"]:
        called = f"{target['namespace']}/{target['deployment']}"
        say = said.get(target["verdict"], logger.error)
        say(f"image-corrupt: verdict on {called}: {target['verdict']}")
        for reason in target["reasons"]:
            say(f"image-corrupt:   {one_line(reason, 500)}")
        for row in target["rubric"]:
            if row["result"] == "violation":
                logger.warning(f"image-corrupt:   not so: {row['title']}: {one_line(row['why'], 500)}")
    for problem in problems:
        logger.error(f"image-corrupt: {problem}")


def _ended(fault: Fault) -> str | None:
    """Undo what nothing else has undone; return why it could not be."""
    if not fault.left:
        return None
    if fault.bitten_at is None and fault.confirmed:
        _look(fault)
    return _restored(fault)


def _restored(fault: Fault) -> str | None:
    """Undo a fault; return why it could not be undone."""
    try:
        target = Target(fault.name, fault.namespace, fault.cluster)
        restore(target, injection_ids=[e.id for e in fault.left])
    except ImageCorruptError as x:
        return one_line(x, 500)
    return None


def _look(fault: Fault) -> None:
    watch_set = WatchSet(fault.cluster)
    try:

        def proof(deployment: Mapping[str, Any]) -> Callable[[Mapping[str, Any]], bool]:
            corrupt = dict.fromkeys(corrupt_in(deployment, fault.left))
            return lambda pod: rollout.pull_failure(pod, corrupt) is not None

        view, _ = Rollout(watch_set, fault.namespace, fault.name, proof=proof).look()
        if view is not None and any(map(proof(view.deployment), view.pods)):
            MEMORY.bitten(fault, view.at)
    except ClusterError as x:
        logger.debug(f"{fault.namespace}/{fault.name}: could not look whether the fault bites: {one_line(x)}")
    finally:
        watch_set.close()


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
