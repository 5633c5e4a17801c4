"""Image references, pulls and their errors (kubernetes/pkg/kubelet/images; the messages are containerd's)."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass

__all__ = ["BackOff", "Images", "InvalidReference", "Reference", "parse"]

# Seconds between two pulls of an image at least, doubling between these (kubelet: MaxContainerBackOff)
FIRST_BACK_OFF, GREATEST_BACK_OFF = 10.0, 300.0

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


class Images:
    """Which images exist: all, except those of registries that do not exist and those named as missing.

    Args:
        missing: images that no registry has, as containers name them.
        ignoring_sigterm: images whose processes ignore SIGTERM: their Pods take all of their grace period.
    """

    def __init__(self, missing: Iterable[str] = (), ignoring_sigterm: Iterable[str] = ()) -> None:
        self.missing = set(missing)
        self.ignoring_sigterm = set(ignoring_sigterm)

    def is_present(self, image: str) -> bool:
        """Return whether an image is on the node already.

        Args:
            image: what a container names; it parses.
        """
        host = parse(image).host.partition(":")[0]
        return image not in self.missing and not host.endswith(".invalid")

    def pull_error(self, image: str) -> str | None:
        """Return why an image cannot be pulled, `None` when it can.

        Args:
            image: what a container names; it parses.
        """
        reference = parse(image)
        host, _, port = reference.host.partition(":")
        if host.endswith(".invalid"):
            cause = f"dial tcp: lookup {host} on 127.0.0.53:53: no such host"
        elif host == "localhost":
            cause = f"dial tcp 127.0.0.1:{port or 443}: connect: connection refused"
        elif image in self.missing:
            return f"{_failure(reference)}: {reference.text}: not found"
        else:
            return None
        url = f"https://{reference.host}/v2/{reference.path}/manifests/{reference.version}"
        return f'{_failure(reference)}: failed to do request: Head "{url}": {cause}'

    @staticmethod
    def id_of(image: str) -> str:
        """Return the digest of an image's configuration, as in `imageID`.

        Args:
            image: what a container names.
        """
        return f"sha256:{hashlib.sha256(image.encode()).hexdigest()}"


class BackOff:
    """When an image may be pulled again (client-go/util/flowcontrol: Backoff)."""

    def __init__(self) -> None:
        self._seconds = 0.0
        self._since = 0.0

    def holds(self, now: float) -> bool:
        """Return whether it is too early for another pull.

        Args:
            now: seconds since 1970.
        """
        return now - self._since < self._seconds

    def failed(self, now: float) -> None:
        """Wait twice as long from now on; from the beginning after a long while without a failure.

        Args:
            now: seconds since 1970.
        """
        fresh = not self._seconds or now - self._since > 2 * GREATEST_BACK_OFF
        self._seconds = FIRST_BACK_OFF if fresh else min(2 * self._seconds, GREATEST_BACK_OFF)
        self._since = now


def _failure(reference: Reference) -> str:
    text = reference.text
    return f'failed to pull and unpack image "{text}": failed to resolve reference "{text}"'
