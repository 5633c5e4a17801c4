"""Whether the fault is in place, and whether a pod cannot pull the image."""

from collections.abc import Callable, Sequence

from chaoslib.types import Configuration, Secrets

from ..duration import duration_text, parse_duration
from ..errors import ImageCorruptError, Refused, one_line
from ..kube.types import Deployment, Pod
from ..record.annotations import corrupt_in, read_record
from ..record.memory import MEMORY
from ..workload.containers import container_of, images_of
from ..workload.pull_causes import PullCause, parse_pull_cause
from ..workload.pull_failures import pull_failure
from ..workload.target import Target
from ..workload.view import View
from ._fault import original_image_is_back, over_for
from ._no_proof import log_no_proof, why_no_proof
from ._wait import wait_for

__all__ = [
    "cannot_pull",
    "image_corrupted",
    "image_pull_failing",
    "require_proof",
]


def image_pull_failing(
    name: str,
    ns: str = "default",
    container_name: str = None,
    image: str = None,
    timeout: float = 60,
    required: bool = False,
    cause: str = None,
    kind: str = "Deployment",
    configuration: Configuration = None,
    secrets: Secrets = None,
) -> bool:
    """Prove that the fault takes effect: a pod of the newest template waits because its image cannot be pulled.

    ErrImagePull and ImagePullBackOff take turns; InvalidImageName and ErrImageNeverPull are final; all of them count.
    Only pods show that: the Pending pods of the newest ReplicaSet are read, a page at a time, up to the first proof. A
    pod is Pending as long as one container or init container (a sidecar too) has never started, in whatever state the
    others are (kubernetes/pkg/kubelet: getPhase). Without a proof all of them are read, and then watched.

    A wait ends at once when this run's fault is not in place any longer: an owner put the image back, someone set a
    third one, or the Deployment is gone or scaled to 0. The log says which.

    Args:
        name: of the Deployment.
        ns: its namespace.
        container_name: container or init container; any recorded one when none is named, any at all without a record.
        image: the image that must fail in the pod; any when none is named, since admission may give a pod another
            image than its template has.
        timeout: seconds, or Go's duration, to wait for it; 0 answers from the current state.
        required: raise an error when there is no such pod, so that the activity fails, and not only the verdict. An
            owner that put the original image back before a pod could try to pull is no error.
        cause: the only cause that counts, as the kubelet reports it: not-found, name-does-not-resolve, unauthorized,
            forbidden, rate-limited, registry-error, connection-refused, TLS, invalid-reference, not-present, unknown;
            or as `corrupt_image` names it, such as dns. By default any counts. An older kubelet says
            the cause only until it waits for the next attempt.
        kind: Deployment, StatefulSet or DaemonSet.
        configuration: its KUBERNETES_CONTEXT names the kubeconfig's context, unless `secrets` do.
        secrets: how to reach the cluster; the keys of chaostoolkit-kubernetes.

    Returns:
        Whether there is such a pod. If not, the log says what was found: another cause, or a pull that hangs.

    Raises:
        Refused: the template has no such container, or there is no such cause.
        ImageCorruptError: the Deployment is not there, or its status stays older than its spec, or the proof is
            required and there is none in time; not in a dry run of Chaos Toolkit.
    """
    meant = parse_pull_cause(cause)
    target = Target.of(name, ns, secrets, configuration, kind)
    found = cannot_pull(target, timeout, container_name or None, image or None, meant)
    if required:
        require_proof([target], [found], str(target), timeout, meant)
    elif not found:
        log_no_proof(target)
    return found


def image_corrupted(
    name: str,
    ns: str = "default",
    container_name: str = None,
    kind: str = "Deployment",
    configuration: Configuration = None,
    secrets: Secrets = None,
) -> bool:
    """Tell whether the Deployment carries a record of the fault.

    Args:
        name: of the Deployment.
        ns: its namespace.
        container_name: the container; any when none is named.
        kind: Deployment, StatefulSet or DaemonSet.
        configuration: its KUBERNETES_CONTEXT names the kubeconfig's context, unless `secrets` do.
        secrets: how to reach the cluster; the keys of chaostoolkit-kubernetes.

    Returns:
        Whether it does; False in a steady state.

    Raises:
        ImageCorruptError: the Deployment is not there.
    """
    record = read_record(Target.of(name, ns, secrets, configuration, kind).get())
    return container_name in record if container_name else bool(record)


def require_proof(
    targets: Sequence[Target], found: Sequence[bool], what: str, timeout: object, cause: PullCause | None = None
) -> None:
    """Fail unless a pod of each Deployment fails to pull its image; one that others healed needs none.

    Args:
        targets: the Deployments.
        found: whether there is a proof, for each of them.
        what: what was looked at.
        timeout: how long was waited for it, for the message.
        cause: the only cause that counts; None for any.

    Raises:
        ImageCorruptError: there is none, or no Deployment, and this is no dry run of Chaos Toolkit.
    """
    if MEMORY.dry_run:
        return
    looked_at = zip(targets, found, strict=True)
    unproven = [target for target, failing in looked_at if not failing and not original_image_is_back(target)]
    if not targets or unproven:
        waited = duration_text(parse_duration(timeout, "timeout"))
        of_cause = f" with the cause '{cause}'" if cause is not None else ""
        why = next(filter(None, map(why_no_proof, unproven)), "")
        raise ImageCorruptError(
            f"{what}: no pod failed to pull its image{of_cause} within {waited}{why and f': {why}'}"
        )


def cannot_pull(
    target: Target, timeout: object, container_name: str | None, image: str | None, cause: PullCause | None = None
) -> bool:
    """Answer as `image_pull_failing` does, for a Deployment that is found already."""

    def proof(deployment: Deployment) -> Callable[[Pod], bool]:
        images = _images(deployment, container_name, image)
        return lambda pod: pull_failure(pod, images, cause) is not None

    def proven(view: View) -> bool:
        images = _images(view.deployment, container_name, image)
        failing = any(pull_failure(pod, images) for pod in view.pods)
        fault = MEMORY.fault(target)
        if failing and fault is not None and fault.pull_failed_at is None:
            # Another image than the injected one may fail too, which proves nothing about the fault
            corrupt = dict.fromkeys(corrupt_in(view.deployment, fault.entries.values()))
            if any(pull_failure(pod, corrupt) for pod in view.pods):
                MEMORY.pull_failed(fault, view.at)
        return any(map(proof(view.deployment), view.pods))

    what = "a pod that cannot pull the image" + (f": {cause}" if cause is not None else "")
    return wait_for(target, timeout, proven, what=what, proof=proof, over=over_for(target))


def _images(deployment: Deployment, container_name: str | None, image: str | None) -> dict[str, str | None]:
    template = list(images_of(deployment))
    if container_name is not None and container_of(deployment, container_name) is None:
        raise Refused(
            f"container_name: there is no '{one_line(container_name, 80)}'; there are {one_line(', '.join(template))}"
        )
    recorded = [name for name in read_record(deployment) if name in template]
    chosen = [container_name] if container_name is not None else recorded or template
    return dict.fromkeys(chosen, image)
