"""Plans an injection: from a Deployment to the patch that corrupts one container's image, or to a refusal. Pure."""

from dataclasses import dataclass, replace
from typing import Any

from ..duration import rfc3339
from ..errors import one_line
from ..kube.managed_fields import DEADLINE, image_path, other_managers
from ..kube.types import Deployment
from ..record.annotations import metadata_patch
from ..record.entry import DEADLINE_OWNERS, IMAGE_OWNERS, Entry
from ..record.snapshot import Snapshot
from ..workload.collateral import fighting_owners
from ..workload.containers import container_of
from ..workload.kinds import kind_of
from ..workload.other_workloads import refuse_owned_by_other
from .causes import cause_warnings, corrupt_image_for
from .consent import DEFAULT_CONSENT, Consent, check_consent
from .refusals import (
    deadline_for,
    deadline_warnings,
    refuse_recorded,
    refuse_stop_below,
    refuse_stopped,
    rollout_warnings,
    target_container,
)
from .spec import FaultSpec

__all__ = ["InjectionPlan", "Origin", "as_stored", "plan_injection"]


@dataclass(frozen=True)
class Origin:
    """Which injection it is, and where it comes from.

    Attributes:
        injection_id: identifies the injection in the record.
        now: seconds since 1970.
        by: user and host.
        cluster: the API server's address.
    """

    injection_id: str
    now: float
    by: str
    cluster: str = ""


@dataclass(frozen=True)
class InjectionPlan:
    """The patch to send, and what goes with it.

    Attributes:
        patch: the strategic merge patch with record, image and resourceVersion; None when it is stored already.
        entry: the container's entry in the record.
        warnings: what the user should know, but what does not prevent the fault.
    """

    patch: dict[str, Any] | None
    entry: Entry
    warnings: list[str]


def plan_injection(
    snapshot: Snapshot, spec: FaultSpec, origin: Origin, consent: Consent = DEFAULT_CONSENT
) -> InjectionPlan:
    """Decide how to corrupt one container's image.

    Args:
        snapshot: the Deployment as it was read.
        spec: what to corrupt, and how.
        origin: which injection it is, and where it comes from.
        consent: what else decides whether the Deployment may be corrupted.

    Returns:
        The patch and what goes with it.

    Raises:
        Refused: the Deployment must not be corrupted, or no rollout could start.
    """
    deployment = snapshot.deployment
    field, container = target_container(deployment, spec.container_name)
    notes = check_consent(deployment, consent)
    refuse_owned_by_other(deployment)
    refuse_recorded(snapshot, container["name"])
    refuse_stopped(deployment, allow_on_delete=spec.allow_on_delete)
    image = corrupt_image_for(deployment, container, spec, origin.injection_id)
    refuse_stop_below(deployment, spec.stop_below)
    deadline, warnings = deadline_for(deployment, spec.progress_deadline)
    entry = Entry(
        container=container["name"],
        original=container["image"],
        image=image,
        id=origin.injection_id,
        at=rfc3339(origin.now),
        expires=rfc3339(origin.now + spec.ttl),
        by=origin.by,
        cluster=origin.cluster,
        uid=snapshot.uid,
        generation=deployment["metadata"].get("generation", 0) + 1,
        revision=snapshot.kind.present_revision(deployment),
        original_deadline=_original_deadline(snapshot) if deadline is not None else None,
        deadline=deadline,
        stop_below=spec.stop_below,
        cause=spec.cause,
        owners=_owners(snapshot, field, container["name"], deadline),
    )
    warnings = notes + cause_warnings(container, spec) + warnings + _warnings(deployment, spec.ttl, deadline)
    return InjectionPlan(_patch(snapshot, field, entry), entry, warnings)


def _patch(snapshot: Snapshot, field: str, entry: Entry) -> dict[str, Any]:
    spec: dict[str, Any] = {"template": {"spec": {field: [{"name": entry.container, "image": entry.image}]}}}
    if entry.deadline is not None:
        spec["progressDeadlineSeconds"] = entry.deadline
    metadata = metadata_patch(snapshot.deployment, [*snapshot.record.values(), entry])
    version = snapshot.deployment["metadata"]["resourceVersion"]
    return {"metadata": {"resourceVersion": version, **metadata}, "spec": spec}


def _original_deadline(snapshot: Snapshot) -> int | None:
    """Return progressDeadlineSeconds from before any fault; another fault may have set the present one."""
    present: int | None = snapshot.deployment["spec"].get("progressDeadlineSeconds")
    shortened = (e for e in snapshot.record.values() if e.deadline is not None and e.deadline == present)
    return next((e.original_deadline for e in shortened), present)


def _owners(snapshot: Snapshot, field: str, container: str, deadline: int | None) -> dict[str, Any]:
    """Return who owns the fields that the fault changes, for the record."""
    found = {IMAGE_OWNERS: other_managers(snapshot.deployment, image_path(field, container))}
    if deadline is not None:
        before = [e.owners[DEADLINE_OWNERS] for e in snapshot.record.values() if DEADLINE_OWNERS in e.owners]
        # a deadline that another fault has set is owned by this extension now; its record has the owners before
        found[DEADLINE_OWNERS] = other_managers(snapshot.deployment, DEADLINE) or next(iter(before), [])
    return {name: owners for name, owners in found.items() if owners}


def as_stored(plan: InjectionPlan, after: Deployment) -> InjectionPlan:
    """Return the plan with the image that the API server stored, which an admission webhook may have changed.

    Args:
        plan: the plan that was sent.
        after: the Deployment as the API server returned it.

    Returns:
        The same plan, or one with the stored image and a warning.
    """
    found = container_of(after, plan.entry.container)
    stored = found.image if found is not None else plan.entry.image
    if stored == plan.entry.image:
        return plan
    warning = f"an admission webhook has replaced the image '{one_line(plan.entry.image)}' by '{one_line(stored)}'"
    return replace(plan, entry=replace(plan.entry, image=stored), warnings=[*plan.warnings, warning])


def _warnings(deployment: Deployment, ttl: float, deadline: int | None) -> list[str]:
    warnings = kind_of(deployment).warnings(deployment)
    warnings += deadline_warnings(deployment, ttl, deadline)
    warnings += rollout_warnings(deployment)
    return warnings + [f"{owner} owns it and may put the image back" for owner in fighting_owners(deployment)]
