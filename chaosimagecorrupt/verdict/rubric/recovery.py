"""The rows of the sections Violations, Collateral and Recovery."""

from ..kube.quantities import surge_and_unavailable
from ..timeline.timeline import Change
from ..workload.rollout import NO_DEADLINE
from .cycles import Cycles
from .facts import Evidence, Row
from .observed import Observed
from .operator import reported

__all__ = ["MOST_CYCLES", "SLOW", "Serving", "collateral", "recovery", "violations"]

# seconds: pods that have to start again are expected to take 15 to 45
SLOW = 45.0
# one change by an operator that puts the image back is healing, more is fighting
MOST_CYCLES = 1


def violations(seen: Observed) -> list[Row]:
    """Return the rows of the section Violations; `pass` says that it did not happen."""
    return [_operator_silent(seen), _no_deadline(seen), _not_complete(seen)]


def collateral(seen: Observed) -> list[Row]:
    """Return the rows of the section Collateral."""
    serving = Serving(seen)
    return [_strategy(seen), serving.row(), _webhooks(seen, serving)]


def recovery(seen: Observed, cycles: Cycles | None) -> list[Row]:
    """Return the rows of the section Recovery.

    Args:
        seen: what happened.
        cycles: generations since the fault that were not ours, None when that is not known.
    """
    return [_seconds(seen), _cycles(seen, cycles), _healed_by(seen)]


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


def _operator_silent(seen: Observed) -> Row:
    found = reported(seen)
    result = {True: "pass", False: "violation", None: "not observed"}[found.result]
    title = "The operator is neither silent nor claims to be healthy"
    return Row("Violations", "operator-silent", title, result, found.why, found.evidence)


def _no_deadline(seen: Observed) -> Row:
    row, title = "no-progress-deadline", "The Deployment has a progress deadline"
    first = seen.before or next(iter(seen.deployment), None)
    if first is None or first.state.get("gone"):
        return Row("Violations", row, title, "not observed", seen.missing.get("Deployment", "it was not seen"))
    shortened = [e.original_deadline for e in seen.facts.entries if e.original_deadline is not None]
    found = first.state.get("progressDeadlineSeconds", NO_DEADLINE)
    seconds = shortened[0] if shortened and first is not seen.before else found
    told = seen.evidence(first, f"progressDeadlineSeconds {seconds}")
    if seconds >= NO_DEADLINE:
        return Row("Violations", row, title, "violation", "a stuck rollout is never reported as failed", (told,))
    return Row("Violations", row, title, "pass", f"{seconds} s", (told,))


def _not_complete(seen: Observed) -> Row:
    row, title = "rollout-not-complete", "The rollout is complete at the end"
    if seen.restored is None:
        return Row("Violations", row, title, "not observed", "the image was not seen to be put back")
    last = seen.deployment[-1]
    if seen.recovered is None:
        result, why = seen.not_recovered
        return Row("Violations", row, title, result, why, (seen.evidence(last, _counts(last)),))
    told = seen.evidence(last, _counts(last))
    if not last.state.get("complete"):
        return Row(
            "Violations", row, title, "violation", "complete after the restore, but no longer at the end", (told,)
        )
    return Row("Violations", row, title, "pass", _counts(last), (told,))


def _counts(change: Change) -> str:
    state = change.state
    if state.get("gone"):
        return "gone"
    counts = (state["readyReplicas"], state["updatedReplicas"], state["availableReplicas"])
    return "{} ready, {} updated, {} available of {}".format(*counts, state["replicas"])


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


def _seconds(seen: Observed) -> Row:
    row, title = "recovery-time", f"Recovered within {SLOW:.0f} s of the restore"
    if seen.restored is None:
        return Row("Recovery", row, title, "not observed", "the image was not seen to be put back")
    restored = seen.evidence(seen.restored, "the corrupt image is gone")
    if seen.recovered is None:
        result, why = seen.not_recovered
        return Row("Recovery", row, title, result, why, (restored,))
    told = (restored, seen.evidence(seen.recovered, "complete, all pods Ready, Available=True"))
    if seen.seconds is None:
        why = "the news came late, and the API server's times do not tell"
        return Row("Recovery", row, title, "not observed", why, told)
    return Row("Recovery", row, title, "violation" if seen.seconds > SLOW else "pass", f"{seen.seconds:g} s", told)


def _cycles(seen: Observed, cycles: Cycles | None) -> Row:
    row, title = "reconcile-cycles", f"At most {MOST_CYCLES} change by others since the fault, scaling aside"
    if cycles is None:
        return Row("Recovery", row, title, "not observed", "the Deployment was not seen with the corrupt image")
    told: tuple[Evidence, ...] = (seen.evidence(seen.deployment[-1], _counts(seen.deployment[-1])),)
    return Row("Recovery", row, title, "violation" if cycles.reconciled > MOST_CYCLES else "pass", str(cycles), told)


def _healed_by(seen: Observed) -> Row:
    row, title = "healed-by", "The image was put back by this run, or it is known by whom"
    if seen.restored is None:
        return Row("Recovery", row, title, "not observed", "the image was not seen to be put back")
    found = seen.healed_by
    if found is None:
        if seen.facts.restored_here:
            return Row("Recovery", row, title, "pass", "this run", (seen.evidence(seen.restored, "image set"),))
        return Row("Recovery", row, title, "not observed", "managedFields do not tell")
    told = (seen.evidence(seen.restored, f"image set by {found[0]}", found[1]),)
    if seen.undone_early is not None:
        return Row("Recovery", row, title, "violation", seen.undone_early, told)
    return Row("Recovery", row, title, "pass", found[0] if seen.healed_by_others else "this run", told)
