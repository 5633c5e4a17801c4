"""The containers of a pod template. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

__all__ = ["Located", "container_of", "containers_of", "images_of", "pod_containers"]

# in this order, the first container is the one that `kubectl logs` would show
_FIELDS = ("containers", "initContainers")


class Located(NamedTuple):
    """A container, and the list that it is in.

    Attributes:
        field: `containers` or `initContainers`.
        container: the container, as the API has it.
    """

    field: str
    container: dict[str, Any]

    @property
    def image(self) -> str:
        """The container's image."""
        image: str = self.container["image"]
        return image


def pod_containers(pod_spec: Mapping[str, Any]) -> Iterator[Located]:
    """Iterate over the containers of a pod's spec, init containers last.

    Args:
        pod_spec: `spec` of a pod, or `spec.template.spec` of what makes pods.

    Yields:
        Each container with the list that it is in.
    """
    for field in _FIELDS:
        for container in pod_spec.get(field) or []:
            yield Located(field, container)


def containers_of(workload: Mapping[str, Any]) -> Iterator[Located]:
    """Iterate over the containers of a Deployment's or ReplicaSet's pod template, as `pod_containers` does."""
    return pod_containers(workload["spec"]["template"]["spec"])


def container_of(workload: Mapping[str, Any], name: str) -> Located | None:
    """Find a container in a pod template.

    Args:
        workload: a Deployment or ReplicaSet.
        name: the container's name.

    Returns:
        The container with the list that it is in; None when there is none of that name.
    """
    return next((found for found in containers_of(workload) if found.container["name"] == name), None)


def images_of(workload: Mapping[str, Any]) -> dict[str, str]:
    """Return the images of a pod template, by container."""
    return {found.container["name"]: found.image for found in containers_of(workload)}
