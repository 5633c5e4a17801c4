"""The containers of a pod template."""

from collections.abc import Mapping
from typing import Any

__all__ = ["container_of"]


def container_of(deployment: Mapping[str, Any], name: str) -> tuple[str, dict[str, Any]] | None:
    """Find a container in a pod template.

    Args:
        deployment: a Deployment or ReplicaSet.
        name: the container's name.

    Returns:
        The list that it is in (`containers` or `initContainers`) and the container, None when it is not there.
    """
    pod = deployment["spec"]["template"]["spec"]
    for field in ("containers", "initContainers"):
        for container in pod.get(field) or []:
            if container["name"] == name:
                return field, container
    return None
