"""How numbers and moments are written in a report, the same in all formats."""

from datetime import datetime, timezone

from .model import Evidence, Run, SummaryRow, Target

__all__ = ["UNKNOWN", "changed", "clock", "iso", "key_figures", "offset", "pods", "seconds", "since", "verdict_counts"]

UNKNOWN = "—"


def iso(at: float | None) -> str | None:
    """Return a moment as RFC 3339 in UTC with milliseconds, None when it is unknown."""
    if at is None:
        return None
    return datetime.fromtimestamp(at, timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def clock(at: float | None) -> str:
    """Return a moment for a reader: `2026-11-22 13:49:38.300 UTC`, empty when it is unknown."""
    written = iso(at)
    return written.removesuffix("Z").removesuffix(".000").replace("T", " ") + " UTC" if written else ""


def seconds(number: float | None) -> str:
    """Return a span for a reader: `0.2 s`, `12.5 s`; a dash when it is unknown."""
    return f"{number:.1f} s" if number is not None else UNKNOWN


def offset(number: float | None) -> str:
    """Return a moment relative to the corruption: `+0.6 s`, empty when it is unknown."""
    return f"{number:+.1f} s" if number is not None else ""


def since(target: Target, evidence: Evidence) -> str:
    """Return when something was seen, relative to the corruption, as exact as that is known: `+0.6 s`, `≈+1 s`."""
    span = target.since_corrupted(evidence.at)
    # of a time that was cut off to whole seconds the middle is nearest
    return offset(span) if span is None or evidence.exact else f"≈{round(span + 0.5):+d} s"


def pods(of: Target | SummaryRow) -> str:
    """Return the fewest serving pods during the fault, of how many: `1 of 2`."""
    if of.fewest is None:
        return UNKNOWN
    return f"{of.fewest} of {of.replicas}" if of.replicas is not None else f"{of.fewest}"


def key_figures(target: Target) -> list[tuple[str, str]]:
    """Return the figures that a reader looks for first, each with its name."""
    cycles = target.recovery.reconcile_cycles
    return [
        ("Recovery after the restore", seconds(target.recovery.seconds)),
        ("Fewest serving pods", pods(target)),
        ("Image put back by", target.recovery.healer),
        ("Reconcile cycles", f"{cycles}" if cycles is not None else UNKNOWN),
    ]


def changed(target: Target) -> list[tuple[str, str, str]]:
    """Return what the fault changed: what, from, to."""
    rows = [(f"image of {c.container}", c.original_image, c.corrupt_image) for c in target.containers]
    deadline = target.progress_deadline
    if deadline is not None:
        before, during = (f"{d:g} s" if d is not None else "not set" for d in (deadline.original, deadline.set))
        rows.append(("progressDeadlineSeconds", before, during))
    return rows


def verdict_counts(runs: list[Run], verdicts: tuple[str, ...]) -> str:
    """Return how often each verdict was given, the worst first: `1 Failed, 4 Resilient`."""
    given = [verdict for run in runs for verdict in ([t.verdict for t in run.targets] or [run.verdict])]
    return ", ".join(f"{given.count(v)} {v}" for v in verdicts if v in given)
