"""The rows of the section Collateral: what else the fault affects."""

from ...kube.quantities import surge_and_unavailable
from ..model import Criterion, Row
from ..observed import Observed
from ..serving import Serving

__all__ = ["collateral"]

_STRATEGY = Criterion("Collateral", "strategy", "The strategy leaves pods serving while new ones cannot start")
_SERVING = Criterion("Collateral", "serving", "No ready pod is lost")
_WEBHOOKS = Criterion("Collateral", "webhooks", "Admission webhooks keep a ready backend")


def collateral(observed: Observed, serving: Serving) -> list[Row]:
    """Return the rows of the section Collateral."""
    return [_strategy(observed), _serving(observed, serving), _webhooks(observed, serving)]


def _strategy(observed: Observed) -> Row:
    found = observed.corrupted or next(iter(observed.deployment), None)
    if found is None or found.state.get("gone"):
        return _STRATEGY.not_observed(f"the {observed.kind.name} was not observed")
    state = found.state
    evidence = observed.evidence(found, f"strategy {state['strategy']}")
    if state["replicas"] == 0:
        return _STRATEGY.not_observed(f"the {observed.kind.name} {observed.kind.without_pods}", evidence)
    if state["strategy"] == "OnDelete":
        return _STRATEGY.met("OnDelete stops no pod", evidence)
    if state["strategy"] != "RollingUpdate":
        return _STRATEGY.violated(f"{state['strategy']} stops every old pod before a new one starts", evidence)
    # The API server sets these defaults; a Deployment that never passed through one may lack them
    bounds = (state.get("maxSurge", "25%"), state.get("maxUnavailable", "25%"))
    surge, unavailable = surge_and_unavailable(state["replicas"], *bounds)
    why = f"RollingUpdate: of {state['replicas']} pods, {unavailable} may be unavailable and {surge} may be added"
    violated = unavailable >= state["replicas"]
    return _STRATEGY.violated(why, evidence) if violated else _STRATEGY.met(why, evidence)


def _serving(observed: Observed, serving: Serving) -> Row:
    if serving.lowest is None:
        return _SERVING.not_observed("no fault was observed")
    if not serving.ready_before:
        return _SERVING.not_observed("no pod was ready before the fault")
    dropped = observed.timeline["dropped"].get(observed.kind.name, 0)
    incomplete = f"; {dropped} states of the {observed.kind.name} were not kept" if dropped else ""
    evidence = observed.evidence(serving.lowest, f"readyReplicas {serving.fewest} of {serving.replicas}")
    why = f"{serving.fewest} of {serving.replicas} pods were ready at the lowest{incomplete}"
    return _SERVING.violated(why, evidence) if serving.lost else _SERVING.met(why, evidence)


def _webhooks(observed: Observed, serving: Serving) -> Row:
    webhooks = observed.facts.webhooks
    if webhooks is None:
        return _WEBHOOKS.not_observed(observed.facts.webhooks_unknown)
    if not webhooks:
        return _WEBHOOKS.met(f"the {observed.kind.name}'s pods serve no admission webhook")
    names = ", ".join(f"{w['kind']} {w['configuration']} ({w['failure_policy']})" for w in webhooks)
    if serving.lowest is None:
        return _WEBHOOKS.not_observed(f"its pods serve {names}, but no fault was observed")
    evidence = observed.evidence(serving.lowest, f"readyReplicas {serving.fewest}")
    if serving.fewest == 0:
        return _WEBHOOKS.violated(f"no pod was ready to serve {names}", evidence)
    return _WEBHOOKS.met(f"{serving.fewest} pods were ready to serve {names}", evidence)
