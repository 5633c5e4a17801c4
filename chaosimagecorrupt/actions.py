"""Actions: corrupt the image of one container, in one Deployment or in many."""

import os
import random
from typing import Any, Dict, List

from chaoslib.types import Configuration, Secrets
from logzero import logger

from .duration import parse_duration, seconds_of
from .errors import Refused, one_line
from .fault.cluster import check_cluster, check_expected_cluster
from .fault.decide import InjectionPlan
from .fault.inject import FaultSpec, GuardHandle, Injection
from .fault.many import corrupt_all
from .fault.namespaces import consent_of, with_namespace, with_namespaces
from .fault.refusals import check_image
from .fault.result import CorruptImagesResult, GuardResult, injection_result, with_guard
from .fault.selection import check_selection, select, whole_number
from .kube.client import connect
from .kube.names import any_namespace
from .kube.settings import read_settings
from .record.annotations import DEFAULT_IMAGE
from .record.find import matching_deployments
from .record.memory import MEMORY
from .workload.stop_condition import parse_stop_below
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
    stop_below: str = None,
    allow_protected: bool = False,
    cluster: str = None,
    configuration: Configuration = None,
    secrets: Secrets = None,
) -> Dict[str, Any]:
    """Replace the image of one container of a Deployment by one that cannot be pulled.

    The same patch records on the Deployment the original image and all else that a restore needs. The fault lasts until
    `restore_image` is called, or until its ttl is over.

    Args:
        name: the Deployment's name.
        ns: the Deployment's namespace; `default` by default.
        container_name: the name of a container or init container; by default the first container.
        image: the corrupt image; by default one in a registry that cannot exist (registry.invalid).
        ttl: how long the fault lasts at most, as a Go duration (300s, 5m) or a number of seconds; 300s by default.
        progress_deadline: progressDeadlineSeconds while the fault is in place, in whole seconds; it must be shorter
            than the present one. By default it stays as it is.
        guard: start a separate process that undoes the fault when the ttl is over, also if this process is killed; true
            by default. If false, only the rollbacks, the control and the sweeper undo it.
        dry_run: send the patch for validation only; the API server stores nothing and no guard is started. False by
            default; always done in a dry run of Chaos Toolkit (`--dry`) under the control.
        stop_below: how many pods must stay ready: a number, or a percentage of the desired ones such as 50%, which is
            rounded up. Once fewer are ready, the guard undoes the fault at once, whether this process lives or not, and
            the verdict is Failed. By default there is no such condition.
        allow_protected: corrupt it also in a namespace that is protected by its name (`kube-*`, `openshift*`, or a
            pattern of IMAGE_CORRUPT_PROTECTED_NAMESPACES); false by default. What an owner protects stays refused.
        cluster: the cluster that is meant: a context's name, an API server's address, or the UID of the namespace
            kube-system; in another one the call is refused. By default any cluster will do.
        configuration: Chaos Toolkit's configuration; its KUBERNETES_CONTEXT selects the kubeconfig's context, unless
            `secrets` do.
        secrets: how to reach the cluster, with the keys of chaostoolkit-kubernetes; by default the kubeconfig or the
            pod's service account.

    Returns:
        `{id, cluster, namespace, deployment, container, original_image, corrupt_image, injected, expires, strategy,
        replicas, warnings, guard_log}`. `cluster` is the API server's address, `injected` and `expires` are RFC 3339
        times, and `guard_log` is the path of the guard's log, None without a guard.

    Raises:
        Refused: the Deployment must not be corrupted, an argument is invalid, or the guard did not start; nothing was
            changed.
        ClusterError: the API server could not be reached, or refused.
    """
    dry_run = dry_run or MEMORY.dry_run
    target = Target.of(name, ns, secrets, configuration)
    spec = _fault_spec(container_name, image, ttl, progress_deadline, _stop_below(stop_below, guard=guard))
    guard_handle = _guard_handle(guard and not dry_run, secrets, configuration)
    consent, expected = consent_of(allow_protected), check_expected_cluster(cluster)
    check_cluster(target.cluster, expected)
    consent = with_namespace(consent, target.cluster, ns)
    injection = Injection(target, spec, guard_handle, consent)
    done = injection.dry_run() if dry_run else injection.inject()
    _log_injection(target, done.plan, dry_run=dry_run)
    return dict(with_guard(injection_result(*done), _guard_result(guard_handle)))


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
    stop_below: str = None,
    allow_protected: bool = False,
    cluster: str = None,
    configuration: Configuration = None,
    secrets: Secrets = None,
) -> Dict[str, Any]:
    """Replace the image of one container in every Deployment that matches a label selector: in all of them, or in none.

    If one of them is refused, nothing is changed. If the fault cannot be put in place on one, the others are restored.

    Args:
        label_selector: which Deployments, such as app=web.
        ns: the namespace to search; by default all namespaces.
        max_targets: how many Deployments may be corrupted; if more would be, the call is refused. 10 by default.
        container_name: the name of a container or init container, which each of them must have; by default the first
            container of each.
        image: the corrupt image; by default one in a registry that cannot exist (registry.invalid).
        ttl: how long the faults last at most, as a Go duration (300s, 5m) or a number of seconds; 300s by default.
        progress_deadline: progressDeadlineSeconds while the fault is in place, in whole seconds; it must be shorter
            than the present one. By default it stays as it is.
        exclude_namespaces: a list of namespaces whose Deployments are not corrupted; `*` stands for any characters.
        fraction: the share of the matching Deployments to corrupt, above 0 and up to 1; the number is rounded up. 1 by
            default.
        seed: decides which Deployments the fraction selects; the same seed selects the same ones. Random by default.
        concurrency: how many Deployments are changed at the same time, at most; 10 by default.
        guard: start a separate process that undoes the faults when the ttl is over, also if this process is killed;
            true by default.
        dry_run: send the patches for validation only; the API server stores nothing and no guard is started. False by
            default; always done in a dry run of Chaos Toolkit (`--dry`) under the control.
        stop_below: how many pods must stay ready: a number, or a percentage of the desired ones such as 50%, which is
            rounded up. Once fewer are ready, the guard undoes the fault at once, whether this process lives or not, and
            the verdict is Failed. By default there is no such condition.
        allow_protected: corrupt it also in a namespace that is protected by its name (`kube-*`, `openshift*`, or a
            pattern of IMAGE_CORRUPT_PROTECTED_NAMESPACES); false by default. What an owner protects stays refused.
        cluster: the cluster that is meant: a context's name, an API server's address, or the UID of the namespace
            kube-system; in another one the call is refused. By default any cluster will do.
        configuration: Chaos Toolkit's configuration; its KUBERNETES_CONTEXT selects the kubeconfig's context, unless
            `secrets` do.
        secrets: how to reach the cluster, with the keys of chaostoolkit-kubernetes; by default the kubeconfig or the
            pod's service account.

    Returns:
        `{matched, seed, guard_log, warnings, targets}`. `matched` is how many Deployments match, `seed` repeats the
        selection, `warnings` are about the guard, and `targets` has for each corrupted Deployment what `corrupt_image`
        returns, without `guard_log`.

    Raises:
        Refused: no Deployment matches, too many do, one of them must not be corrupted, or an argument is invalid;
            nothing was changed.
        ImageCorruptError: the fault could not be put in place on one of them; the others are restored, and the message
            names those that could not be.
    """
    dry_run = dry_run or MEMORY.dry_run
    spec = _fault_spec(container_name, image, ttl, progress_deadline, _stop_below(stop_below, guard=guard))
    selection = check_selection(
        label_selector,
        max_targets,
        exclude_namespaces,
        fraction,
        seed if seed not in (None, "") else str(random.randrange(10**6)),
    )
    at_most = whole_number(concurrency, "concurrency")
    namespace, consent = any_namespace(ns), consent_of(allow_protected)
    expected, connection = check_expected_cluster(cluster), connect(secrets, configuration)
    check_cluster(connection, expected)
    matching = list(matching_deployments(connection, namespace, selection.label_selector))
    chosen = select(matching, selection)
    guard_handle = _guard_handle(guard and not dry_run, secrets, configuration)
    targets = [Target.found(deployment, connection) for deployment in chosen]
    consents = with_namespaces(consent, connection, (target.namespace for target in targets), at_most)
    injections = [Injection(target, spec, guard_handle, consents[target.namespace]) for target in targets]
    done = corrupt_all(injections, chosen, guard_handle=guard_handle, concurrency=at_most, dry_run=dry_run)
    of_guard = _guard_result(guard_handle)
    for injection, each in zip(injections, done, strict=True):
        _log_injection(injection.target, each.plan, dry_run=dry_run)
    result: CorruptImagesResult = {
        "matched": len(matching),
        "seed": selection.seed,
        **of_guard,
        "targets": [injection_result(*each) for each in done],
    }
    return dict(result)


