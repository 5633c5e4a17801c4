"""Writing an experiment for one Deployment: its waits and tolerances follow from what the Deployment is."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

import yaml

from ..preflight.checks import capacity_left
from ..workload.rollout import NO_DEADLINE

__all__ = ["TTL", "experiment_for", "to_json", "to_yaml"]

Json = Mapping[str, Any]

# seconds; Kubernetes' default deadline of 600 s lies beyond the default ttl of 300 s
DEADLINE = 30
# seconds; a deadline of the Deployment's own that is no longer than this stays
LONG = 60
TTL = 300
SLACK = 30
# seconds besides minReadySeconds, as the verdict has them
RECOVERY_WITHIN = 45
# seconds to wait for the third pull, which comes about 37 s after the first one
BACK_OFF = 90
# replicas of a Deployment at the most: an autoscaler may add pods at any time
MOST_REPLICAS = 2147483647

_COMMENTS = {
    "configuration": "`chaos run --var KUBERNETES_CONTEXT=...` takes it to another cluster of the kubeconfig.",
    "controls": "Restores at the end whatever this run corrupted, and makes a run fail that proved nothing.",
    "runtime": "Chaos Toolkit's default plays no rollbacks after an interruption.",
    "steady-state-hypothesis": "Checked before the method and after it; it holds during the fault, too.",
    "rollbacks": "Does nothing when the method has restored already.",
}


def experiment_for(
    deployment: Json, *, container: str | None = None, image: str, operator: Json | None = None
) -> dict[str, Any]:
    """Return an experiment.

    Args:
        deployment: the Deployment as it was read.
        container: a container or init container; None for the first container.
        image: the corrupt image.
        operator: arguments of `resource_condition` for the custom resource that owns it; None without one.

    Returns:
        The experiment, as Chaos Toolkit reads it.
    """
    metadata, spec = deployment["metadata"], deployment["spec"]
    target = {"name": metadata["name"], "ns": metadata["namespace"]}
    chosen = container or spec["template"]["spec"]["containers"][0]["name"]
    left, _ = capacity_left(deployment)
    deadline = spec.get("progressDeadlineSeconds", NO_DEADLINE)
    min_ready = int(spec.get("minReadySeconds", 0))
    shorter = max(DEADLINE, min_ready + SLACK)
    reached = deadline if deadline <= LONG else min(deadline, shorter)
    # before the restore, the method waits for the deadline and for the third pull, each time with some slack
    named, own = {**target, "container_name": chosen}, {**target, "this_run_only": True}
    corrupt = {**named, "image": image, "ttl": f"{max(TTL, reached + BACK_OFF + 5 * SLACK)}s"}
    if reached < deadline:
        corrupt["progress_deadline"] = reached
    wait = reached + SLACK
    recovery = RECOVERY_WITHIN + min_ready
    waiting = {**target, "timeout": "60s"}
    # it holds during the fault too; how many pods are wanted can change at any time, which `Available` allows for
    serving = {"type": "range", "range": [min(left, 1), MOST_REPLICAS]}
    return {
        "version": "1.0.0",
        "title": f"What happens when the image of {metadata['name']} cannot be pulled?",
        "description": f"The image of container {chosen} is replaced by one that cannot be pulled, and put back.",
        "tags": ["danger:high", "kubernetes", "image-corrupt", f"component:{metadata['name']}"],
        "configuration": {"KUBERNETES_CONTEXT": {"type": "env", "key": "KUBERNETES_CONTEXT", "default": ""}},
        "controls": [{"name": "image-corrupt", "provider": {"type": "python", "module": "chaosimagecorrupt.control"}}],
        "runtime": {"rollbacks": {"strategy": "always"}},
        "steady-state-hypothesis": {
            "title": "The Deployment serves",
            "probes": [
                {**_probe("deployment-is-available", "deployment_available", waiting), "tolerance": True},
                {**_probe("enough-pods-serve", "serving_pods", target), "tolerance": serving},
            ],
        },
        "method": [
            _probe("no-fault-is-recorded", "image_corrupted", target),
            _probe("all-pods-are-ready", "pods_ready", waiting),
            _activity("action", "corrupt-the-image", "actions", "corrupt_image", corrupt),
            _probe(
                "new-pods-cannot-pull", "image_pull_failing", {**target, "container_name": chosen, "timeout": "60s"}
            ),
            _probe("stuck-rollout-is-reported", "progress_deadline_exceeded", {**target, "timeout": f"{wait}s"}),
            _probe("pauses-between-pulls-grow", "pull_backoff_growing", {**named, "timeout": f"{BACK_OFF}s"}),
            _probe("pods-that-still-serve", "serving_pods", target),
            *([_probe("operator-reports-the-degradation", "resource_condition", operator)] if operator else []),
            _probe("what-else-is-touched", "collateral", target),
            _activity("action", "restore-the-image", "rollbacks", "restore_image", own),
            _probe("deployment-recovers", "deployment_recovered", {**target, "timeout": f"{recovery}s"}),
            _probe("seconds-to-recover", "recovery_seconds", target),
            _probe("changes-made-by-others", "reconcile_cycles", target),
        ],
        "rollbacks": [_activity("action", "restore-the-image-in-any-case", "rollbacks", "restore_image", own)],
    }


def to_json(experiment: Json) -> str:
    """Return the experiment as a JSON file."""
    return json.dumps(experiment, indent=2) + "\n"


def to_yaml(experiment: Json, seen: Iterable[str] = ()) -> str:
    """Return the experiment as a YAML file, with comments.

    Args:
        experiment: the experiment.
        seen: what there is to know about the Deployment, a comment each.
    """
    parts = [f"# {line}\n" for line in seen]
    for key, value in experiment.items():
        comment = f"# {_COMMENTS[key]}\n" if key in _COMMENTS else ""
        if key == "method":
            comment = f"# {_method_comment(experiment)}\n"
        parts.append(comment + yaml.safe_dump({key: value}, sort_keys=False, allow_unicode=True, width=100))
    return "".join(parts)


def _method_comment(experiment: Json) -> str:
    calls = (activity["provider"] for activity in experiment["method"])
    corrupt = next(call["arguments"] for call in calls if call["func"] == "corrupt_image")
    if "progress_deadline" in corrupt:
        return (
            f"progress_deadline: progressDeadlineSeconds for the time of the fault, {corrupt['progress_deadline']} s, "
            "so that the stuck rollout\n# is reported before the ttl is over; it is put back with the image."
        )
    return "The rollout reports that it is stuck well before the ttl is over, so the progress deadline stays as it is."


def _probe(name: str, func: str, arguments: Json) -> dict[str, Any]:
    return _activity("probe", name, "probes", func, arguments)


def _activity(kind: str, name: str, module: str, func: str, arguments: Json) -> dict[str, Any]:
    provider = {"type": "python", "module": f"chaosimagecorrupt.{module}", "func": func, "arguments": dict(arguments)}
    return {"type": kind, "name": name, "provider": provider}
