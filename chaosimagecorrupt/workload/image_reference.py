"""The parts of an image reference: registry, repository, tag, digest. Pure.

The grammar is that of github.com/distribution/reference, by which kubelets and runtimes read an image:
ParseNormalizedNamed in normalize.go, the regular expressions in regexp.go.
"""

import ipaddress
import re
from dataclasses import dataclass

__all__ = ["ImageReference", "parse_image"]

_DEFAULT_REGISTRY, _LEGACY_REGISTRY = "docker.io", "index.docker.io"

_LABEL = r"(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])"
_REGISTRY = re.compile(rf"(?:{_LABEL}(?:\.{_LABEL})*|\[[a-fA-F0-9:]+\])(?::[0-9]+)?", re.ASCII)
_COMPONENT = r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*"
_REST = re.compile(
    rf"(?P<repository>{_COMPONENT}(?:/{_COMPONENT})*)(?::(?P<tag>\w[\w.-]{{0,127}}))?"
    r"(?:@(?P<digest>[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}))?",
    re.ASCII,
)
_IDENTIFIER = re.compile(r"[a-f0-9]{64}", re.ASCII)
# reference.go: RepositoryNameTotalLengthMax
_LONGEST_REPOSITORY = 255


@dataclass(frozen=True)
class ImageReference:
    """An image reference.

    Attributes:
        name: registry and repository as they are written, without tag and digest.
        registry: host and port; that of Docker Hub when none is written.
        repository: the rest of the name.
        tag: empty without one.
        digest: empty without one.
    """

    name: str
    registry: str
    repository: str
    tag: str = ""
    digest: str = ""

    @property
    def address(self) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
        """The IP address that the registry is given by; None when it is given by a name."""
        host = self.registry.partition("]")[0].removeprefix("[")
        if not self.registry.startswith("["):
            host = self.registry.partition(":")[0]
        try:
            return ipaddress.ip_address(host)
        except ValueError:
            return None


def parse_image(image: str) -> ImageReference | None:
    """Return the parts of an image reference, None when no kubelet can read it.

    Args:
        image: as a container has it, such as `nginx`, `quay.io/org/app:v1` or `10.0.0.1:5000/app@sha256:...`.
    """
    if _IDENTIFIER.fullmatch(image):
        return None
    registry, rest = _split(image)
    match = _REST.fullmatch(f"library/{rest}" if registry == _DEFAULT_REGISTRY and "/" not in rest else rest)
    if match is None or not _REGISTRY.fullmatch(registry) or len(match["repository"]) > _LONGEST_REPOSITORY:
        return None
    tag, digest = match["tag"] or "", match["digest"] or ""
    name = image.removesuffix(f"@{digest}").removesuffix(f":{tag}")
    return ImageReference(name, registry, match["repository"], tag, digest)


def _split(image: str) -> tuple[str, str]:
    """Return registry and rest: what stands before the first slash is a registry only if it looks like one."""
    first, slash, rest = image.partition("/")
    if not slash or not (re.search("[.:]", first) or first == "localhost" or first.lower() != first):
        return _DEFAULT_REGISTRY, image
    return (_DEFAULT_REGISTRY if first == _LEGACY_REGISTRY else first), rest
