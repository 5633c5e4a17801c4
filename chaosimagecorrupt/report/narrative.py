"""The picture in words: a list of what changed, for whoever cannot see it, and for whoever wants the exact moment."""

from collections.abc import Iterable, Sequence
from itertools import pairwise

from .picture import Band, Gap, Mark, Moment, Pods

__all__ = ["tell"]

_MARKS = {
    "corrupted": "The image is corrupted",
    "bit": "The fault bites: a new pod cannot pull",
    "restored": "The image is put back",
    "recovered": "Recovered",
}


def tell(
    pods: Sequence[Pods],
    bands: Sequence[Band],
    pulls: Iterable[float],
    marks: Iterable[Mark],
    gaps: Iterable[Gap],
    others: Iterable[Moment],
) -> tuple[Moment, ...]:
    """Say what changed, and when.

    Args:
        pods: as in `picture.Picture`, like the four below.
        bands: of all lanes.
        pulls: attempts.
        marks: of the fault.
        gaps: in which changes were not followed.
        others: what is not drawn.

    Returns:
        Everything, in order of time; what marks the fault comes first among what happened at the same time.
    """
    found = [Moment(m.at, _MARKS[m.kind]) for m in marks]
    found += _pods(pods)
    found += _bands(bands)
    found += others
    found += [Moment(at, f"The kubelet tries to pull (attempt {i})") for i, at in enumerate(pulls, 1)]
    found += [Moment(g.start, _gap(g)) for g in gaps]
    return tuple(sorted(found, key=lambda m: m.at))


def _pods(pods: Sequence[Pods]) -> list[Moment]:
    found = [Moment(p.at, f"{p.serving} serving, {p.updated} updated, {p.failing} failing pods") for p in pods[:1]]
    for before, now in pairwise(pods):
        told = [
            f"{name} pods {old} → {new}"
            for name, old, new in zip(Pods._fields[1:], before[1:], now[1:], strict=True)
            if old != new
        ]
        found.append(Moment(now.at, ", ".join(told)))
    return found


def _bands(bands: Sequence[Band]) -> list[Moment]:
    return [Moment(b.start, f"{b.lane}: {b.status}" + (f" ({b.reason})" if b.reason else "")) for b in bands]


def _gap(gap: Gap) -> str:
    came = "may be missing" if gap.how == "lost" else "came late"
    return f"{gap.kind} objects were not followed for {gap.end - gap.start:.1f} s: changes {came}"
