"""Putting an image back on the cluster, and leaving no trace: what the rollbacks, the control and the guard share."""

import time
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from logzero import logger

from ..errors import ClusterError, Forbidden, ImageCorruptError, NotFound, Refused, one_line
from ..kube.managed_fields import written_at
from ..record.annotations import read_record
from ..record.entry import Entry
from ..record.memory import MEMORY
from ..record.presence import in_place, shortened
from ..workload.containers import container_of
from ..workload.target import Target
from .clean_up import clean_up
from .decide import Outcome, Restoration, restoration, unrecorded

__all__ = ["not_restored", "nothing_to_restore", "preview_restore", "restore"]

_ORDER = ("restored", "healed", "superseded", "container-gone")


@dataclass
class _Decided:
    """The latest decision on a Deployment, and what it was taken on."""

    on: Mapping[str, Any] = field(default_factory=dict)
    restoration: Restoration = field(default_factory=lambda: Restoration(None, [], []))
    warnings: list[str] = field(default_factory=list)


def restore(
    target: Target,
    *,
    container_name: str | None = None,
    injection_ids: Collection[str] | None = None,
    remembered: Iterable[Entry] = (),
    clean_history: bool = True,
) -> dict[str, Any]:
    """Put the image back, remove the record, and clean up after it.

    Args:
        target: the Deployment.
        container_name: the container to restore; None for every recorded one.
        injection_ids: the injections to undo; None for every one.
        remembered: injections that the caller knows and has not undone, in case the record is gone.
        clean_history: delete the corrupt ReplicaSet once it is scaled to 0.

    Returns:
        What `rollbacks.restore_image` returns.

    Raises:
        Refused: the original image is not known, or it cannot be told whether the present one is corrupt.
        ClusterError: the API server could not be reached, or refused.
    """
    decided = _Decided()
    remembered = list(remembered)
    known = [*remembered, *_remembered(target)]

    def decide(deployment: dict[str, Any]) -> dict[str, Any] | None:
        fresh, warnings = _decide(target, deployment, container_name, injection_ids, known)
        if decided.restoration.outcomes and not fresh.outcomes:
            decided.restoration.refusals[:] = fresh.refusals
            return fresh.patch  # the answer to the patch was lost, its effect was not
        decided.on, decided.restoration, decided.warnings = deployment, fresh, warnings
        return fresh.patch

    try:
        after = target.patch(decide)
    except NotFound as x:
        logger.info(f"{target}: {one_line(x)}; nothing to restore")
        return _result(target, "deployment-gone", [], [])
    outcomes = decided.restoration.outcomes
    record_lost_id = [
        e for e in known if injection_ids is not None and e.id in injection_ids and _lost_its_id(after, e)
    ]
    if record_lost_id and not outcomes:
        return restore(
            target, container_name=record_lost_id[0].container, remembered=remembered, clean_history=clean_history
        )
    if outcomes:
        healed = all(o.outcome == "healed" for o in outcomes)
        put_back = max((o.at or "" for o in outcomes), default="") or None if healed else written_at(after)
        ids = [o.entry.id for o in outcomes]
        MEMORY.restored(target.cluster, decided.on, after, time.time(), ids, put_back, healed=healed)
    MEMORY.undone(target.cluster, after, [e.id for e in _remembered(target) if _undone(after, e)])
    for outcome in outcomes:
        logger.info(f"{target}: {_log_line(outcome)}")
    warnings = [*decided.warnings, *filter(None, (_changed(after, o) or _again(o) for o in outcomes))]
    try:
        warnings += clean_up(target, [*known, *map(_as_found, outcomes)], clean_history=clean_history)
    except ClusterError as x:
        warnings.append(f"traces of the fault may be left; restore again to remove them: {one_line(x)}")
    for warning in warnings:
        logger.warning(f"{target}: {warning}")
    if decided.restoration.refusals:
        raise Refused("; ".join(decided.restoration.refusals))
    return _result(target, _foremost(outcomes), outcomes, warnings)


def preview_restore(
    target: Target, *, container_name: str | None = None, injection_ids: Collection[str] | None = None
) -> dict[str, Any]:
    """Tell what `restore` would do, and do nothing.

    Args:
        target: the Deployment.
        container_name: the container to restore; None for every recorded one.
        injection_ids: the injections to undo; None for every one.

    Returns:
        What `restore` would return, without the time and without the warnings of the cleaning up.

    Raises:
        Refused: as `restore`.
        ClusterError: the API server could not be reached, or refused.
    """
    try:
        deployment = target.get()
    except NotFound:
        return _preview_result(target, "deployment-gone", [], [])
    found, warnings = _decide(target, deployment, container_name, injection_ids, _remembered(target))
    if found.refusals:
        raise Refused("; ".join(found.refusals))
    return _preview_result(target, _foremost(found.outcomes), found.outcomes, warnings)


def nothing_to_restore(target: Target) -> dict[str, Any]:
    """Return what `restore` returns when there is nothing to do."""
    return _result(target, "nothing-to-restore", [], [])


def not_restored(target: Target, x: ImageCorruptError) -> dict[str, Any]:
    """Return what stands for the result of `restore` when it has raised this, and others are to go on."""
    failure = {"namespace": target.namespace, "deployment": target.name}
    return {**failure, "outcome": "failed", "error": one_line(x, 500)}


