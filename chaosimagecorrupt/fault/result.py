"""What the activities that corrupt images return, as the journal keeps it. Pure."""

from typing import NotRequired, TypedDict

from ..kube.types import Deployment
from ..workload.kinds import kind_of, with_kind
from .decide import InjectionPlan

__all__ = [
    "CorruptImageResult",
    "CorruptImagesResult",
    "GuardResult",
    "InjectionResult",
    "injection_result",
    "with_guard",
]


class InjectionResult(TypedDict):
    """What was done to one Deployment; `injected` and `expires` are RFC 3339, `cluster` is the API server's address.

    `cause` is what the kubelet is to report, a key of `pull_causes.INTENDED`; None when the image says nothing of it.
    Of a StatefulSet or a DaemonSet, `kind` says so, and `deployment` has its name.
    """

    id: str
    cluster: str
    namespace: str
    deployment: str
    container: str
    original_image: str | None
    corrupt_image: str | None
    cause: str | None
    injected: str
    expires: str
    strategy: str
    replicas: int
    warnings: list[str]
    kind: NotRequired[str]


class GuardResult(TypedDict):
    """The path of the guard's log, None without a guard, and why the guard may not outlive this process."""

    guard_log: str | None
    warnings: list[str]


class CorruptImageResult(InjectionResult):
    """What `corrupt_image` returns: one injection and its guard, with the warnings of both."""

    guard_log: str | None


class CorruptImagesResult(GuardResult):
    """What `corrupt_images` returns; `matched` Deployments match, and `seed` repeats the selection."""

    matched: int
    seed: str
    targets: list[InjectionResult]


def injection_result(plan: InjectionPlan, after: Deployment) -> InjectionResult:
    """Return what was done to one Deployment.

    Args:
        plan: of the injection.
        after: the Deployment as the API server returned it.
    """
    entry, metadata, kind = plan.entry, after["metadata"], kind_of(after)
    result: InjectionResult = {
        "id": entry.id,
        "cluster": entry.cluster,
        "namespace": metadata["namespace"],
        "deployment": metadata["name"],
        "container": entry.container,
        "original_image": entry.original,
        "corrupt_image": entry.image,
        "cause": entry.intended or None,
        "injected": entry.at,
        "expires": entry.expires,
        "strategy": kind.settings(after).strategy,
        "replicas": kind.counts(after).desired,
        "warnings": plan.warnings,
    }
    return with_kind(result, kind)


def with_guard(result: InjectionResult, guard: GuardResult) -> CorruptImageResult:
    """Return what was done to one Deployment, and what there is to say of its guard."""
    return {**result, "warnings": [*result["warnings"], *guard["warnings"]], "guard_log": guard["guard_log"]}
