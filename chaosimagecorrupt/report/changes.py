"""The chart as a list of changes: for readers who cannot see the chart, and for the exact time of each change."""

from collections.abc import Iterable, Sequence
from itertools import pairwise

from .chart_data import Band, ChangeRow, Gap, Mark, MarkKind, PodCounts

__all__ = ["list_changes"]

_MARKS = {
    MarkKind.CORRUPTED: "The image is corrupted",
    MarkKind.FIRST_PULL_FAILURE: "The first new pod cannot pull the image",
    MarkKind.DEADLINE_EXCEEDED: "The Deployment's progress deadline is exceeded",
    MarkKind.RESTORED: "The image is restored",
    MarkKind.RECOVERED: "The Deployment has recovered",
}


def list_changes(
    pods: Sequence[PodCounts],
    bands: Iterable[Band],
    pulls: Iterable[float],
    marks: Iterable[Mark],
    gaps: Iterable[Gap],
    waits: Iterable[ChangeRow],
) -> tuple[ChangeRow, ...]:
    """List every change as text.

    Args:
        pods: as in `chart_data.ChartData`, as are `bands`, `pulls`, `marks` and `gaps`.
        bands: of all lanes.
        pulls: the kubelet's attempts.
        marks: of the fault.
        gaps: in which changes were not watched.
        waits: why containers wait, which the chart does not show.

    Returns:
        All changes in order of time; at the same time, marks come first.
    """
    found = [ChangeRow(m.at, _MARKS[m.kind]) for m in marks]
    found += _pods(pods)
    found += [ChangeRow(b.start, f"{b.lane}: {b.status}" + (f" ({b.reason})" if b.reason else "")) for b in bands]
    found += waits
    found += [ChangeRow(at, f"The kubelet tries to pull (attempt {i})") for i, at in enumerate(pulls, 1)]
    found += [ChangeRow(g.start, _gap(g)) for g in gaps]
    return tuple(sorted(found, key=lambda row: row.at))


def _pods(pods: Sequence[PodCounts]) -> list[ChangeRow]:
    found = [ChangeRow(p.at, f"{p.serving} serving, {p.updated} updated, {p.failing} failing pods") for p in pods[:1]]
    for before, now in pairwise(pods):
        changed = [
            f"{name} pods {old} → {new}"
            for name, old, new in zip(PodCounts._fields[1:], before[1:], now[1:], strict=True)
            if old != new
        ]
        found.append(ChangeRow(now.at, ", ".join(changed)))
    return found


def _gap(gap: Gap) -> str:
    effect = "may be missing" if gap.how == "lost" else "came late"
    return f"The watch of {gap.kind} objects was interrupted for {gap.end - gap.start:.1f} s: changes {effect}"
