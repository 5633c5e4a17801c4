"""From a `ChaosExperiment` to an experiment of this extension; the Deployment is not read. Pure."""

import math
from collections.abc import Iterator
from typing import Any, cast

from ...duration import parse_duration
from ...kube.types import Deployment, Json
from ..experiment_for import TTL, experiment_for, probe
from .chaos_experiment import ChaosExperiment
from .steady_state import SteadyStateCheck

__all__ = ["experiment_of", "notes_on"]

_DEADLINE = 600  # seconds; Kubernetes' default of progressDeadlineSeconds
_CHECK_TIMEOUT = "60s"


def experiment_of(found: ChaosExperiment) -> dict[str, Any]:
    """Return the experiment of this extension.

    Args:
        found: what the `ChaosExperiment` says.

    Returns:
        The experiment that `init` writes for a Deployment with Kubernetes' defaults, with what was found.
    """
    recovery = found.recovery_timeout
    experiment = experiment_for(
        _unread_deployment(found),
        container=found.container,
        image=found.image,
        ttl=TTL if found.ttl is None else math.ceil(found.ttl),
        recovery_within=None if recovery is None else math.ceil(recovery),
        steady_state=[_steady_state_probe(check, n) for n, check in enumerate(found.checks, 1)],
    )
    named = {
        "title": f"{found.name}: what happens when the image of {found.deployment} cannot be pulled?",
        "description": found.description or experiment["description"],
        "tags": ["kubernetes", "image-corrupt", *found.tags],
    }
    if found.check_timeout is not None:
        for arguments in _arguments_with_timeout(experiment):
            arguments["timeout"] = f"{math.ceil(found.check_timeout)}s"
    if found.dry_run:
        corrupt = next(a for a in experiment["method"] if a["name"] == "corrupt-the-image")
        corrupt["provider"]["arguments"]["dry_run"] = True
    return {**experiment, **named}


def notes_on(found: ChaosExperiment, experiment: Json) -> list[str]:
    """Return what is not carried over, and what else one should know before the experiment is run.

    Args:
        found: what the `ChaosExperiment` says.
        experiment: what was made of it.
    """
    return [*found.without_counterpart, *_warnings(found, experiment)]


def _warnings(found: ChaosExperiment, experiment: Json) -> Iterator[str]:
    if found.dry_run:
        yield (
            "spec.blastRadius.dryRun: corrupt-the-image has dry_run: true, so nothing is changed and nothing is "
            "proven; remove it to inject the fault"
        )
    if found.check_timeout is not None and not _arguments_with_timeout(experiment):
        yield (
            f"spec.steadyState.timeout: {found.check_timeout:g} s has no counterpart; no probe of the hypothesis has a "
            "timeout, since resource_exists does not wait"
        )
    waits = _longest_wait(experiment)
    if found.ttl is not None and found.ttl < waits:
        yield (
            f"spec.injection.ttl: {found.ttl:g} s is shorter than all waits before the restore together, {waits:g} s; "
            "if they take so long, the guard undoes the fault before"
        )


def _longest_wait(experiment: Json) -> float:
    """Return how long the method waits while the fault is in place, at most, in seconds."""
    names = [activity["name"] for activity in experiment["method"]]
    during = experiment["method"][names.index("corrupt-the-image") + 1 : names.index("restore-the-image")]
    return sum(parse_duration(activity["provider"]["arguments"].get("timeout", 0)) for activity in during)


def _arguments_with_timeout(experiment: Json) -> list[dict[str, Any]]:
    """Return the arguments of those probes of the hypothesis that wait."""
    arguments = [each["provider"]["arguments"] for each in experiment["steady-state-hypothesis"]["probes"]]
    return [each for each in arguments if "timeout" in each]


def _unread_deployment(found: ChaosExperiment) -> Deployment:
    """Return a Deployment with Kubernetes' defaults in the place of the one that is not read."""
    deployment = {
        "metadata": {"name": found.deployment, "namespace": found.namespace},
        "spec": {"progressDeadlineSeconds": _DEADLINE, "template": {"spec": {"containers": []}}},
    }
    return cast(Deployment, deployment)


def _steady_state_probe(check: SteadyStateCheck, number: int) -> Json:
    timeout = {"timeout": _CHECK_TIMEOUT}
    resource = {"api_version": check.api_version, "kind": check.kind, "name": check.name, "ns": check.namespace}
    called = f"{number}-{check.kind}-{check.name}"
    if not check.condition_type:
        asked = probe(f"{called}-exists", "resource_exists", resource)
    elif (check.api_version, check.kind, check.condition_type) == ("apps/v1", "Deployment", "Available"):
        target = {"name": check.name, "ns": check.namespace}
        asked = probe(f"{called}-is-Available", "deployment_available", {**target, **timeout})
    else:
        condition = {"condition_type": check.condition_type, "status": "True"}
        asked = probe(f"{called}-is-{check.condition_type}", "resource_condition", {**resource, **condition, **timeout})
    return {**asked, "tolerance": True}
