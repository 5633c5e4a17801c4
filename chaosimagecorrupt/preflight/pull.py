"""The preflight of the way back: a pod of its own shows whether the original image can be pulled."""

from ..errors import ImageCorruptError, Unreachable, one_line
from ..kube.types import Deployment
from ..record.original import original_image
from ..workload.pull_check import check_pull
from ..workload.target import Target
from .model import Check, Level

__all__ = ["check_original"]

# seconds
_TIMEOUT = 120.0


def check_original(target: Target, deployment: Deployment, container_name: str | None) -> list[Check]:
    """Check whether the original image can be pulled. A pod is created for that, and deleted.

    Args:
        target: the Deployment.
        deployment: the Deployment as it was read.
        container_name: a container or init container, which is there; None for the first container.

    Raises:
        Unreachable: there is no API server.
    """
    container, image = original_image(deployment, container_name)
    called = f"the original image {one_line(image)} of container {one_line(container, 63)}"
    try:
        answer = check_pull(target, deployment, container, image, _TIMEOUT)
    except Unreachable:
        raise
    except ImageCorruptError as x:
        return [Check("pull check", Level.WARNING, f"whether {called} can be pulled is not known: {one_line(x, 500)}")]
    if answer.pullable:
        return [Check("pull check", Level.OK, f"{called} can be pulled")]
    return [Check("pull check", Level.BLOCKER, f"{called} cannot be pulled: {one_line(answer.text, 500)}")]
