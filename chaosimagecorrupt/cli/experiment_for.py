"""An experiment for one Deployment: its timeouts and tolerances follow from the Deployment's spec."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from ..kube.types import MAX_INT32, Deployment, Json
from ..preflight.capacity import capacity_left
from ..verdict.thresholds import RECOVERY_WITHIN
from ..workload.deployment import DEPLOYMENT
from ..workload.kind import WorkloadKind
from ..workload.kinds import kind_of, with_kind
from ..workload.rollout import NO_DEADLINE

__all__ = ["CLUSTER", "SERVES", "TTL", "experiment_for", "needs_pull_check", "probe"]

# seconds
TTL = 300
DEADLINE = 30  # during the fault; Kubernetes' default of 600 s is longer than the default ttl
LONG = 60  # a progress deadline above this is shortened during the fault
SLACK = 30
BACK_OFF = 90  # wait for the third pull, which comes about 37 s after the first one
PULL_CHECK = 120  # wait for a node, and for the pull of the original image

CLUSTER = "IMAGE_CORRUPT_CLUSTER"  # the environment variable that names the only cluster to use
SERVES = " serves"  # the end of the title of a hypothesis that holds during the fault too


class _Waits(NamedTuple):
    """The times of an experiment.

    Attributes:
        progress_deadline: progressDeadlineSeconds during the fault, None to leave it.
        ttl: seconds; longer than all waits before the restore together.
        wait: seconds until the stuck rollout is reported, at most.
        recovery: seconds until the Deployment has recovered, at most.
    """

    progress_deadline: int | None
    ttl: int
    wait: int
    recovery: int


def experiment_for(
    deployment: Deployment,
    *,
    container: str | None = None,
    image: str,
    cause: Mapping[str, str | bool] | None = None,
    operator: Json | None = None,
    ttl: int | None = None,
    recovery_within: int | None = None,
    steady_state: Sequence[Json] = (),
    allow_protected: bool = False,
    allow_on_delete: bool = False,
) -> dict[str, Any]:
    """Return an experiment.

    Args:
        deployment: the Deployment, or another workload, as it was read; without containers when it was not read.
        container: a container or init container; None for the first container.
        image: the corrupt image.
        cause: the arguments of `corrupt_image` that decide on the image; None for `image` alone.
        operator: arguments of `resource_condition` for the custom resource that owns it; None without one.
        ttl: seconds; None for one that is longer than all waits before the restore together.
        recovery_within: seconds from the restore on; None for the default of the control.
        steady_state: the probes of the hypothesis; by default those that hold during the fault too.
        allow_protected: whether a namespace that is protected by its name is allowed.
        allow_on_delete: whether the update strategy OnDelete is allowed.

    Returns:
        The experiment, as Chaos Toolkit reads it.
    """
    metadata, spec = deployment["metadata"], deployment["spec"]
    kind = kind_of(deployment)
    target = with_kind({"name": metadata["name"], "ns": metadata["namespace"]}, kind)
    chosen = container or next((c["name"] for c in spec["template"]["spec"]["containers"]), None)
    whose = f"container {chosen}" if chosen else "the first container"
    own = {**target, "this_run_only": True}
    flags = {"allow_protected": allow_protected, "allow_on_delete": allow_on_delete}
    fault = {**(cause or {"image": image}), **{name: True for name, given in flags.items() if given}}
    timing = _waits(deployment, ttl, recovery_within)
    return {
        "version": "1.0.0",
        "title": f"What happens when the image of {metadata['name']} cannot be pulled?",
        "description": f"The image of {whose} is replaced by one that cannot be pulled, and restored.",
        "tags": ["danger:high", "kubernetes", "image-corrupt", f"component:{metadata['name']}"],
        "configuration": {"KUBERNETES_CONTEXT": _variable("KUBERNETES_CONTEXT"), "cluster": _variable(CLUSTER)},
        "controls": [_control(recovery_within)],
        "runtime": {"rollbacks": {"strategy": "always"}},
        "steady-state-hypothesis": _hypothesis(deployment, target, chosen, steady_state),
        "method": _method(target, chosen, fault, operator, timing, kind),
        "rollbacks": [_activity("action", "restore-the-image-in-any-case", "rollbacks", "restore_image", own)],
    }


def needs_pull_check(deployment: Deployment) -> bool:
    """Return whether an experiment first shows that the original image can be pulled: Recreate keeps no old pod."""
    return (deployment["spec"].get("strategy") or {}).get("type") == "Recreate"


def _variable(key: str) -> Json:
    return {"type": "env", "key": key, "default": ""}


def _control(recovery_within: int | None) -> Json:
    provider: dict[str, Any] = {"type": "python", "module": "chaosimagecorrupt.control"}
    if recovery_within is not None:
        provider["arguments"] = {"recovery_within": f"{recovery_within}s"}
    return {"name": "image-corrupt", "provider": provider}


def _waits(deployment: Deployment, ttl: int | None, recovery_within: int | None) -> _Waits:
    spec, kind = deployment["spec"], kind_of(deployment)
    # where nothing reports a stuck rollout, nothing waits for the report
    deadline = spec.get("progressDeadlineSeconds", NO_DEADLINE) if kind.has_progress_deadline else 0
    min_ready = int(spec.get("minReadySeconds", 0))
    shortened = deadline if deadline <= LONG else min(deadline, max(DEADLINE, min_ready + SLACK))
    return _Waits(
        progress_deadline=shortened if shortened < deadline else None,
        ttl=max(TTL, shortened + BACK_OFF + 5 * SLACK) if ttl is None else ttl,
        wait=shortened + SLACK,
        recovery=int(RECOVERY_WITHIN) + min_ready if recovery_within is None else recovery_within,
    )


def _hypothesis(
    deployment: Deployment, target: Json, container: str | None, steady_state: Sequence[Json]
) -> dict[str, Any]:
    """Return what holds during the fault too; `Available` follows the number of desired pods."""
    if steady_state:
        return {"title": "The steady state", "probes": list(steady_state)}
    # no upper limit on the pods: an autoscaler may add some at any time
    serving = {"type": "range", "range": [min(capacity_left(deployment).serving, 1), MAX_INT32]}
    kind = kind_of(deployment)
    available = probe("deployment-is-available", "deployment_available", {**target, "timeout": "60s"})
    pull = {**_named(target, container), "timeout": f"{PULL_CHECK}s"}
    pullable = {**probe("original-image-can-be-pulled", "original_pullable", pull), "tolerance": True}
    return {
        "title": f"The {kind.name}{SERVES}",
        "probes": [
            *([{**available, "tolerance": True}] if kind is DEPLOYMENT else []),
            {**probe("enough-pods-serve", "serving_pods", target), "tolerance": serving},
            *([pullable] if needs_pull_check(deployment) else []),
        ],
    }


def _method(
    target: Json, container: str | None, fault: Json, operator: Json | None, timing: _Waits, kind: WorkloadKind
) -> list[dict[str, Any]]:
    named = _named(target, container)
    corrupt = {**named, **fault, "ttl": f"{timing.ttl}s", "cluster": "${cluster}"}
    if timing.progress_deadline is not None:
        corrupt["progress_deadline"] = timing.progress_deadline
    own = {**target, "this_run_only": True}
    stuck, recovered = {**target, "timeout": f"{timing.wait}s"}, {**target, "timeout": f"{timing.recovery}s"}
    reported = [probe("stuck-rollout-is-reported", "progress_deadline_exceeded", stuck)]
    return [
        probe("no-fault-is-recorded", "image_corrupted", target),
        probe("all-pods-are-ready", "pods_ready", {**target, "timeout": "60s"}),
        _activity("action", "corrupt-the-image", "actions", "corrupt_image", corrupt),
        probe("new-pods-cannot-pull", "image_pull_failing", {**named, "timeout": "60s", "required": True}),
        *(reported if kind.has_progress_deadline else []),
        probe("pauses-between-pulls-grow", "pull_backoff_growing", {**named, "timeout": f"{BACK_OFF}s"}),
        probe("pods-that-still-serve", "serving_pods", target),
        *([probe("operator-reports-the-degradation", "resource_condition", operator)] if operator else []),
        probe("what-else-is-touched", "collateral", target),
        _activity("action", "restore-the-image", "rollbacks", "restore_image", own),
        _recovery(kind, recovered),
        probe("seconds-to-recover", "recovery_seconds", target),
        probe("changes-made-by-others", "reconcile_cycles", target),
    ]


def _named(target: Json, container: str | None) -> dict[str, Any]:
    return {**target, **({"container_name": container} if container is not None else {})}


def _recovery(kind: WorkloadKind, arguments: Json) -> dict[str, Any]:
    if kind is DEPLOYMENT:
        return probe("deployment-recovers", "deployment_recovered", arguments)
    return probe("workload-recovers", "workload_recovered", arguments)


def probe(name: str, func: str, arguments: Json) -> dict[str, Any]:
    """Return a probe of this extension as an activity of an experiment.

    Args:
        name: of the activity.
        func: of the probe.
        arguments: of the probe.
    """
    return _activity("probe", name, "probes", func, arguments)


def _activity(kind: str, name: str, module: str, func: str, arguments: Json) -> dict[str, Any]:
    provider = {"type": "python", "module": f"chaosimagecorrupt.{module}", "func": func, "arguments": dict(arguments)}
    return {"type": kind, "name": name, "provider": provider}
