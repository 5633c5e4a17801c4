"""The rows of the section Recovery: how the Deployment came back."""

from ...duration import duration_text
from ..generations import Cycles
from ..healing import healed_by_others, healer_of, undone_early_text
from ..interventions import interventions_of
from ..model import Criterion, Row
from ..observed import Observed
from ..recovery_time import no_recovery, recovery_seconds
from ..stop_condition import Stop
from .evidence import recovered_evidence, replicas_text, restored_evidence
from .original import original_pulled

__all__ = ["recovery"]

_HEALED_BY = Criterion("Recovery", "healed-by", "This run put the image back, or it is known who did")


def recovery(observed: Observed, cycles: Cycles | None, stop: Stop | None) -> list[Row]:
    """Return the rows of the section Recovery.

    Args:
        observed: what the timeline shows.
        cycles: generations since the fault that others made; None when that is not known.
        stop: the stop condition that ended the fault; None when none did.
    """
    return [_seconds(observed), _cycles(observed, cycles), _healed_by(observed, stop), original_pulled(observed)]


def _seconds(observed: Observed) -> Row:
    within = observed.limits.recovery_within
    criterion = Criterion("Recovery", "recovery-time", f"Recovered within {duration_text(within)} of the restore")
    if observed.restored is None:
        return criterion.not_observed("no restore was observed")
    restored = restored_evidence(observed, observed.restored)
    if observed.recovered is None:
        return criterion.decided(*no_recovery(observed), restored)
    recovered = recovered_evidence(observed, observed.recovered)
    seconds = recovery_seconds(observed)
    if seconds is None:
        why = "the changes arrived late, and no time of the API server shows how long it took"
        return criterion.not_observed(why, restored, recovered)
    decide = criterion.violated if seconds > within else criterion.met
    return decide(duration_text(seconds), restored, recovered)


def _cycles(observed: Observed, cycles: Cycles | None) -> Row:
    most = observed.limits.max_reconcile_cycles
    title = f"At most {most} generation{'' if most == 1 else 's'} by others since the fault"
    criterion = Criterion("Recovery", "reconcile-cycles", f"{title}, not counting changes of the replicas")
    if cycles is None:
        return criterion.not_observed(f"the {observed.kind.name} was never observed with the corrupt image")
    last = observed.deployment[-1]
    decide = criterion.violated if cycles.reconciled > most else criterion.met
    return decide(str(cycles), observed.evidence(last, replicas_text(last)))


def _healed_by(observed: Observed, stop: Stop | None) -> Row:
    if observed.restored is None:
        return _HEALED_BY.not_observed("no restore was observed")
    healer = healer_of(observed)
    if healer is None:
        if observed.facts.restored_here:
            return _HEALED_BY.met("this run", observed.evidence(observed.restored, "image set"))
        return _HEALED_BY.not_observed("managedFields do not show who put the image back")
    evidence = observed.evidence(observed.restored, f"image set by {healer.manager}", healer.at)
    if stop is not None:
        measured = observed.evidence(stop.state, stop.measured)
        return _HEALED_BY.met("the guard, because of stop_below", measured, evidence)
    early = undone_early_text(observed)
    if early is not None:
        return _HEALED_BY.violated(early, evidence)
    interventions = interventions_of(observed)
    if interventions and healed_by_others(observed):
        return _HEALED_BY.not_observed(interventions[0].text, evidence)
    return _HEALED_BY.met(healer.manager if healed_by_others(observed) else "this run", evidence)
