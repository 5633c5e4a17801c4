"""The rows of the section Recovery."""

from ..generations import Cycles
from ..model import Evidence, Row
from ..observed import Observed
from .violations import _counts

__all__ = ["MOST_CYCLES", "SLOW", "recovery"]

# seconds: pods that have to start again are expected to take 15 to 45
SLOW = 45.0
# one change by an operator that puts the image back is healing, more is fighting
MOST_CYCLES = 1


def recovery(seen: Observed, cycles: Cycles | None) -> list[Row]:
    """Return the rows of the section Recovery.

    Args:
        seen: what happened.
        cycles: generations since the fault that were not ours, None when that is not known.
    """
    return [_seconds(seen), _cycles(seen, cycles), _healed_by(seen)]


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
