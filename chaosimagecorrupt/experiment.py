"""Writing an experiment for one Deployment: its waits and tolerances follow from what the Deployment is."""

import json
from collections.abc import Mapping
from typing import Any

import yaml

from .preflight import capacity_left
from .rollout import NO_DEADLINE

__all__ = ["experiment_for", "to_json", "to_yaml"]

Json = Mapping[str, Any]

# Kubernetes' default of 600 s lies beyond the default ttl of 300 s
DEADLINE = 60
TTL = 300

_COMMENTS = {
    "controls": "Restores at the end whatever this run corrupted, and makes a run fail that proved nothing.",
    "runtime": "Chaos Toolkit's default plays no rollbacks after an interruption.",
    "steady-state-hypothesis": "Checked before the method, and again after it.",
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
    shorter = max(DEADLINE, min_ready + 30)
    named, own = {**target, "container_name": chosen}, {**target, "this_run_only": True}
    corrupt = {**named, "image": image, "ttl": f"{TTL}s"}
    if deadline >= TTL:
        corrupt["progress_deadline"] = shorter
    wait = min(deadline, shorter) + 30
    recovery = 45 + min_ready
    serving = {"type": "range", "range": [left, spec.get("replicas", 1)]}
    return {
        "version": "1.0.0",
        "title": f"What happens when the image of {metadata['name']} cannot be pulled?",
        "description": f"The image of container {chosen} is replaced by one that cannot be pulled, and put back.",
        "tags": ["danger:high", "kubernetes", "image-corrupt", f"component:{metadata['name']}"],
        "controls": [{"name": "image-corrupt", "provider": {"type": "python", "module": "chaosimagecorrupt.control"}}],
        "runtime": {"rollbacks": {"strategy": "always"}},
        "steady-state-hypothesis": {
            "title": "The Deployment runs, and nobody has corrupted its image",
            "probes": [
                {**_probe("no-fault-is-recorded", "image_corrupted", target), "tolerance": False},
                {**_probe("all-pods-are-ready", "pods_ready", {**target, "timeout": "60s"}), "tolerance": True},
                {**_probe("enough-pods-serve", "serving_pods", target), "tolerance": serving},
            ],
        },
        "method": [
            _activity("action", "corrupt-the-image", "actions", "corrupt_image", corrupt),
            _probe(
                "new-pods-cannot-pull", "image_pull_failing", {**target, "container_name": chosen, "timeout": "60s"}
            ),
            _probe("pods-that-still-serve", "serving_pods", target),
            *([_probe("operator-reports-the-degradation", "resource_condition", operator)] if operator else []),
            _probe("stuck-rollout-is-reported", "progress_deadline_exceeded", {**target, "timeout": f"{wait}s"}),
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


def to_yaml(experiment: Json) -> str:
    """Return the experiment as a YAML file, with comments."""
    parts = []
    for key, value in experiment.items():
        comment = f"# {_COMMENTS[key]}\n" if key in _COMMENTS else ""
        if key == "method":
            comment = f"# {_method_comment(experiment)}\n"
        parts.append(comment + yaml.safe_dump({key: value}, sort_keys=False, allow_unicode=True, width=100))
    return "".join(parts)


def _method_comment(experiment: Json) -> str:
    corrupt = experiment["method"][0]["provider"]["arguments"]
    if "progress_deadline" in corrupt:
        return (
            f"progress_deadline: for the time of the fault progressDeadlineSeconds is {corrupt['progress_deadline']}, "
            f"because it would lie beyond the ttl; it is put back with the image."
        )
    return "The progress deadline lies within the ttl, so it stays as it is."


def _probe(name: str, func: str, arguments: Json) -> dict[str, Any]:
    return _activity("probe", name, "probes", func, arguments)


def _activity(kind: str, name: str, module: str, func: str, arguments: Json) -> dict[str, Any]:
    provider = {"type": "python", "module": f"chaosimagecorrupt.{module}", "func": func, "arguments": dict(arguments)}
    return {"type": kind, "name": name, "provider": provider}
