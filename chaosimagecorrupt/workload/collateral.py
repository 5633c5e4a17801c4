"""What a fault in a Deployment affects, and which tools may undo it. Pure."""

from collections.abc import Mapping, Sequence
from typing import TypedDict

from ..kube.types import Deployment
from .kinds import kind_of
from .owners import Reaction, find_owners
from .rollout import NO_DEADLINE

__all__ = ["DeploymentCollateral", "collateral_of", "fighting_owners"]


class DeploymentCollateral(TypedDict):
    """What a Deployment alone says about the effect of a fault.

    `max_surge` and `max_unavailable` are None when the Deployment does not set them, `progress_deadline` (seconds) is
    None when there is none, `ttl_left` (seconds) and `deadline_inside_ttl` are None when there is no record.
    """

    strategy: str
    max_surge: int | str | None
    max_unavailable: int | str | None
    replicas: int
    ready_replicas: int
    owners: list[str]
    progress_deadline: int | None
    ttl_left: float | None
    deadline_inside_ttl: bool | None


def fighting_owners(deployment: Deployment) -> list[str]:
    """Return the owners of this Deployment that put its image back by themselves, each with its marks."""
    return [str(owner) for owner in find_owners(deployment) if owner.reaction is Reaction.HEALS]


def collateral_of(
    deployment: Deployment,
    expires_in: float | None,
    image_owners: Mapping[str, Sequence[Sequence[str]]] | None = None,
) -> DeploymentCollateral:
    """Return what the Deployment alone says about the effect of a fault.

    Args:
        deployment: the Deployment.
        expires_in: seconds that are left of the fault's ttl; None when there is no record.
        image_owners: for each corrupted container, `[manager, operation, time]` of those that owned its image before.
    """
    kind = kind_of(deployment)
    settings, counts = kind.settings(deployment), kind.counts(deployment)
    seconds = deployment["spec"].get("progressDeadlineSeconds", NO_DEADLINE)
    deadline = None if seconds >= NO_DEADLINE else seconds
    inside = None if expires_in is None else deadline is not None and deadline < expires_in
    return {
        "strategy": settings.strategy,
        "max_surge": settings.max_surge,
        "max_unavailable": settings.max_unavailable,
        "replicas": counts.desired,
        "ready_replicas": counts.ready,
        "owners": [str(owner) for owner in find_owners(deployment, recorded=image_owners)],
        "progress_deadline": deadline,
        "ttl_left": expires_in,
        "deadline_inside_ttl": inside,
    }
