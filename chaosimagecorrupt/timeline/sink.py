"""What receives the changes of one Deployment and of the objects around it."""

from collections.abc import Sequence
from typing import Protocol

from ..kube.types import Object
from ..workload.target import Target
from ..workload.webhooks import ServedWebhook

__all__ = ["TimelineSink"]


class TimelineSink(Protocol):
    """Receives the changes of one Deployment from a `NamespaceFollower`, in any thread. A `Recorder` is one."""

    target: Target

    def on_initial(self, kind: str, found: Sequence[Object]) -> None:
        """Take the objects of a kind that exist at the beginning."""

    def on_change(self, kind: str, found: Object, gone: bool) -> None:
        """Take an object that was added, changed, or deleted (`gone`)."""

    def on_gap(self, kind: str, since: float, until: float, lost: bool) -> None:
        """Note a time in which changes of a kind were not followed, see `informer.ChangeHandler`."""

    def on_missing(self, kind: str, why: object) -> None:
        """Note that a kind is not followed, or not any longer, and why."""

    def on_limited(self, kind: str, to: str) -> None:
        """Note that only some objects of a kind are followed, and which."""

    def on_following(self) -> None:
        """Note that each kind is followed now, or reported as missing."""

    def on_webhooks(self, webhooks: list[ServedWebhook] | None, unknown: str) -> None:
        """Note which admission webhooks the pods serve; None, and the reason, when that is not known."""
