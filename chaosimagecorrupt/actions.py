"""Actions: corrupt the image of a container, of one Deployment or of many."""

import os
import random
from typing import Any, Dict, List

from chaoslib.types import Configuration, Secrets
from logzero import logger

from .duration import parse_duration, seconds_of
from .errors import one_line
from .fault.inject import FaultSpec, GuardHandle, Injection
from .fault.many import corrupt_all
from .fault.refusals import check_image
from .fault.selection import check_selection, select, whole_number
from .kube.client import connect
from .kube.names import any_namespace
from .kube.settings import read_settings
from .record.annotations import DEFAULT_IMAGE
from .record.find import matching_deployments
from .record.memory import MEMORY
from .workload.rollout import desired_replicas
from .workload.target import Target

__all__ = ["corrupt_image", "corrupt_images"]


def corrupt_image(
    name: str,
    ns: str = "default",
    container_name: str = None,
    image: str = DEFAULT_IMAGE,
    ttl: str = "300s",
    progress_deadline: int = None,
    guard: bool = True,
    dry_run: bool = False,
    configuration: Configuration = None,
    secrets: Secrets = None,
) -> Dict[str, Any]:
    """Replace the image of one container of a Deployment by one that cannot be pulled.

    The original image and all else that a restore needs is recorded on the Deployment itself, in the same patch.

    Args:
        name: of the Deployment.
        ns: its namespace.
        container_name: a container or init container; the first container when none is named.
        image: the corrupt image.
        ttl: until when the fault is to be undone at the latest: Go's duration (300s, 5m) or a number of seconds.
        progress_deadline: whole seconds; shortens progressDeadlineSeconds for the time of the fault.
        guard: start a detached process that undoes the fault after the ttl, whatever happens to this one. Without it,
            only the rollbacks, the control and the sweeper do.
        dry_run: have the API server check the patch and store nothing; also done when Chaos Toolkit makes a dry run
            (`--dry`) under the control.
        configuration: its KUBERNETES_CONTEXT names the kubeconfig's context, unless `secrets` do.
        secrets: how to reach the cluster; the keys of chaostoolkit-kubernetes.

    Returns:
        `{id, cluster, namespace, deployment, container, original_image, corrupt_image, injected, expires, strategy,
        replicas, warnings, guard_log}`; cluster is the API server's address, times are RFC 3339, guard_log is the path
        of the guard's log.

    Raises:
        Refused: the Deployment must not be touched, or an argument makes no sense; nothing was changed.
        ClusterError: the API server could not be reached, or refused.
    """
    dry_run = dry_run or MEMORY.dry_run
    injection = Injection(
        Target.of(name, ns, secrets, configuration),
        _fault_spec(container_name, image, ttl, progress_deadline),
        guard_handle := _guard_handle(guard and not dry_run, secrets, configuration),
    )
    done = injection.dry_run() if dry_run else injection.inject()
    told, of_guard = _result_of(injection.target, done, dry_run=dry_run), _guard_result(guard_handle)
    return {**told, **of_guard, "warnings": told["warnings"] + of_guard["warnings"]}


