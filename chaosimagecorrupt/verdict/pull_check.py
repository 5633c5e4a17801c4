"""The answer of the probe `original_pullable`, as the journal has it."""

from dataclasses import dataclass

__all__ = ["PullCheck"]


@dataclass(frozen=True)
class PullCheck:
    """Whether the original image could be pulled, by a pod that was there only for that.

    Attributes:
        pullable: the last answer.
        at: when the probe began, RFC 3339; None when that is not known.
    """

    pullable: bool
    at: str | None
