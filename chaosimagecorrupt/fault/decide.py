"""The fault: from a Deployment to the patch that corrupts one container's image, or to a refusal."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from ..duration import rfc3339
from ..errors import one_line
from ..kube.managed_fields import DEADLINE, image_path, others
from ..record.annotations import metadata_patch, read_record
from ..record.entry import DEADLINE_OWNERS, IMAGE_OWNERS, Entry
from ..workload.collateral import fighting_owners
from ..workload.containers import container_of
from ..workload.rollout import revision
from .refusals import (
    deadline_for,
    deadline_warnings,
    refuse_image,
    refuse_place,
    refuse_recorded,
    refuse_stopped,
    rollout_warnings,
    target_container,
)

__all__ = ["InjectionPlan", "as_stored", "plan_injection"]


@dataclass(frozen=True)
class InjectionPlan:
    """What is to be sent, and what is known about it.

    Attributes:
        patch: the strategic merge patch, with record, image and resourceVersion; None when it was stored already.
        entry: what the record stores for this container.
        warnings: what the user should know and does not stop the fault.
    """

    patch: dict[str, Any] | None
    entry: Entry
    warnings: list[str]


def plan_injection(
    deployment: Mapping[str, Any],
    *,
    container_name: str | None,
    image: str,
    ttl: float,
    progress_deadline: int | None,
    now: float,
    injection_id: str,
    by: str,
    cluster: str = "",
) -> InjectionPlan:
    """Decide how to corrupt one container's image.

    Args:
        deployment: the Deployment as it was read.
        container_name: a container or init container; None for the first container.
        image: the corrupt image.
        ttl: seconds until the fault is undone without being asked.
        progress_deadline: progressDeadlineSeconds for the time of the fault; None leaves it.
        now: seconds since 1970.
        injection_id: identifies this injection in the record.
        by: user and host.
        cluster: the API server's address.

    Returns:
        The patch and what goes with it.

    Raises:
        Refused: when the Deployment must not be touched or no rollout could start.
    """
    field, container = target_container(deployment, container_name)
    original = container["image"]
    refuse_place(deployment)
    refuse_recorded(deployment, container["name"])
    refuse_stopped(deployment)
    refuse_image(deployment, container["name"], original, image)
    deadline, warnings = deadline_for(deployment, progress_deadline)
    metadata, spec = deployment["metadata"], deployment["spec"]
    record = read_record(deployment)
    present = spec.get("progressDeadlineSeconds")
    # what another fault has set is not the original
    before = next(
        (e.original_deadline for e in record.values() if e.deadline is not None and e.deadline == present), present
    )
    entry = Entry(
        container=container["name"],
        original=original,
        image=image,
        id=injection_id,
        at=rfc3339(now),
        expires=rfc3339(now + ttl),
        by=by,
        cluster=cluster,
        uid=metadata["uid"],
        generation=metadata.get("generation", 0) + 1,
        revision=revision(deployment),
        original_deadline=before if deadline is not None else None,
        deadline=deadline,
        owners=_owners(deployment, field, container["name"], deadline),
    )
    change: dict[str, Any] = {"template": {"spec": {field: [{"name": entry.container, "image": image}]}}}
    if deadline is not None:
        change["progressDeadlineSeconds"] = deadline
    patch = {
        "metadata": {
            "resourceVersion": metadata["resourceVersion"],
            **metadata_patch(deployment, [*record.values(), entry]),
        },
        "spec": change,
    }
    return InjectionPlan(patch, entry, warnings + _warnings(deployment, ttl, deadline))


def _owners(deployment: Mapping[str, Any], field: str, container: str, deadline: int | None) -> dict[str, Any]:
    found = {IMAGE_OWNERS: others(deployment, image_path(field, container))}
    if deadline is not None:
        before = [e.owners[DEADLINE_OWNERS] for e in read_record(deployment).values() if DEADLINE_OWNERS in e.owners]
        # what another fault has set is ours, and was somebody else's before
        found[DEADLINE_OWNERS] = others(deployment, DEADLINE) or next(iter(before), [])
    return {name: owners for name, owners in found.items() if owners}


def as_stored(plan: InjectionPlan, after: Mapping[str, Any]) -> InjectionPlan:
    """Return the injection with the image that the API server stored, which admission webhooks may have changed.

    Args:
        plan: what was sent.
        after: the Deployment that the API server answered with.
    """
    found = container_of(after, plan.entry.container)
    stored = found[1]["image"] if found is not None else plan.entry.image
    if stored == plan.entry.image:
        return plan
    warning = f"an admission webhook made '{one_line(stored)}' of the image '{one_line(plan.entry.image)}'"
    return replace(plan, entry=replace(plan.entry, image=stored), warnings=[*plan.warnings, warning])


def _warnings(deployment: Mapping[str, Any], ttl: float, deadline: int | None) -> list[str]:
    warnings = []
    if deployment["spec"].get("strategy", {}).get("type") == "Recreate":
        warnings.append("strategy Recreate: all pods are stopped before the new ones cannot start; nothing serves")
    warnings += deadline_warnings(deployment, ttl, deadline)
    warnings += rollout_warnings(deployment)
    return warnings + [f"{owner} owns it and may put the image back" for owner in fighting_owners(deployment)]
