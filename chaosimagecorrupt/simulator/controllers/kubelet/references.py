"""Image references as a kubelet reads them (github.com/distribution/reference)."""

import re
from dataclasses import dataclass

__all__ = ["InvalidReference", "Reference", "parse"]

_DOMAIN = r"(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])"
_PATH = r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*"
_REFERENCE = re.compile(
    rf"(?:(?:{_DOMAIN}(?:\.{_DOMAIN})*|\[[a-fA-F0-9:]+\])(?::[0-9]+)?/)?{_PATH}(?:/{_PATH})*"
    r"(?::(?P<tag>[\w][\w.-]{0,127}))?(?:@(?P<digest>[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:"
    r"[0-9a-fA-F]{32,}))?"
)
_IDENTIFIER = re.compile(r"[a-f0-9]{64}")


class InvalidReference(Exception):
    """An image reference that no runtime can parse."""


@dataclass(frozen=True)
class Reference:
    """An image reference, completed.

    Attributes:
        host: the registry, port included.
        path: the repository.
        version: tag or digest.
        text: all of it, as containerd says it.
    """

    host: str
    path: str
    version: str
    text: str


def parse(image: str) -> Reference:
    """Return the parts of an image reference (github.com/distribution/reference: ParseNormalizedNamed).

    Args:
        image: what a container's `image` says.

    Raises:
        InvalidReference: it does not parse; the message is the one that a kubelet reports.
    """
    if _IDENTIFIER.fullmatch(image):
        raise InvalidReference(f"invalid repository name ({image}), cannot specify 64-byte hexadecimal strings")
    host, rest = _split_host(image)
    path = rest.partition(":")[0]
    if path != path.lower():
        raise InvalidReference(f"invalid reference format: repository name ({path}) must be lowercase")
    if host == "docker.io" and "/" not in path:
        rest = f"library/{rest}"
    match = _REFERENCE.fullmatch(f"{host}/{rest}")
    if match is None:
        raise InvalidReference("invalid reference format")
    version = match["digest"] or match["tag"] or "latest"
    path = rest.partition("@")[0].partition(":")[0]
    text = f"{host}/{rest}" if match["digest"] or match["tag"] else f"{host}/{rest}:latest"
    return Reference(host, path, version, text)


def _split_host(image: str) -> tuple[str, str]:
    """Return the registry and the rest of an image reference (github.com/distribution/reference: splitDockerDomain)."""
    host, _, rest = image.partition("/")
    if not rest or not (re.search("[.:]", host) or host == "localhost" or host.lower() != host):
        return "docker.io", image
    return host, rest
