"""Actions: corrupt the image of one container, in one Deployment or in many."""

import os
import random
from typing import Any, Dict, List

from chaoslib.types import Configuration, Secrets

from .fault.cluster import connect_to
from .fault.inject import GuardHandle, Injection, guard_result
from .fault.many import corrupt_selected
from .fault.namespaces import consent_of, with_namespace
from .fault.result import injection_result, with_guard
from .fault.selection import check_selection, whole_number
from .fault.spec import check_fault_spec
from .kube.names import any_namespace, check_target
from .kube.settings import read_settings
from .record.annotations import DEFAULT_IMAGE
from .record.memory import MEMORY
from .workload.kinds import kind_named
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
    cause: str = None,
    repository: str = None,
    allow_slow: bool = False,
    kind: str = "Deployment",
    allow_on_delete: bool = False,
    configuration: Configuration = None,
    secrets: Secrets = None,
) -> Dict[str, Any]:
    """Replace the image of one container of a Deployment, or of another workload, by one that cannot be pulled.

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
        cause: what the kubelet is to report; the image is made up for it, so `image` must not be given. `dns`: the
            registry's name does not resolve, as with the default image. `not-found`: the original's repository with a
            tag that does not exist, which allow-lists of registries admit. `digest`: the same with a digest of zeros.
            `unauthorized`: `repository`, which the pods may not read. `invalid`: a name that no kubelet can read.
            `never`: not on the node, for a container with imagePullPolicy Never. By default `image` decides.
        repository: for `cause: unauthorized`, registry and repository of an image that demands credentials which the
            pods lack, such as registry.corp/private/app; a tag that does not exist is added.
        allow_slow: allow an image whose registry is an IP address other than the original's and loopback; false by
            default. Such a registry may never answer, and a pull that hangs blocks every other pull of its node.
        kind: Deployment, StatefulSet or DaemonSet; Deployment by default.
        allow_on_delete: corrupt it also with the update strategy OnDelete, where nothing happens until someone deletes
            a pod; false by default.
        configuration: Chaos Toolkit's configuration; its KUBERNETES_CONTEXT selects the kubeconfig's context, unless
            `secrets` do.
        secrets: how to reach the cluster, with the keys of chaostoolkit-kubernetes; by default the kubeconfig or the
            pod's service account.

    Returns:
        `{id, cluster, namespace, deployment, container, original_image, corrupt_image, cause, injected, expires,
        strategy, replicas, warnings, guard_log}`. `cluster` is the API server's address, `cause` what the kubelet is to
        report (`dns` for the default image, None for another one), `injected` and `expires` are RFC 3339 times, and
        `guard_log` is the path of the guard's log, None without a guard. For other kinds than Deployment, `kind` says
        which, and `deployment` is the name of the workload.

    Raises:
        Refused: the Deployment must not be corrupted, an argument is invalid, or the guard did not start; nothing was
            changed.
        ClusterError: the API server could not be reached, or refused.
    """
    dry_run = dry_run or MEMORY.dry_run
    spec = check_fault_spec(
        container_name,
        image,
        ttl,
        progress_deadline,
        stop_below,
        guard=guard,
        cause=cause,
        repository=repository,
        allow_slow=allow_slow,
        allow_on_delete=allow_on_delete,
    )
    consent = consent_of(allow_protected)
    check_target(name, ns)
    target = Target(name, ns, connect_to(cluster, secrets, configuration), kind_named(kind))
    guard_handle = _guard_handle(guard and not dry_run, secrets, configuration)
    injection = Injection(target, spec, guard_handle, with_namespace(consent, target.cluster, ns))
    done = injection.dry_run() if dry_run else injection.inject()
    return dict(with_guard(injection_result(*done), guard_result(guard_handle)))


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
    cause: str = None,
    repository: str = None,
    allow_slow: bool = False,
    kind: str = "Deployment",
    allow_on_delete: bool = False,
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
        cause: what the kubelet is to report; the image is made up for it, so `image` must not be given. `dns`: the
            registry's name does not resolve, as with the default image. `not-found`: the original's repository with a
            tag that does not exist, which allow-lists of registries admit. `digest`: the same with a digest of zeros.
            `unauthorized`: `repository`, which the pods may not read. `invalid`: a name that no kubelet can read.
            `never`: not on the node, for a container with imagePullPolicy Never. By default `image` decides.
        repository: for `cause: unauthorized`, registry and repository of an image that demands credentials which the
            pods lack, such as registry.corp/private/app; a tag that does not exist is added.
        allow_slow: allow an image whose registry is an IP address other than the original's and loopback; false by
            default. Such a registry may never answer, and a pull that hangs blocks every other pull of its node.
        kind: Deployment, StatefulSet or DaemonSet; Deployment by default.
        allow_on_delete: corrupt it also with the update strategy OnDelete, where nothing happens until someone deletes
            a pod; false by default.
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
    spec = check_fault_spec(
        container_name,
        image,
        ttl,
        progress_deadline,
        stop_below,
        guard=guard,
        cause=cause,
        repository=repository,
        allow_slow=allow_slow,
        allow_on_delete=allow_on_delete,
    )
    seed = seed if seed not in (None, "") else str(random.randrange(10**6))
    selection = check_selection(label_selector, max_targets, exclude_namespaces, fraction, seed)
    result = corrupt_selected(
        namespace=any_namespace(ns),
        consent=consent_of(allow_protected),
        concurrency=whole_number(concurrency, "concurrency"),
        cluster=connect_to(cluster, secrets, configuration),
        selection=selection,
        spec=spec,
        guard_handle=_guard_handle(guard and not dry_run, secrets, configuration),
        dry_run=dry_run,
        kind=kind_named(kind),
    )
    return dict(result)


def _guard_handle(start: bool, secrets: Secrets, configuration: Configuration) -> GuardHandle | None:
    return GuardHandle(read_settings(secrets, os.environ, configuration)) if start else None