def _fault_spec(container_name: Any, image: Any, ttl: Any, progress_deadline: Any, stop_below: str) -> FaultSpec:
    return FaultSpec(
        container_name or None,
        check_image(image),
        seconds_of(ttl, "ttl"),
        _whole_seconds(progress_deadline),
        stop_below,
    )


def _stop_below(value: object, *, guard: bool) -> str:
    stop_below = parse_stop_below(value)
    if stop_below and not guard:
        raise Refused("stop_below: the guard watches it, so it needs guard: true")
    return stop_below


def _guard_handle(start: bool, secrets: Secrets, configuration: Configuration) -> GuardHandle | None:
    return GuardHandle(read_settings(secrets, os.environ, configuration)) if start else None


def _guard_result(guard_handle: GuardHandle | None) -> GuardResult:
    """Log the guard's warnings, and return its part of the result."""
    if guard_handle is None:
        return {"guard_log": None, "warnings": []}
    for warning in guard_handle.warnings:
        logger.warning(warning)
    return {"guard_log": guard_handle.log, "warnings": guard_handle.warnings}


def _log_injection(target: Target, plan: InjectionPlan, *, dry_run: bool) -> None:
    """Log what was done to one Deployment."""
    entry = plan.entry
    for warning in plan.warnings:
        logger.warning(f"{target}: {one_line(warning, 500)}")
    verb = "would corrupt" if dry_run else "corrupted"
    change = f"{one_line(entry.original)} -> {one_line(entry.image)}"
    logger.info(f"{target}: {verb} {entry.container}, {change}, until {entry.expires}")


def _whole_seconds(deadline: Any) -> Any:
    """Return a deadline in whole seconds, also from text, as environment variables are; others are refused later."""
    if not isinstance(deadline, str):
        return deadline
    seconds = parse_duration(deadline, "progress_deadline")
    return int(seconds) if seconds.is_integer() else seconds
