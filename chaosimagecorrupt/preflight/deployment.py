"""The preflight of the Deployment itself: can this container be corrupted, and would a stuck rollout be reported?

It makes the checks that the fault makes too, and returns a line for each.
"""

from collections.abc import Callable

from ..errors import Refused, one_line
from ..fault.causes import cause_warnings, corrupt_image_for
from ..fault.consent import Consent, check_consent
from ..fault.refusals import (
    deadline_for,
    deadline_warnings,
    refuse_recorded,
    refuse_stopped,
    rollout_warnings,
    target_container,
)
from ..fault.spec import FaultSpec
from ..kube.types import Deployment
from ..record.snapshot import Snapshot
from ..workload.other_workloads import refuse_owned_by_other
from ..workload.rollout_text import rollout_text
from .model import Check, Level

__all__ = ["PREFLIGHT", "check_consent_of", "check_container", "check_deadline", "check_record", "check_rollout"]

PREFLIGHT = "preflight"  # instead of an injection's id


def check_consent_of(deployment: Deployment, consent: Consent) -> list[Check]:
    """Check whether the owners let the Deployment be corrupted, and that its namespace is not protected.

    Args:
        deployment: the Deployment.
        consent: what else decides.
    """

    def check() -> list[Check]:
        lines = [Check("consent", Level.WARNING, one_line(w, 500)) for w in check_consent(deployment, consent)]
        return lines or [Check("consent", Level.OK, "neither protected by its owners nor by its namespace's name")]

    return _blocker_if_refused("consent", check)


def check_container(snapshot: Snapshot, spec: FaultSpec) -> list[Check]:
    """Check the target: the container, and that the corrupt image differs from the present one.

    Args:
        snapshot: the Deployment as it was read.
        spec: names the container, and the image or its cause.
    """

    def check() -> list[Check]:
        refuse_owned_by_other(snapshot.deployment)
        field, container = target_container(snapshot.deployment, spec.container_name)
        name, original = container["name"], container["image"]
        kind = "container" if field == "containers" else "init container"
        if name in snapshot.record:
            return [Check("target", Level.OK, f"{kind} {name}: {one_line(original)}, see record")]
        image = corrupt_image_for(snapshot.deployment, container, spec, PREFLIGHT)
        lines = [Check("target", Level.WARNING, one_line(w, 500)) for w in cause_warnings(container, spec)]
        return [Check("target", Level.OK, f"{kind} {name}: {one_line(original)} -> {one_line(image)}"), *lines]

    return _blocker_if_refused("target", check)


def check_record(snapshot: Snapshot, container_name: str | None) -> list[Check]:
    """Check whether a fault is recorded, for this container or for another one."""

    def check() -> list[Check]:
        _, container = target_container(snapshot.deployment, container_name)
        refuse_recorded(snapshot, container["name"])
        lines = [
            Check("record", Level.WARNING, f"container {one_line(e.container, 63)} is corrupted since {e.at or '?'}")
            for e in snapshot.record.values()
        ]
        return lines or [Check("record", Level.OK, "no fault is recorded")]

    return _blocker_if_refused("record", check)


def check_rollout(deployment: Deployment, *, allow_on_delete: bool = False) -> list[Check]:
    """Check whether a rollout can start (not when paused, with 0 replicas, or being deleted), or is in progress.

    Args:
        deployment: the Deployment, or another workload.
        allow_on_delete: whether the update strategy OnDelete is allowed.
    """

    def check() -> list[Check]:
        refuse_stopped(deployment, allow_on_delete=allow_on_delete)
        lines = [Check("rollout", Level.WARNING, one_line(w, 500)) for w in rollout_warnings(deployment)]
        return lines or [Check("rollout", Level.OK, f"complete: {rollout_text(deployment)}")]

    return _blocker_if_refused("rollout", check)


def check_deadline(deployment: Deployment, ttl: float, during: int | None) -> list[Check]:
    """Check whether the rollout would report that it is stuck before the fault is undone.

    Args:
        deployment: the Deployment.
        ttl: seconds until the guard undoes the fault.
        during: progressDeadlineSeconds during the fault; None leaves it.
    """

    def check() -> list[Check]:
        deadline, warnings = deadline_for(deployment, during)
        warnings += deadline_warnings(deployment, ttl, deadline)
        seconds = deadline or deployment["spec"].get("progressDeadlineSeconds")
        lines = [Check("progress deadline", Level.WARNING, w) for w in warnings]
        return lines or [Check("progress deadline", Level.OK, f"{seconds} s, within the ttl of {ttl:g} s")]

    return _blocker_if_refused("progress deadline", check)


def _blocker_if_refused(name: str, check: Callable[[], list[Check]]) -> list[Check]:
    try:
        return check()
    except Refused as x:
        return [Check(name, Level.BLOCKER, one_line(x, 500))]
