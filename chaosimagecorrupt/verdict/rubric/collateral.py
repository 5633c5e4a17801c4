"""The rows of the section Collateral."""

from ...kube.quantities import surge_and_unavailable
from ...timeline.timeline import Change
from ..model import Row
from ..observed import Observed

__all__ = ["Serving", "collateral"]


def collateral(seen: Observed) -> list[Row]:
    """Return the rows of the section Collateral."""
    serving = Serving(seen)
    return [_strategy(seen), serving.row(), _webhooks(seen, serving)]


class Serving:
    """How many pods were ready while the fault lasted, and until it was over.

    Args:
        seen: what happened.
    """

    def __init__(self, seen: Observed) -> None:
        self._seen = seen
        states = [c for c in seen.deployment if not c.state.get("gone")]
        end = seen.recovered
        during = [c for c in states if seen.corrupted and c.at >= seen.corrupted.at and (not end or c.at <= end.at)]
        last_before = seen.before or seen.corrupted
        self.replicas: int | None = last_before.state["replicas"] if last_before else None
        self.lowest: Change | None = min(during, key=lambda c: c.state["readyReplicas"], default=None)
        self.fewest: int | None = self.lowest.state["readyReplicas"] if self.lowest else None
        ready = seen.before.state["readyReplicas"] if seen.before else self.replicas
        self.ready: int = min(ready or 0, self.replicas or 0)
        # a pod that nobody wants any longer is not lost
        lost = (min(self.ready, c.state["replicas"]) - c.state["readyReplicas"] for c in during)
        self.lost = max([0, *lost])

    def row(self) -> Row:
        """Return the row about ready pods."""
        title = "No ready pod is lost"
        if self.lowest is None:
            return Row("Collateral", "serving", title, "not observed", "the Deployment was not seen during a fault")
        if not self.ready:
            return Row("Collateral", "serving", title, "not observed", "no pod was ready before the fault")
        dropped = self._seen.timeline["dropped"].get("Deployment", 0)
        limit = f"; {dropped} states of the Deployment were not kept" if dropped else ""
        told = self._seen.evidence(self.lowest, f"readyReplicas {self.fewest} of {self.replicas}")
        why = f"{self.fewest} of {self.replicas} pods were ready at the fewest{limit}"
        return Row("Collateral", "serving", title, "violation" if self.lost else "pass", why, (told,))


def _strategy(seen: Observed) -> Row:
    row, title = "strategy", "The strategy leaves pods serving while new ones cannot start"
    found = seen.corrupted or next(iter(seen.deployment), None)
    if found is None or found.state.get("gone"):
        return Row("Collateral", row, title, "not observed", "the Deployment was not seen")
    state = found.state
    told = seen.evidence(found, f"strategy {state['strategy']}")
    if state["replicas"] == 0:
        return Row("Collateral", row, title, "not observed", "the Deployment has 0 replicas", (told,))
    if state["strategy"] != "RollingUpdate":
        why = f"{state['strategy']} stops every old pod before a new one starts"
        return Row("Collateral", row, title, "violation", why, (told,))
    # the API server's defaults, for an object that no API server has seen
    bounds = (state.get("maxSurge", "25%"), state.get("maxUnavailable", "25%"))
    surge, unavailable = surge_and_unavailable(state["replicas"], *bounds)
    why = f"RollingUpdate: of {state['replicas']} pods {unavailable} may be taken down, {surge} added"
    return Row("Collateral", row, title, "violation" if unavailable >= state["replicas"] else "pass", why, (told,))


def _webhooks(seen: Observed, serving: Serving) -> Row:
    row, title, found = "webhooks", "Admission webhooks keep their backends", seen.facts.webhooks
    if found is None:
        return Row("Collateral", row, title, "not observed", seen.facts.webhooks_unknown)
    if not found:
        return Row("Collateral", row, title, "pass", "the Deployment's pods serve no admission webhook")
    names = ", ".join(f"{w['kind']} {w['configuration']} ({w['failure_policy']})" for w in found)
    if serving.lowest is None:
        return Row("Collateral", row, title, "not observed", f"its pods serve {names}, but no fault was seen")
    told = (seen.evidence(serving.lowest, f"readyReplicas {serving.fewest}"),)
    if serving.fewest == 0:
        return Row("Collateral", row, title, "violation", f"no pod was ready to serve {names}", told)
    return Row("Collateral", row, title, "pass", f"{serving.fewest} pods were ready to serve {names}", told)
