"""The original image of a container: that of the record during a fault, else that of the template. Pure."""

from typing import NamedTuple

from ..errors import Refused, one_line
from ..kube.types import Deployment
from ..workload.containers import images_of
from .annotations import read_record

__all__ = ["OriginalImage", "original_image"]


class OriginalImage(NamedTuple):
    """A container, and the image that it has without a fault."""

    container: str
    image: str


def original_image(deployment: Deployment, container_name: str | None) -> OriginalImage:
    """Return the original image of a container.

    Args:
        deployment: the Deployment.
        container_name: a container or init container; None for the first that is recorded, without a record for the
            first container.

    Raises:
        Refused: there is no such container, or its record has lost the original image.
    """
    images, record = images_of(deployment), read_record(deployment)
    first = deployment["spec"]["template"]["spec"]["containers"][0]["name"]
    name = container_name or next((c for c in record if c in images), first)
    if name not in images:
        raise Refused(f"container_name: there is no '{one_line(name, 80)}'; there are {one_line(', '.join(images))}")
    entry = record.get(name)
    if entry is None:
        return OriginalImage(name, images[name])
    if entry.original is None:
        raise Refused(f"the record of container {one_line(name, 63)} has lost the original image")
    return OriginalImage(name, entry.original)