def corrupt_images(
    label_selector: str,
    ns: str = None,
    max_targets: int = 10,
    container_name: str = None,
    image: str = DEFAULT_IMAGE,
    ttl: str = "300s",
    progress_deadline: int = None,
    exclude_namespaces: List[str] = None,
    fraction: float = 1.0,
    seed: str = None,
    concurrency: int = 10,
    guard: bool = True,
    dry_run: bool = False,
    configuration: Configuration = None,
    secrets: Secrets = None,
) -> Dict[str, Any]:
    """Replace the image of one container of every Deployment that matches: of all of them, or of none.

    One refusal, and nothing is touched; one failure, and those that are corrupted already are restored.

    Args:
        label_selector: which Deployments, such as app=web.
        ns: in which namespace; in all of them when none is named.
        max_targets: how many may be corrupted; more are refused.
        container_name: a container or init container of each; the first container when none is named.
        image: the corrupt image.
        ttl: until when the faults are to be undone at the latest: Go's duration (300s, 5m) or a number of seconds.
        progress_deadline: whole seconds; shortens progressDeadlineSeconds for the time of the fault.
        exclude_namespaces: a list of namespaces whose Deployments are left alone; `*` stands for any characters.
        fraction: the share of the matches that is corrupted, above 0 and up to 1; rounded up.
        seed: decides which share; the same seed chooses the same Deployments. By chance when none is given.
        concurrency: how many are changed at a time at most.
        guard: start a detached process that undoes the faults after the ttl, whatever happens to this one.
        dry_run: have the API server check the patches and store nothing; also done when Chaos Toolkit makes a dry run
            (`--dry`) under the control.
        configuration: its KUBERNETES_CONTEXT names the kubeconfig's context, unless `secrets` do.
        secrets: how to reach the cluster; the keys of chaostoolkit-kubernetes.

    Returns:
        `{matched, seed, guard_log, warnings, targets}`: how many match, what chose among them, warnings of the guard,
        and for each target what `corrupt_image` returns, without its guard_log.

    Raises:
        Refused: none match, too many do, one must not be touched, or an argument makes no sense; nothing was changed.
        ImageCorruptError: the fault could not be put in place on one; the others were restored, or it says which were
            not.
    """
    dry_run = dry_run or MEMORY.dry_run
    spec = _fault_spec(container_name, image, ttl, progress_deadline)
    selection = check_selection(
        label_selector, max_targets, exclude_namespaces, fraction, seed if seed not in (None, "") else _any_seed()
    )
    at_most = whole_number(concurrency, "concurrency")
    namespace = any_namespace(ns)
    cluster = connect(secrets, configuration)
    matching = list(matching_deployments(cluster, namespace, selection.label_selector))
    chosen = select(matching, selection)
    guard_handle = _guard_handle(guard and not dry_run, secrets, configuration)
    injections = [Injection(Target.found(d, cluster), spec, guard_handle) for d in chosen]
    done = corrupt_all(injections, chosen, guard_handle=guard_handle, concurrency=at_most, dry_run=dry_run)
    return {
        "matched": len(matching),
        "seed": selection.seed,
        **_guard_result(guard_handle),
        "targets": [_result_of(i.target, each, dry_run=dry_run) for i, each in zip(injections, done, strict=True)],
    }


def _fault_spec(container_name: Any, image: Any, ttl: Any, progress_deadline: Any) -> FaultSpec:
    return FaultSpec(
        container_name or None, check_image(image), seconds_of(ttl, "ttl"), _whole_seconds(progress_deadline)
    )


def _guard_handle(start: bool, secrets: Any, configuration: Any) -> Any:
    return GuardHandle(read_settings(secrets, os.environ, configuration)) if start else None


def _any_seed() -> str:
    return str(random.randrange(10**6))


def _guard_result(guard_handle: Any) -> Dict[str, Any]:
    if guard_handle is None:
        return {"guard_log": None, "warnings": []}
    for warning in guard_handle.warnings:
        logger.warning(warning)
    return {"guard_log": guard_handle.log, "warnings": guard_handle.warnings}


def _result_of(target: Target, done: Any, *, dry_run: bool) -> Dict[str, Any]:
    """Log what was done to one Deployment, and return it as the journal keeps it."""
    plan, after = done
    entry = plan.entry
    for warning in plan.warnings:
        logger.warning(f"{target}: {one_line(warning, 500)}")
    verb = "would corrupt" if dry_run else "corrupted"
    change = f"{one_line(entry.original)} -> {one_line(entry.image)}"
    logger.info(f"{target}: {verb} {entry.container}, {change}, until {entry.expires}")
    return {
        "id": entry.id,
        "cluster": entry.cluster,
        "namespace": target.namespace,
        "deployment": target.name,
        "container": entry.container,
        "original_image": entry.original,
        "corrupt_image": entry.image,
        "injected": entry.at,
        "expires": entry.expires,
        "strategy": after["spec"].get("strategy", {}).get("type", "RollingUpdate"),
        "replicas": desired_replicas(after),
        "warnings": plan.warnings,
    }


def _whole_seconds(deadline: Any) -> Any:
    """Read what an environment variable gives; whatever is no whole number is refused with the rest."""
    if not isinstance(deadline, str):
        return deadline
    seconds = parse_duration(deadline, "progress_deadline")
    return int(seconds) if seconds.is_integer() else seconds
