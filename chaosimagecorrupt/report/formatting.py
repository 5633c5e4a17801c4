"""How all formats of a report write numbers and times."""

from datetime import UTC, datetime

from ..verdict import Evidence
from .comparison import Comparison
from .model import JudgedTarget, Run
from .summary import SummaryRow

__all__ = [
    "UNKNOWN",
    "changed_fields",
    "compared_capacity",
    "compared_recovery",
    "compared_result",
    "compared_verdict",
    "key_figures",
    "offset",
    "percent",
    "rfc3339_ms",
    "seconds",
    "serving_pods",
    "since_corruption",
    "utc_time",
    "verdict_and_cause",
]

UNKNOWN = "—"


def rfc3339_ms(at: float | None) -> str | None:
    """Return a moment as RFC 3339 in UTC with milliseconds, None when it is unknown."""
    if at is None:
        return None
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def utc_time(at: float | None) -> str:
    """Return a moment as people read it: `2026-11-22 13:49:38.300 UTC`, empty when it is unknown."""
    text = rfc3339_ms(at)
    return text.removesuffix("Z").removesuffix(".000").replace("T", " ") + " UTC" if text else ""


def seconds(number: float | None) -> str:
    """Return a duration as people read it: `0.2 s`, `12.5 s`; a dash when it is unknown."""
    return f"{number:.1f} s" if number is not None else UNKNOWN


def offset(number: float | None) -> str:
    """Return a moment relative to the corruption: `+0.6 s`, empty when it is unknown."""
    return f"{number:+.1f} s" if number is not None else ""


def since_corruption(target: JudgedTarget, evidence: Evidence) -> str:
    """Return the time of an observation relative to the corruption, as exact as it is known: `+0.6 s`, `≈+1 s`."""
    span = target.since_corrupted(evidence.seconds)
    # half a second after a time that was cut off to whole seconds is the best estimate
    return offset(span) if span is None or evidence.exact else f"≈{round(span + 0.5):+d} s"


def serving_pods(row: JudgedTarget | SummaryRow) -> str:
    """Return the lowest number of serving pods during the fault, and the replicas: `1 of 2`."""
    if row.fewest is None:
        return UNKNOWN
    return f"{row.fewest} of {row.replicas}" if row.replicas is not None else f"{row.fewest}"


def key_figures(target: JudgedTarget) -> list[tuple[str, str]]:
    """Return the most important figures: name and value of each."""
    cycles = target.recovery.reconcile_cycles
    return [
        ("Recovery after the restore", seconds(target.recovery.seconds)),
        ("Fewest serving pods", serving_pods(target)),
        ("Image restored by", target.recovery.healer),
        ("Reconcile cycles", f"{cycles}" if cycles is not None else UNKNOWN),
    ]


def changed_fields(target: JudgedTarget) -> list[tuple[str, str, str]]:
    """Return the fields that the fault changed: name, value before it, value during it."""
    rows = [(f"image of {c.container}", c.original_image, c.corrupt_image) for c in target.containers]
    deadline = target.progress_deadline
    if deadline is not None:
        before, during = (f"{d:g} s" if d is not None else "not set" for d in (deadline.original, deadline.set))
        rows.append(("progressDeadlineSeconds", before, during))
    return rows


def compared_recovery(found: Comparison) -> str:
    """Return the recovery, and how it differs from the slowest of the baseline: `12.0 s (+9.0 s)`."""
    return seconds(found.now.seconds) + _change(found.now.seconds, found.worst_seconds, "+.1f", " s")


def compared_capacity(found: Comparison) -> str:
    """Return the share of pods that kept serving, and how it differs from the lowest: `50 % (-50 points)`."""
    kept = percent(found.now.kept)
    now, lowest = (None if share is None else 100 * share for share in (found.now.kept, found.lowest_kept))
    return kept + _change(now, lowest, "+.0f", " points")


def compared_verdict(found: Comparison) -> str:
    """Return the worst verdict of the baseline and the one now: `Resilient → Degraded`, or the one that both are."""
    was, now = found.worst_verdict, found.now.verdict
    return str(now) if was in (None, now) else f"{was} → {now}"


def compared_result(found: Comparison) -> str:
    """Return the result of a comparison in a few words."""
    if not found.baseline:
        return "not in the baseline"
    return "regression" if found.regressions else "no regression"


def percent(share: float | None) -> str:
    """Return a share as people read it: `50 %`; a dash when it is unknown."""
    return UNKNOWN if share is None else f"{100 * share:.0f} %"


def _change(now: float | None, before: float | None, form: str, unit: str) -> str:
    return "" if now is None or before is None else f" ({now - before:{form}}{unit})"


def verdict_and_cause(found: JudgedTarget | Run) -> str:
    """Return the verdict and why it is not Resilient: `Failed: ReplicaFailure: exceeded quota`."""
    return f"{found.verdict}: {found.headline}" if found.headline else str(found.verdict)
