"""Whether the original image can still be pulled, before it is taken away."""

from chaoslib.types import Configuration, Secrets
from logzero import logger

from ..errors import Refused, one_line
from ..record.memory import MEMORY
from ..record.original import original_image
from ..workload.pull_check import check_pull
from ..workload.target import Target
from ._wait import timeout_of

__all__ = ["original_pullable"]


def original_pullable(
    name: str,
    ns: str = "default",
    container_name: str = None,
    timeout: float = 120,
    kind: str = "Deployment",
    configuration: Configuration = None,
    secrets: Secrets = None,
) -> bool:
    """Show that the original image can be pulled: a short-lived pod of this probe's own pulls it.

    Without that nobody knows: a node that has the image never asks the registry for it, and a tag or a pull secret may
    be long gone. Under the strategy Recreate the Deployment then does not come back.

    The pod is in the Deployment's namespace, on a node on which its pods may run, with their pull secrets, service
    account and runtime class, and with imagePullPolicy Always. It starts nothing, requests as little as the namespace
    admits, and has no label but one of its own, so that no Service and no ReplicaSet of the workload selects it. It is
    deleted whatever happens; if this process is killed, the kubelet ends it after `timeout` and 30 s.

    During the fault, the original image of the record is checked.

    Args:
        name: of the Deployment, or another workload.
        ns: its namespace.
        container_name: container or init container; when none is named, the first that is recorded, or without a record
            the first container.
        timeout: seconds, or Go's duration, to wait for the answer.
        kind: Deployment, StatefulSet or DaemonSet.
        configuration: its KUBERNETES_CONTEXT names the kubeconfig's context, unless `secrets` do.
        secrets: how to reach the cluster; the keys of chaostoolkit-kubernetes.

    Returns:
        Whether it can be pulled. False at the first pull that fails, and for one that takes longer than `timeout`; the
        log has the kubelet's words. True in a dry run of Chaos Toolkit, in which no pod is made.

    Raises:
        Refused: the template has no such container, or `timeout` is 0.
        ImageCorruptError: the Deployment is not there; or there is no answer, because the pod is refused (by a quota, a
            policy, Pod Security or the role), or no node takes it in time.
    """
    target = Target.of(name, ns, secrets, configuration, kind)
    seconds = timeout_of(timeout)
    if MEMORY.dry_run:
        return True
    if not seconds:
        raise Refused("timeout: a pull takes time, so it must be more than 0")
    deployment = target.get()
    container, image = original_image(deployment, container_name or None)
    answer = check_pull(target, deployment, container, image, seconds)
    if not answer.pullable:
        logger.warning(
            f"{target}: the original image '{one_line(image)}' cannot be pulled: {one_line(answer.text, 500)}"
        )
    return answer.pullable
