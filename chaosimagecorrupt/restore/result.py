"""The result of a restore: what it returns, its log lines and its warnings."""

from collections.abc import Iterable, Sequence
from typing import NotRequired, TypedDict, final

from ..errors import ImageCorruptError, one_line
from ..kube.types import Deployment
from ..record.entry import OPERATOR_CHAOS, is_by_operator_chaos
from ..workload.containers import container_of
from ..workload.kinds import with_kind
from ..workload.target import Target
from .decide import RestorePlan
from .outcome import Outcome, RestoreOutcome

__all__ = [
    "ContainerResult",
    "NotRestored",
    "RestorePreview",
    "RestoreResult",
    "RestoresResult",
    "container_result",
    "container_warnings",
    "log_line",
    "not_restored",
    "nothing_to_restore",
    "outcome_of_all",
    "preview_of",
    "record_warnings",
    "result_of",
    "results_of",
]


class ContainerResult(TypedDict):
    """What became of one container, see `outcome.Outcome`; `outcome` is a `RestoreOutcome`, `at` is RFC 3339."""

    container: str
    outcome: str
    id: str
    original_image: str | None
    corrupt_image: str | None
    found_image: str | None
    by: str | None
    at: str | None


@final
class RestoreResult(TypedDict):
    """What became of a Deployment, as the journal keeps it; `outcome` is a `RestoreOutcome`.

    Of a StatefulSet or a DaemonSet, `kind` says so, and `deployment` has its name; so in the others below.

    `restored` is the time in seconds since 1970. `chaos image-corrupt restore` adds an `error` when the Deployment or
    the container that it was to restore is not there.
    """

    namespace: str
    deployment: str
    outcome: str
    restored: float
    containers: list[ContainerResult]
    warnings: list[str]
    kind: NotRequired[str]
    error: NotRequired[str]


@final
class RestorePreview(TypedDict):
    """What would become of a Deployment: a `RestoreResult` without the time, and with `dry_run`, which is true."""

    namespace: str
    deployment: str
    outcome: str
    containers: list[ContainerResult]
    warnings: list[str]
    dry_run: bool
    kind: NotRequired[str]
    error: NotRequired[str]


@final
class NotRestored(TypedDict):
    """The result of a restore that raised an error; `outcome` is `RestoreOutcome.FAILED`."""

    namespace: str
    deployment: str
    outcome: str
    error: str
    kind: NotRequired[str]


class RestoresResult(TypedDict):
    """What became of many Deployments; `restored` and `failed` count them."""

    restored: int
    failed: int
    deployments: list[RestoreResult | NotRestored]


def result_of(
    target: Target,
    outcomes: Sequence[Outcome],
    warnings: Sequence[str],
    now: float,
    outcome: RestoreOutcome | None = None,
) -> RestoreResult:
    """Return the result of a restore.

    Args:
        target: the Deployment.
        outcomes: one for each container.
        warnings: for the person who reads the journal.
        now: seconds since 1970.
        outcome: of the Deployment; None for the first of `RestoreOutcome` that a container has.
    """
    result: RestoreResult = {
        "namespace": target.namespace,
        "deployment": target.name,
        "outcome": (outcome or outcome_of_all(outcomes)).value,
        "restored": now,
        "containers": [container_result(o) for o in outcomes],
        "warnings": list(warnings),
    }
    return with_kind(result, target.kind)


def nothing_to_restore(target: Target, now: float) -> RestoreResult:
    """Return the result of a restore that has nothing to do, at `now` in seconds since 1970."""
    return result_of(target, (), (), now)


def not_restored(target: Target, x: ImageCorruptError) -> NotRestored:
    """Return the result of a restore that raised an error, where other Deployments are still to be restored.

    Args:
        target: the Deployment.
        x: the error; the result has at most 500 characters of its message.

    Returns:
        `{namespace, deployment, outcome: "failed", error}`.
    """
    result: NotRestored = {
        "namespace": target.namespace,
        "deployment": target.name,
        "outcome": RestoreOutcome.FAILED.value,
        "error": one_line(x, 500),
    }
    return with_kind(result, target.kind)


def results_of(results: list[RestoreResult | NotRestored]) -> RestoresResult:
    """Return the result of the restores of many Deployments."""
    failed = sum(result["outcome"] == RestoreOutcome.FAILED for result in results)
    return {"restored": len(results) - failed, "failed": failed, "deployments": results}


