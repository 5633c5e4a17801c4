"""How many pods stayed ready during the fault."""

from dataclasses import dataclass

from ..timeline.timeline import Change
from .journal import ServingJson
from .observed import Observed

__all__ = ["Serving", "serving_of"]


@dataclass(frozen=True)
class Serving:
    """The ready pods from the fault until the recovery.

    Attributes:
        replicas: how many the Deployment asked for before the fault; None when that is not known.
        ready_before: how many of them were ready then.
        lowest: the state with the fewest ready pods; None when no fault was observed.
        lost: how many that were ready before, and are still asked for, were not ready at the lowest point.
    """

    replicas: int | None
    ready_before: int
    lowest: Change | None
    lost: int

    @property
    def fewest(self) -> int | None:
        """The lowest number of ready pods; None when no fault was observed."""
        return self.lowest.state["readyReplicas"] if self.lowest else None

    def to_json(self) -> ServingJson:
        """Return it as the journal keeps it."""
        return {"replicas": self.replicas, "fewest": self.fewest}


def serving_of(observed: Observed) -> Serving:
    """Count the ready pods from the fault until the recovery, or the timeline's end."""
    before = observed.before or observed.corrupted
    replicas = before.state["replicas"] if before else None
    ready = observed.before.state["readyReplicas"] if observed.before else replicas
    ready_before = min(ready or 0, replicas or 0)
    during = _during(observed)
    # A pod that the Deployment does not ask for any longer is not lost
    lost = [min(ready_before, c.state["replicas"]) - c.state["readyReplicas"] for c in during]
    lowest = min(during, key=lambda c: c.state["readyReplicas"], default=None)
    return Serving(replicas, ready_before, lowest, max([0, *lost]))


def _during(observed: Observed) -> list[Change]:
    if observed.corrupted is None:
        return []
    states = [c for c in observed.since(observed.corrupted, observed.deployment) if not c.state.get("gone")]
    return [c for c in states if observed.recovered is None or c.at <= observed.recovered.at]
