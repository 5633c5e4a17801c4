"""The timeline of a fault: every change of state of the objects around it, bounded, compact, as the journal keeps it.

Version 1, as JSON:

    {"version": 1,
     "started": "2026-11-22T13:49:34.100Z",         when it was begun; all other times are seconds after that
     "ended": 74.3,
     "objects": [["Deployment", "web"], ["ReplicaSet", "web-7c6847bf7b"], ["Pod", "web-7c6847bf7b-88brl"],
                 ["Event", "web-7c6847bf7b-88brl.18ea"], ["Resource", "CertManager cluster"]],
     "changes": [[4.202, 0, {"generation": 2, "image:app": "registry.invalid/nonexistent:chaos"}],
                 [4.797, 2, {"waiting:app": "ErrImagePull"}],
                 [49.9, 2, {"gone": true}]],        when, which object, what differs from its state before
     "gaps": [[12.0, 14.5, "Pod", "lost"]],         from, to, kind: changes are `lost`, or only `late`
     "missing": {"Event": "the role does not allow to ..."},   kinds that could not be followed, and why
     "limited": {"Pod": "only Pending ones"},       kinds of which not all are followed
     "dropped": {"Pod": 12},                        changes of a kind that are not kept, because of the bound
     "marks": {"corrupted": 4.202, "bit": 4.797, "restored": 49.317, "recovered": 49.38}}    as far as they were seen

In a change, null stands for a key that is no longer there. A change holds the whole state of an object that was not
there before. `gone` is an object that was deleted. What the keys of a state mean is said in `folding`. `marks` is added
by the verdict. Times are those at which a change arrived here, by one clock; the API server's own are in the states.
"""

from collections import Counter, deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any, NamedTuple

from ..duration import from_rfc3339
from ..errors import one_line
from .states import State

__all__ = ["KINDS", "MOST_CHANGES", "MOST_OBJECTS", "VERSION", "Change", "Timeline", "changes", "moment"]

VERSION = 1
KINDS = ("Deployment", "ReplicaSet", "Pod", "Event", "Resource")

# The bound, for each kind: objects, and changes of all of them. With what `folding` keeps of one state (some 20 to 50
# short values, 1 to 4 KB) a timeline takes 10 MB at the very most; a run of five minutes takes some 100 KB.
MOST_OBJECTS = 200
MOST_CHANGES = 500
MOST_GAPS = 100


class Change(NamedTuple):
    """One change, read back.

    Attributes:
        at: seconds after the timeline was begun.
        kind: Deployment, ReplicaSet, Pod, Event or Resource.
        name: of the object.
        state: its whole state from then on.
    """

    at: float
    kind: str
    name: str
    state: State


