"""Which images can be pulled, and when (kubernetes/pkg/kubelet/images)."""

import hashlib
from collections.abc import Iterable

from .references import parse
from .registries import LOCALHOST, exists_nowhere, hangs, pull_error

__all__ = ["BackOff", "Images"]

# Seconds between two pulls of an image at least, doubling between these (kubelet: MaxContainerBackOff)
FIRST_BACK_OFF, GREATEST_BACK_OFF = 10.0, 300.0


class Images:
    """Which images exist: all, except those named as missing and those of registries that do not have them.

    Args:
        missing: images that no registry has, as containers name them.
        ignoring_sigterm: images whose processes ignore SIGTERM: their Pods take all of their grace period.

    Attributes:
        blocked: whether a pull hangs; it outlives its Pod, and the node pulls nothing else (serializeImagePulls).
    """

    def __init__(self, missing: Iterable[str] = (), ignoring_sigterm: Iterable[str] = ()) -> None:
        self.missing = set(missing)
        self.ignoring_sigterm = set(ignoring_sigterm)
        self.blocked = False

    def is_present(self, image: str) -> bool:
        """Return whether an image is on the node already.

        Args:
            image: what a container names; it parses.
        """
        reference = parse(image)
        if image in self.missing or hangs(reference) or exists_nowhere(reference):
            return False
        return reference.host.partition(":")[0] == LOCALHOST or self.pull_error(image) is None

    def begin_pull(self, image: str) -> None:
        """Block the node if the registry of an image never answers.

        Args:
            image: what a container names; it parses.
        """
        self.blocked = self.blocked or hangs(parse(image))

    def pull_error(self, image: str) -> str | None:
        """Return why an image cannot be pulled, `None` when it can.

        Args:
            image: what a container names; it parses.
        """
        return pull_error(parse(image), missing=image in self.missing)

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
