"""The corrupt image that makes a kubelet report a cause, and what speaks against an image. Pure."""

from ..errors import Refused, one_line
from ..kube.types import Container, Deployment
from ..workload.image_reference import ImageReference, parse_image
from ..workload.made_up_images import DEFAULT_IMAGE, made_up_tag, unreadable, with_no_digest
from .refusals import refuse_image
from .spec import FaultSpec

__all__ = ["cause_warnings", "corrupt_image_for", "refuse_slow_image"]


def corrupt_image_for(deployment: Deployment, container: Container, spec: FaultSpec, injection_id: str) -> str:
    """Return the corrupt image for a container.

    Args:
        deployment: the Deployment.
        container: its container.
        spec: has the image, or the cause that it is made up for.
        injection_id: makes the tag unlikely to exist.

    Raises:
        Refused: the container cannot have this cause, or this image.
    """
    name, original = container["name"], container["image"]
    image = _image_for(spec, name, original, container.get("imagePullPolicy"), injection_id)
    refuse_image(deployment, name, original, image)
    refuse_slow_image(image, original, allow_slow=spec.allow_slow)
    return image


def cause_warnings(container: Container, spec: FaultSpec) -> list[str]:
    """Warn when the kubelet will report another cause than the wanted one.

    Args:
        container: the container.
        spec: has the cause.
    """
    if spec.cause in ("", "invalid", "never") or container.get("imagePullPolicy") != "Never":
        return []
    return [f"imagePullPolicy is Never, so no pull is tried and the kubelet reports another cause than {spec.cause}"]


def _image_for(spec: FaultSpec, container: str, original: str, policy: str | None, injection_id: str) -> str:
    if spec.cause in ("", "dns"):
        return spec.image
    if spec.cause == "unauthorized":
        return made_up_tag(spec.repository, injection_id)
    name = _original(container, original, spec.cause).name
    if spec.cause == "digest":
        return with_no_digest(name)
    if spec.cause == "invalid":
        return unreadable(name, injection_id)
    if spec.cause == "never" and policy != "Never":
        raise Refused(
            "cause: never needs a container with imagePullPolicy: Never; that of "
            f"{one_line(container, 63)} is {one_line(policy or 'not set', 40)}"
        )
    return made_up_tag(name, injection_id)


def _original(container: str, original: str, cause: str) -> ImageReference:
    found = parse_image(original)
    if found is None:
        raise Refused(
            f"cause: {cause} takes registry and repository from the original image, and that of container "
            f"{one_line(container, 63)}, '{one_line(original)}', is no image reference; name an image instead"
        )
    return found


def refuse_slow_image(image: str, original: str, *, allow_slow: bool) -> None:
    """Refuse an image whose pull may hang: its registry is an IP address that may swallow packets.

    A name that does not resolve, a loopback address on which nobody listens, and the registry that the original image
    comes from answer at once.

    Args:
        image: the corrupt image.
        original: the present one.
        allow_slow: whether such a registry is allowed.

    Raises:
        Refused: it is one.
    """
    found, present = parse_image(image), parse_image(original)
    address = found.address if found is not None else None
    if allow_slow or found is None or address is None or address.is_loopback:
        return
    if present is not None and present.registry == found.registry:
        return
    raise Refused(
        f"image: the registry of '{one_line(image)}' is an IP address that may never answer; then the pull hangs, and "
        "blocks every other pull of the node, even after the fault is undone; name an image that fails at once, such "
        f"as {DEFAULT_IMAGE}, or set allow_slow: true"
    )
