"""The functions that Chaos Toolkit calls before and after the experiment and each of its activities."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import PurePath
from typing import Any

import click
from chaoslib.exceptions import InterruptExecution, InvalidActivity
from chaoslib.types import Activity, Configuration, Control, Experiment, Journal, Secrets
from logzero import logger

from ..concurrency import CONCURRENCY, map_concurrently
from ..errors import ClusterError, Refused, one_line
from ..kube.types import Deployment, Pod
from ..kube.waiting import WatchSet
from ..record.annotations import corrupt_in
from ..record.fault import Fault
from ..record.memory import MEMORY
from ..restore.many import restore_all, todo_of_faults
from ..verdict import JOURNAL_KEY
from ..verdict.journal import SectionJson
from ..workload.pull_failures import pull_failure
from ..workload.view import Rollout
from .arguments import check_arguments
from .closing import closing_lines
from .fail_on import fails
from .judging import Judging
from .method import injects
from .problems import problems_of
from .signals import without_exit_signals

__all__ = [
    "after_activity_control",
    "after_experiment_control",
    "before_activity_control",
    "before_experiment_control",
    "cleanup_control",
    "validate_control",
]


# The judging of the current run; empty between runs. Chaos Toolkit runs one experiment at a time in a process
_current: list[Judging] = []


def validate_control(control: Control) -> None:
    """Check the control's arguments when the experiment is validated.

    Args:
        control: the control's declaration in the experiment.

    Raises:
        InvalidActivity: one is not known, or its value is not valid.
    """
    check_arguments((control.get("provider") or {}).get("arguments"))


def before_experiment_control(
    context: Experiment,
    configuration: Configuration | None = None,
    secrets: Secrets | None = None,
    **arguments: Any,
) -> None:
    """Forget the undone faults of an earlier run in this process, and start the timelines.

    A control that is declared in the settings and in the experiment is called twice; it judges once, by the arguments
    of both.

    Args:
        context: the experiment.
        configuration: Chaos Toolkit's.
        secrets: Chaos Toolkit's.
        arguments: of the control.

    Raises:
        InterruptExecution: the arguments make no sense, or an action of the experiment means another cluster. Chaos
            Toolkit goes on after any other error of a control.
    """
    if not _current or _current[0].experiment is not context:
        _begin_judging(context, configuration, secrets)
    try:
        _current[0].configure(arguments)
        _current[0].check_clusters()
    except (InvalidActivity, Refused) as x:
        raise InterruptExecution(str(x)) from x
    _current[0].start()


def before_activity_control(context: Activity, **arguments: Any) -> None:
    """Check whether the image cannot be pulled, unless a probe did, before the next activity changes anything.

    Before the fault is injected, wait until its Deployment is followed, and for a moment until it is complete.

    Args:
        context: the activity.
        arguments: of the control; not used here.
    """
    unproven = [f for f in MEMORY.faults() if f.confirmed and f.pull_failed_at is None and f.left]
    list(map_concurrently(_check_pull_failure, unproven, CONCURRENCY))
    for judging in _current:
        judging.follow_faults()
        if injects(context):
            judging.wait_until_following()
            judging.wait_until_complete()


def after_activity_control(context: Activity, **arguments: Any) -> None:
    """Start to follow the Deployments that the activity corrupted.

    Args:
        context: the activity.
        arguments: of the control; not used here.
    """
    for judging in _current:
        judging.follow_faults()


def after_experiment_control(context: Experiment, state: Journal, **arguments: Any) -> None:
    """Restore the faults that are left, and write the verdict into the journal.

    Args:
        context: the experiment.
        state: the journal; gets the key `image-corrupt`, see docs/verdict.md. Its status becomes `failed` when the
            verdict is one of `fail_on` and it was `completed`.
        arguments: of the control.
    """
    if JOURNAL_KEY in state:  # this control is declared twice
        return
    with without_exit_signals():
        _restore_and_judge(context, state, arguments)


def cleanup_control() -> None:
    """Restore the faults that are left when Chaos Toolkit did not call `after_experiment_control`."""
    restore_all(todo_of_faults(MEMORY.faults()))
    _end_judging()


def _restore_and_judge(context: Experiment, state: Journal, arguments: Mapping[str, Any]) -> None:
    judging = _current[0] if _current else _begin_late(context, arguments)
    judging.follow_faults()
    if not _current:  # the control is applied only at the end: the timeline has to begin before the restore
        _current.append(judging)
        judging.wait_until_following()
    restore_errors = _restore_all(_injected_faults())
    judging.wait_for_recovery(_injected_faults(), state)
    verdict = judging.verdict(_injected_faults(), state, restore_errors)
    _end_judging()
    section: SectionJson = {
        **verdict,
        "thresholds": judging.arguments.to_json(),
        "problems": problems_of(context, judging, state, _injected_faults(), restore_errors, verdict["targets"]),
    }
    state[JOURNAL_KEY] = section
    judged = bool(section["targets"] or section["problems"])  # a run that was not to inject anything is not judged
    if judged and fails(section["verdict"], judging.arguments.fail_on) and state.get("status") == "completed":
        state["status"] = "failed"
    for line in closing_lines(section, _journal_path()):
        logger.log(line.level, f"image-corrupt: {line.text}")


def _begin_judging(experiment: Experiment, configuration: Configuration | None, secrets: Secrets | None) -> None:
    MEMORY.forget_restored()
    _end_judging()
    judging = Judging(experiment, configuration, secrets)
    MEMORY.set_dry_run(judging.dry is not None)
    if MEMORY.dry_run:
        logger.info(f"image-corrupt: dry run ({judging.dry}): nothing is injected, and nothing is waited for")
    _current.append(judging)


def _begin_late(experiment: Experiment, arguments: Mapping[str, Any]) -> Judging:
    """Return a judging for a control that Chaos Toolkit did not call before the experiment, by its `scope`."""
    judging = Judging(experiment, None, None)
    with suppress(InvalidActivity):  # the judging keeps why they are refused
        judging.configure(arguments)
    return judging


def _end_judging() -> None:
    MEMORY.set_dry_run(False)
    while _current:
        _current.pop().end()


def _injected_faults() -> list[Fault]:
    """Return the faults of this run as the memory has them now, after what was restored or observed meanwhile."""
    return [f for f in MEMORY.faults() if f.entries]


def _journal_path() -> str:
    """Return where `chaos run` will write the journal, by its option `--journal-path`."""
    context = click.get_current_context(silent=True)
    return str(PurePath((context and context.params.get("journal_path")) or "journal.json"))


def _restore_all(faults: list[Fault]) -> dict[str, str]:
    """Undo the faults that nothing else has undone; return why some could not be, by how messages name them."""
    unproven = [f for f in faults if f.left and f.pull_failed_at is None and f.confirmed]
    list(map_concurrently(_check_pull_failure, unproven, CONCURRENCY))
    results = restore_all(todo_of_faults(faults))
    failed = (r for r in results if r["outcome"] == "failed")
    return {f"{r.get('kind', 'Deployment')} {r['namespace']}/{r['deployment']}": r["error"] for r in failed}


def _check_pull_failure(fault: Fault) -> None:
    """Keep in memory when a pod cannot pull the corrupt image."""
    watch_set = WatchSet(fault.cluster)
    try:

        def proof(deployment: Deployment) -> Callable[[Pod], bool]:
            corrupt = dict.fromkeys(corrupt_in(deployment, fault.left))
            return lambda pod: pull_failure(pod, corrupt) is not None

        view, _ = Rollout(watch_set, fault.target, proof=proof).look()
        if view is not None and any(map(proof(view.deployment), view.pods)):
            MEMORY.pull_failed(fault, view.at)
    except ClusterError as x:
        logger.debug(f"{fault.target}: could not check whether the image cannot be pulled: {one_line(x)}")
    finally:
        watch_set.close()
