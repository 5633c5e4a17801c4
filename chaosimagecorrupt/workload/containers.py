"""The containers of a pod template. Pure."""

from collections.abc import Iterator
from typing import NamedTuple

from ..kube.types import Container, Deployment, PodSpec, ReplicaSet

__all__ = ["Located", "container_of", "containers_of", "images_of", "pod_containers"]


class Located(NamedTuple):
    """A container, and the list that it is in.

    Attributes:
        field: `containers` or `initContainers`.
        container: the container, as the API has it.
    """

    field: str
    container: Container

    @property
    def image(self) -> str:
        """The container's image."""
        return self.container["image"]


def pod_containers(pod_spec: PodSpec) -> Iterator[Located]:
    """Iterate over the containers of a pod's spec, init containers first, as they start.

    Args:
        pod_spec: `spec` of a pod, or `spec.template.spec` of what makes pods.

    Yields:
        Each container with the list that it is in.
    """
    for field, containers in (
        ("initContainers", pod_spec.get("initContainers")),
        ("containers", pod_spec.get("containers")),
    ):
        for container in containers or []:
            yield Located(field, container)


def containers_of(workload: Deployment | ReplicaSet) -> Iterator[Located]:
    """Iterate over the containers of a Deployment's or ReplicaSet's pod template, as `pod_containers` does."""
    return pod_containers(workload["spec"]["template"]["spec"])


def container_of(workload: Deployment | ReplicaSet, name: str) -> Located | None:
    """Find a container in a pod template.

    Args:
        workload: a Deployment or ReplicaSet.
        name: the container's name.

    Returns:
        The container with the list that it is in; None when there is none of that name.
    """
    return next((found for found in containers_of(workload) if found.container["name"] == name), None)


def images_of(workload: Deployment | ReplicaSet) -> dict[str, str]:
    """Return the images of a pod template, by container."""
    return {found.container["name"]: found.image for found in containers_of(workload)}
