"""The rows of the section Recovery: how the Deployment came back."""

from ..generations import Cycles
from ..healing import healed_by_others, healer_of, undone_early
from ..model import Criterion, Row
from ..observed import Observed
from ..recovery_time import no_recovery, recovery_seconds
from ..stories import interventions_of
from .replicas import replicas_text

__all__ = ["MOST_CYCLES", "SLOW", "recovery"]

# seconds; a pod that has to start again is expected to take 15 to 45
SLOW = 45.0
# one change by an operator that puts the image back is healing; with more, it works against the experiment
MOST_CYCLES = 1

_SECONDS = Criterion("Recovery", "recovery-time", f"Recovered within {SLOW:.0f} s of the restore")
_CYCLES = Criterion(
    "Recovery",
    "reconcile-cycles",
    f"At most {MOST_CYCLES} generation by others since the fault, not counting changes of the replicas",
)
_HEALED_BY = Criterion("Recovery", "healed-by", "This run put the image back, or it is known who did")


def recovery(observed: Observed, cycles: Cycles | None) -> list[Row]:
    """Return the rows of the section Recovery.

    Args:
        observed: what the timeline shows.
        cycles: generations since the fault that others made; None when that is not known.
    """
    return [_seconds(observed), _cycles(observed, cycles), _healed_by(observed)]


def _seconds(observed: Observed) -> Row:
    if observed.restored is None:
        return _SECONDS.not_observed("no restore was observed")
    restored = observed.evidence(observed.restored, "the corrupt image is gone")
    if observed.recovered is None:
        return _SECONDS.decided(*no_recovery(observed), restored)
    recovered = observed.evidence(observed.recovered, "complete, all pods Ready, Available=True")
    seconds = recovery_seconds(observed)
    if seconds is None:
        why = "the changes arrived late, and no time of the API server shows how long it took"
        return _SECONDS.not_observed(why, restored, recovered)
    decide = _SECONDS.violated if seconds > SLOW else _SECONDS.met
    return decide(f"{seconds:g} s", restored, recovered)


def _cycles(observed: Observed, cycles: Cycles | None) -> Row:
    if cycles is None:
        return _CYCLES.not_observed("the Deployment was never observed with the corrupt image")
    last = observed.deployment[-1]
    decide = _CYCLES.violated if cycles.reconciled > MOST_CYCLES else _CYCLES.met
    return decide(str(cycles), observed.evidence(last, replicas_text(last)))


def _healed_by(observed: Observed) -> Row:
    if observed.restored is None:
        return _HEALED_BY.not_observed("no restore was observed")
    healer = healer_of(observed)
    if healer is None:
        if observed.facts.restored_here:
            return _HEALED_BY.met("this run", observed.evidence(observed.restored, "image set"))
        return _HEALED_BY.not_observed("managedFields do not show who put the image back")
    evidence = observed.evidence(observed.restored, f"image set by {healer.manager}", healer.at)
    early = undone_early(observed)
    if early is not None:
        return _HEALED_BY.violated(early, evidence)
    interventions = interventions_of(observed)
    if interventions and healed_by_others(observed):
        return _HEALED_BY.not_observed(interventions[0].text, evidence)
    return _HEALED_BY.met(healer.manager if healed_by_others(observed) else "this run", evidence)