@dataclass
class _Kept:
    """What is kept of one kind: of too many changes, the oldest and the newest half."""

    head: list[Change] = field(default_factory=list)
    tail: deque[Change] = field(default_factory=lambda: deque(maxlen=MOST_CHANGES - MOST_CHANGES // 2))
    latest: dict[str, Change] = field(default_factory=dict)
    taken: int = 0

    def add(self, change: Change) -> None:
        """Keep a change, perhaps at the cost of another."""
        self.taken += 1
        self.latest[change.name] = change
        if len(self.head) < MOST_CHANGES // 2:
            self.head.append(change)
        else:
            self.tail.append(change)

    def all(self) -> list[Change]:
        """Return what is kept, and for each object the last change in any case."""
        kept = [*self.head, *self.tail]
        there = {id(c) for c in kept}
        return kept + [c for c in self.latest.values() if id(c) not in there]


class Timeline:
    """Takes states as they are seen, keeps what differs.

    Args:
        started: when it begins, seconds since 1970.
    """

    def __init__(self, started: float) -> None:
        self._started = started
        self._kept = {kind: _Kept() for kind in KINDS}
        self._dropped: Counter[str] = Counter()
        self._gaps: list[tuple[float, float, str, str]] = []
        self._missing: dict[str, str] = {}
        self._limited: dict[str, str] = {}

    def state(self, kind: str, name: str) -> State | None:
        """Return the last state of an object, None when it was never seen or is gone."""
        latest = self._kept[kind].latest.get(one_line(name))
        return None if latest is None or latest.state.get("gone") else latest.state

    def seen(self, at: float, kind: str, name: str, state: State | None) -> bool:
        """Take the state of an object.

        Args:
            at: seconds after the beginning.
            kind: one of `KINDS`.
            name: of the object.
            state: from `folding`; None: it is gone.

        Returns:
            Whether that is a change.
        """
        kept, called = self._kept[kind], one_line(name)
        latest = kept.latest.get(called)
        now = {"gone": True} if state is None else state
        if (latest is None and state is None) or (latest is not None and latest.state == now):
            return False
        if latest is None and len(kept.latest) >= MOST_OBJECTS:
            self._dropped[kind] += 1
            return False
        kept.add(Change(at, kind, called, now))
        return True

    def gap(self, since: float, until: float, kind: str, *, lost: bool) -> None:
        """Mark a time in which changes of a kind were not followed.

        Args:
            since: seconds after the beginning, when it was last heard of them.
            until: when it was heard of them again.
            kind: one of `KINDS`.
            lost: whether changes may have been missed for good; if not, they arrived late.
        """
        if len(self._gaps) < MOST_GAPS:
            self._gaps.append((since, until, kind, "lost" if lost else "late"))
        else:
            self._dropped["gaps"] += 1

    def missing(self, kind: str, why: str) -> None:
        """Say that a kind is not followed, or no longer; the first reason stays."""
        self._missing.setdefault(kind, one_line(why, 500))

    def limited(self, kind: str, how: str) -> None:
        """Say that not all objects of a kind are followed."""
        self._limited[kind] = how

    def to_json(self, ended: float) -> dict[str, Any]:
        """Return it as the journal keeps it.

        Args:
            ended: when it ends, seconds after the beginning.
        """
        dropped = self._dropped + Counter({k: kept.taken - len(kept.all()) for k, kept in self._kept.items()})
        found = sorted((c for kept in self._kept.values() for c in kept.all()), key=lambda c: c.at)
        found = [c for c in found if c.kind != "Event" or self._concerns(c.state)]
        numbers: dict[tuple[str, str], int] = {}
        before: dict[int, State] = {}
        written = []
        for change in found:
            number = numbers.setdefault((change.kind, change.name), len(numbers))
            written.append([round(change.at, 3), number, _difference(before.get(number, {}), change.state)])
            before[number] = change.state
        return {
            "version": VERSION,
            "started": moment(self._started, 0.0),
            "ended": round(ended, 3),
            "objects": [list(key) for key in numbers],
            "changes": written,
            "gaps": [[round(a, 3), round(b, 3), kind, how] for a, b, kind, how in self._gaps],
            "missing": dict(self._missing),
            "limited": dict(self._limited),
            "dropped": dict(dropped),
        }

    def _concerns(self, event: State) -> bool:
        """Whether an event is of a pod that was seen; when no pod can be seen, every event is taken."""
        return "Pod" in self._missing or event.get("pod") in self._kept["Pod"].latest


def changes(timeline: Mapping[str, Any], kind: str | None = None) -> Iterator[Change]:
    """Read a timeline back.

    Args:
        timeline: as the journal keeps it.
        kind: only of this kind; None for all.

    Yields:
        Each change in order, with the whole state of its object.
    """
    states: dict[int, State] = {}
    for at, number, difference in timeline["changes"]:
        of_kind, name = timeline["objects"][number]
        before = {} if difference.get("gone") else states.get(number, {})
        states[number] = {k: v for k, v in {**before, **difference}.items() if v is not None}
        if kind in (None, of_kind):
            yield Change(float(at), of_kind, name, states[number])


def moment(started: float | str, at: float) -> str:
    """Write a time of a timeline as RFC 3339 with milliseconds.

    Args:
        started: of the timeline: seconds since 1970, or as it is written.
        at: seconds after that.
    """
    begun = from_rfc3339(started) if isinstance(started, str) else started
    found = datetime.fromtimestamp(round(begun + at, 3), timezone.utc)
    return found.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _difference(before: State, after: State) -> State:
    changed = {k: v for k, v in after.items() if k not in before or before[k] != v}
    return {**changed, **{k: None for k in before if k not in after and not after.get("gone")}}
