"""The verdict, with its reasons."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from .generations import Cycles, cycles_of
from .model import Facts, Row
from .observed import Observed
from .operator_report import reported
from .pulls import exercised
from .rubric.collateral import Serving, collateral
from .rubric.expected import expected
from .rubric.recovery import MOST_CYCLES, SLOW, recovery
from .rubric.violations import violations

__all__ = ["JOURNAL_KEY", "VERDICTS", "VERSION", "Judgement", "judge", "settled", "worst"]

# under which key of a journal the verdict stands, and in which form
JOURNAL_KEY, VERSION = "image-corrupt", 1
# the worst first
VERDICTS = ("Failed", "Inconclusive", "Degraded", "Resilient")


@dataclass(frozen=True)
class Judgement:
    """What became of one Deployment.

    Attributes:
        verdict: Resilient, Degraded, Failed or Inconclusive.
        reasons: why, one sentence each.
        rubric: its rows.
        recovery: `{restored_at, recovered_at, seconds, healed_by, reconcile_cycles, scalings}`, None for what is not
            known.
        serving: `{replicas, fewest}`: pods wanted, and ready at the fewest.
        marks: when it was corrupted, bit, was restored, recovered; seconds after the timeline's beginning.
    """

    verdict: str
    reasons: list[str]
    rubric: list[Row]
    recovery: dict[str, Any]
    serving: dict[str, Any]
    marks: dict[str, float]


def judge(timeline: Mapping[str, Any], facts: Facts) -> Judgement:
    """Judge what happened to one Deployment.

    Args:
        timeline: as the journal keeps it.
        facts: what else is known.
    """
    seen = Observed(timeline, facts)
    cycles, serving = cycles_of(seen), Serving(seen)
    verdict, reasons = _verdict(seen, cycles, serving)
    healer = seen.healed_by if seen.healed_by_others or seen.undone_early else None
    return Judgement(
        verdict=verdict,
        reasons=reasons,
        rubric=[*expected(seen), *violations(seen), *collateral(seen), *recovery(seen, cycles)],
        recovery={
            "restored_at": seen.at(seen.restored),
            "recovered_at": seen.at(seen.recovered),
            "seconds": seen.seconds,
            "healed_by": {"manager": healer[0], "at": healer[1]} if healer else None,
            "reconcile_cycles": cycles.reconciled if cycles is not None else None,
            "scalings": cycles.scaled if cycles is not None else None,
        },
        serving={"replicas": serving.replicas, "fewest": serving.fewest},
        marks=_marks(seen),
    )


def settled(timeline: Mapping[str, Any], facts: Facts) -> bool:
    """Return whether there is nothing more to wait for after a restore.

    Args:
        timeline: as the journal keeps it.
        facts: what else is known.
    """
    if "Deployment" in timeline["missing"]:
        return True
    seen = Observed(timeline, facts)
    if seen.corrupted is None:  # it came and went while nobody looked, or the news of it is still to come
        latest = seen.deployment[-1].state.get("generation") or 0 if seen.deployment else 0
        return latest >= max((e.generation or 0 for e in facts.entries), default=0)
    if seen.restored is None or seen.gone:
        return seen.gone
    given_up = seen.not_recovered[0] == "violation" or seen.unhealthy_before
    return given_up or (seen.recovered is not None and not seen.recorded(seen.deployment[-1].state))


def worst(verdicts: Iterable[str]) -> str | None:
    """Return the worst of several verdicts, None of none."""
    return min(verdicts, key=VERDICTS.index, default=None)


def _verdict(seen: Observed, cycles: Cycles | None, serving: Serving) -> tuple[str, list[str]]:
    verdict, reasons = _of_what_was_seen(seen, cycles, serving)
    cut = _cut_short(seen)
    if cut and verdict in ("Degraded", "Resilient"):
        return "Inconclusive", [*cut, *reasons]
    return verdict, [*reasons, *cut]


def _cut_short(seen: Observed) -> list[str]:
    """Why the run has shown less than it was to."""
    interrupted = "the run was interrupted, so that its method was not played to the end"
    return [*filter(None, [seen.undone_early]), *([interrupted] if seen.facts.interrupted else [])]


def _of_what_was_seen(seen: Observed, cycles: Cycles | None, serving: Serving) -> tuple[str, list[str]]:
    doubt = _no_basis(seen)
    if doubt is not None:
        return "Inconclusive", [doubt]
    failure = _not_recovered(seen)
    if failure is not None:
        return "Failed", [failure]
    if seen.first_pull_failure is None:
        return "Inconclusive", ["there is no proof that the fault bit: no pod was seen that could not pull the image"]
    if seen.recovered is None:
        return "Inconclusive", [seen.not_recovered[1]]
    defects = _defects(seen, cycles, serving)
    if defects:
        return "Degraded", defects
    kept = f"{serving.fewest} of {serving.replicas} pods stayed ready"
    well = f"the fault bit, {kept}, and all was well {seen.recovery_text}"
    return "Resilient", [well, exercised(seen)]


def _no_basis(seen: Observed) -> str | None:
    if seen.facts.steady is False:
        return "the steady state was not met before the fault"
    if seen.corrupted is None:
        unseen = seen.missing.get("Deployment")
        return f"the Deployment could not be followed: {unseen}" if unseen else "the fault was not seen to be injected"
    if seen.unhealthy_before:
        return "the Deployment was not complete before the fault, so that nobody can tell whether it recovered"
    return None


def _not_recovered(seen: Observed) -> str | None:
    if seen.gone:
        return "the Deployment was deleted during the fault"
    if seen.restored is None:
        return "the corrupt image was still there at the end"
    result, why = seen.not_recovered
    return why if seen.recovered is None and result == "violation" else None


def _defects(seen: Observed, cycles: Cycles | None, serving: Serving) -> list[str]:
    found = []
    if seen.seconds is not None and seen.seconds > SLOW:
        found.append(f"recovered slowly: {seen.seconds:g} s after the restore, expected {SLOW:.0f} at the most")
    if cycles is not None and cycles.reconciled > MOST_CYCLES:
        found.append(f"{cycles}, expected {MOST_CYCLES} at the most")
    report = reported(seen)
    if report.result is False:
        found.append(f"{seen.facts.operator} did not report the degradation: {report.why}")
    if serving.lost:
        found.append(
            f"ready pods lost: {serving.lost}; {serving.fewest} of {serving.replicas} were ready at the fewest"
        )
    return found


def _marks(seen: Observed) -> dict[str, float]:
    moments = {"corrupted": seen.corrupted, "restored": seen.restored, "recovered": seen.recovered}
    found = {name: change.at for name, change in moments.items() if change is not None}
    return {
        **found,
        **({"bit": round(seen.first_pull_failure[0], 3)} if seen.first_pull_failure is not None else {}),
    }
