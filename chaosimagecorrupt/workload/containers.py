"""The containers of a pod template."""

from collections.abc import Iterator, Mapping
from typing import Any

__all__ = ["container_of", "containers_of", "images_of", "pod_containers"]

# in this order, the first container is the one that `kubectl logs` would show
_FIELDS = ("containers", "initContainers")


def pod_containers(pod_spec: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Iterate over the containers of a pod's spec, init containers last.

    Args:
        pod_spec: `spec` of a pod, or `spec.template.spec` of what makes pods.

    Yields:
        The list that the container is in (`containers` or `initContainers`), and the container.
    """
    for field in _FIELDS:
        for container in pod_spec.get(field) or []:
            yield field, container


def containers_of(workload: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Iterate over the containers of a Deployment's or ReplicaSet's pod template, as `pod_containers` does."""
    return pod_containers(workload["spec"]["template"]["spec"])


def container_of(workload: Mapping[str, Any], name: str) -> tuple[str, dict[str, Any]] | None:
    """Find a container in a pod template.

    Args:
        workload: a Deployment or ReplicaSet.
        name: the container's name.

    Returns:
        The list that it is in (`containers` or `initContainers`) and the container, None when it is not there.
    """
    return next(((field, c) for field, c in containers_of(workload) if c["name"] == name), None)


def images_of(workload: Mapping[str, Any]) -> dict[str, str]:
    """Return the images of a pod template, by container."""
    return {c["name"]: c["image"] for _, c in containers_of(workload)}