def preview_of(result: RestoreResult) -> RestorePreview:
    """Return the result of a restore that was not carried out: without the time, and with `dry_run`."""
    preview: RestorePreview = {
        "namespace": result["namespace"],
        "deployment": result["deployment"],
        "outcome": result["outcome"],
        "containers": result["containers"],
        "warnings": result["warnings"],
        "dry_run": True,
    }
    return {**preview, "kind": result["kind"]} if "kind" in result else preview


def record_warnings(plan: RestorePlan) -> list[str]:
    """Return a warning for each container whose record was removed before the restore, or made by operator-chaos."""
    removed = [_unrecorded(o) for o in plan.outcomes if o.entry in plan.unrecorded]
    return removed + [_of_operator_chaos(o) for o in plan.outcomes if is_by_operator_chaos(o.entry)]


def container_warnings(after: Deployment, outcomes: Iterable[Outcome]) -> list[str]:
    """Return a warning for each container that does not have its original image after the restore.

    Args:
        after: the Deployment as the API server returned it.
        outcomes: one for each container.
    """
    return [w for o in outcomes for w in (_changed_by_webhook(after, o) or _corrupt_again(o),) if w]


def log_line(outcome: Outcome) -> str:
    """Return the log line on what became of a container."""
    entry, container = outcome.entry, one_line(outcome.container, 63)
    who = f" by {one_line(outcome.by, 80)} at {one_line(outcome.at, 40)}" if outcome.by else ""
    return {
        RestoreOutcome.RESTORED: f"restored {container} to {one_line(entry.original)}",
        RestoreOutcome.HEALED: f"{container} was put back to {one_line(entry.original)} already{who}; "
        "removed the record",
        RestoreOutcome.SUPERSEDED: f"{container} got {one_line(outcome.found)} meanwhile{who}, which stays; "
        "removed the record",
        RestoreOutcome.CONTAINER_GONE: f"container {container} is not in the template any longer; removed the record",
    }[outcome.outcome]


def outcome_of_all(outcomes: Sequence[Outcome]) -> RestoreOutcome:
    """Return what became of a Deployment: the first of `RestoreOutcome` that one of its containers has."""
    found = {o.outcome for o in outcomes}
    return next((o for o in RestoreOutcome if o in found), RestoreOutcome.NOTHING_TO_RESTORE)


def container_result(outcome: Outcome) -> ContainerResult:
    """Return what became of a container, as the journal keeps it."""
    return {
        "container": outcome.container,
        "outcome": outcome.outcome.value,
        "id": outcome.entry.id,
        "original_image": outcome.entry.original,
        "corrupt_image": outcome.entry.image,
        "found_image": outcome.found,
        "by": outcome.by,
        "at": outcome.at,
    }


def _of_operator_chaos(outcome: Outcome) -> str:
    return f"the fault in container {one_line(outcome.container, 63)} is one of {OPERATOR_CHAOS}, which may still run"


def _unrecorded(outcome: Outcome) -> str:
    entry, container = outcome.entry, one_line(outcome.container, 63)
    if outcome.outcome is not RestoreOutcome.RESTORED:
        return (
            f"the record of container {container} was removed, but not the progress deadline of the fault: put back "
            f"from {entry.deadline} s to {entry.original_deadline} s"
        )
    return (
        f"the record of container {container} was removed, but not the corrupt image: the original image "
        f"'{one_line(entry.original)}' was taken from this run's memory or the rollout history"
    )


def _changed_by_webhook(after: Deployment, outcome: Outcome) -> str | None:
    found = container_of(after, outcome.container)
    if outcome.outcome is not RestoreOutcome.RESTORED or found is None:
        return None
    if found.image == outcome.entry.original:
        return None
    sent, stored = one_line(outcome.entry.original), one_line(found.image)
    return f"container {outcome.container} has '{stored}': an admission webhook has replaced the original '{sent}'"


def _corrupt_again(outcome: Outcome) -> str | None:
    """Return a warning when another client has set the corrupt image since, perhaps by `kubectl rollout undo`."""
    if outcome.outcome is not RestoreOutcome.SUPERSEDED or outcome.found != outcome.entry.image:
        return None
    return (
        f"container {outcome.container} has the corrupt image '{one_line(outcome.found)}', and keeps it, because "
        f"{one_line(outcome.by, 80)} has set it since; the original image is '{one_line(outcome.entry.original)}'"
    )