def _remembered(target: Target) -> list[Entry]:
    fault = MEMORY.fault(target.cluster, target.namespace, target.name)
    return fault.left if fault is not None else []


def _decide(
    target: Target,
    deployment: dict[str, Any],
    container_name: str | None,
    injection_ids: Collection[str] | None,
    known: Iterable[Entry],
) -> tuple[Restoration, list[str]]:
    """What is to be done with a Deployment as it was read, and a warning for each record that somebody removed."""
    stripped = _stripped(target, deployment, container_name, known)
    found = restoration(deployment, container_name=container_name, injection_ids=injection_ids, without_record=stripped)
    return found, [_warning(o) for o in found.outcomes if o.entry in stripped]


def _stripped(
    target: Target, deployment: dict[str, Any], container_name: str | None, known: Iterable[Entry]
) -> list[Entry]:
    """What is left of faults whose record somebody removed; only what is known already while the record is whole."""
    recorded = read_record(deployment)
    enough = bool(recorded) and all(e.original for e in recorded.values()) and container_name in (None, *recorded)
    if not enough or not all(e.id for e in recorded.values()):
        try:
            return unrecorded(deployment, target.replica_sets(deployment), known)
        except Forbidden:
            if not enough:
                raise
    return [e for e in unrecorded(deployment, [], known) if e.id]


def _lost_its_id(deployment: Mapping[str, Any], entry: Entry) -> bool:
    """Whether an injection's image is there, and of its record only what does not say which injection it was."""
    recorded = read_record(deployment).get(entry.container)
    return recorded is not None and not recorded.id and in_place(deployment, entry)


def _undone(deployment: Mapping[str, Any], entry: Entry) -> bool:
    """Whether an injection is not in place, and cannot come any longer: its patch has a version that is over."""
    generation = deployment["metadata"]["generation"]
    recorded = any(e.id == entry.id for e in read_record(deployment).values())
    left = recorded or in_place(deployment, entry) or shortened(deployment, entry)
    return generation >= (entry.generation or 0) and not left


def _as_found(outcome: Outcome) -> Entry:
    """What was injected, with the image that was found: an admission webhook may have made it of the recorded one."""
    return replace(outcome.entry, image=outcome.found) if outcome.outcome == "restored" else outcome.entry


def _changed(after: Mapping[str, Any], outcome: Outcome) -> str | None:
    """What is to be said when an admission webhook made another image of the original one."""
    found = container_of(after, outcome.container)
    if outcome.outcome != "restored" or found is None or found[1]["image"] == outcome.entry.original:
        return None
    sent, stored = one_line(outcome.entry.original), one_line(found[1]["image"])
    return f"container {outcome.container} has '{stored}': an admission webhook made that of the original '{sent}'"


def _again(outcome: Outcome) -> str | None:
    """What is to be said when somebody else has set the corrupt image since, perhaps by an undo to its ReplicaSet."""
    if outcome.outcome != "superseded" or outcome.found != outcome.entry.image:
        return None
    return (
        f"container {outcome.container} has the corrupt image '{one_line(outcome.found)}', and keeps it, because "
        f"{one_line(outcome.by, 80)} has set it since; the original image is '{one_line(outcome.entry.original)}'"
    )


def _warning(outcome: Outcome) -> str:
    entry = outcome.entry
    if outcome.outcome != "restored":
        return (
            f"the record of container {one_line(entry.container, 63)} is gone, its progress deadline was not; put back "
            f"from {entry.deadline} s to {entry.original_deadline} s"
        )
    return (
        f"the record of container {one_line(entry.container, 63)} is gone, its corrupt image was not; the original "
        f"image '{one_line(entry.original)}' was taken from this run's memory or the rollout history"
    )


def _log_line(outcome: Outcome) -> str:
    entry, container = outcome.entry, one_line(outcome.container, 63)
    who = f" by {one_line(outcome.by, 80)} at {one_line(outcome.at, 40)}" if outcome.by else ""
    return {
        "restored": f"restored {container} to {one_line(entry.original)}",
        "healed": f"{container} was put back to {one_line(entry.original)} already{who}; removed the record",
        "superseded": f"{container} got {one_line(outcome.found)} meanwhile{who}, which stays; removed the record",
        "container-gone": f"container {container} is not in the template any longer; removed the record",
    }[outcome.outcome]


def _foremost(outcomes: Iterable[Outcome]) -> str:
    found = {o.outcome for o in outcomes}
    return next((o for o in _ORDER if o in found), "nothing-to-restore")


def _preview_result(target: Target, outcome: str, outcomes: list[Outcome], warnings: list[str]) -> dict[str, Any]:
    done = _result(target, outcome, outcomes, warnings)
    return {**{k: v for k, v in done.items() if k != "restored"}, "dry_run": True}


def _result(target: Target, outcome: str, outcomes: list[Outcome], warnings: list[str]) -> dict[str, Any]:
    return {
        "namespace": target.namespace,
        "deployment": target.name,
        "outcome": outcome,
        "restored": time.time(),
        "containers": [o.to_json() for o in outcomes],
        "warnings": warnings,
    }
