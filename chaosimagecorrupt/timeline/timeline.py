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
     "gaps": [[12.0, 14.5, "Pod", "lost"]],         from, to, kind: changes are `lost`, or arrived `late`
     "missing": {"Event": "the role does not allow to ..."},   kinds that could not be followed, and why
     "limited": {"Pod": "only Pending ones"},       kinds of which not all are followed
     "dropped": {"Pod": 12},                        changes of a kind that exceeded the bound
     "marks": {"corrupted": 4.202, "bit": 4.797, "restored": 49.317, "recovered": 49.38}}    those that were observed

The first change of an object holds its whole state. In a later one, null removes a key. `gone` means that the object
was deleted. The module `states` names the keys of a state. The verdict adds `marks`. The times say when a change
arrived in this process, by one clock; times by the API server's clock are in the states.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import chain
from typing import Any, NamedTuple, cast

from ..duration import from_rfc3339
from ..errors import one_line
from .journal import ChangeJson, GapJson, TimelineJson
from .states import State

__all__ = ["KINDS", "MOST_CHANGES", "MOST_OBJECTS", "VERSION", "Change", "Timeline", "changes", "moment"]

VERSION = 1
KINDS = (
    *("Deployment", "ReplicaSet", "StatefulSet", "DaemonSet", "ControllerRevision"),
    *("Pod", "Event", "Resource"),
)

# The bound for each kind: objects, and changes of all of them. A state has 20 to 50 short values and takes 1 to 4 KB: a
# timeline takes 10 MB at most, and about 100 KB for a run of five minutes.
MOST_OBJECTS = 200
MOST_CHANGES = 500
MOST_GAPS = 100


class Change(NamedTuple):
    """One change of an object.

    Attributes:
        at: seconds after the timeline was begun.
        kind: one of `KINDS`.
        name: of the object.
        state: its whole state from then on.
    """

    at: float
    kind: str
    name: str
    state: State


@dataclass(slots=True)
class _BoundedChanges:
    """The changes of one kind: of too many, the oldest and the newest half."""

    kept: list[Change] = field(default_factory=list)
    latest: dict[str, Change] = field(default_factory=dict)
    added: int = 0

    def add(self, change: Change) -> None:
        """Keep a change; above the bound, it replaces the oldest of the newest half."""
        self.added += 1
        self.latest[change.name] = change
        self.kept.append(change)
        if len(self.kept) > MOST_CHANGES:
            del self.kept[MOST_CHANGES // 2]

    def all(self) -> list[Change]:
        """Return the changes that are kept, always with the last one of each object."""
        kept_ids = {id(c) for c in self.kept}
        return self.kept + [c for c in self.latest.values() if id(c) not in kept_ids]


class Timeline:
    """Takes the states of objects, keeps their differences.

    Args:
        started: when it begins, seconds since 1970.
    """

    def __init__(self, started: float) -> None:
        self._started = started
        self._kept = defaultdict[str, _BoundedChanges](_BoundedChanges)
        self._dropped: Counter[str] = Counter()
        self._gaps: list[GapJson] = []
        self._missing: dict[str, str] = {}
        self._limited: dict[str, str] = {}

    def add(self, at: float, kind: str, name: str, state: State | None) -> None:
        """Take the state of an object; one that equals the state before is no change.

        Args:
            at: seconds after the beginning.
            kind: one of `KINDS`.
            name: of the object.
            state: from the module `reduce`; None when it was deleted.
        """
        kept, short_name = self._kept[kind], one_line(name)
        latest = kept.latest.get(short_name)
        now: State = {"gone": True} if state is None else state
        if (latest is None and state is None) or (latest is not None and latest.state == now):
            return
        if latest is None and len(kept.latest) >= MOST_OBJECTS:
            self._dropped[kind] += 1
            return
        change = Change(at, kind, short_name, now)
        kept.add(change if latest is None else change._replace(name=latest.name, state=_sharing(latest.state, now)))

    def add_gap(self, since: float, until: float, kind: str, *, lost: bool) -> None:
        """Note a time in which changes of a kind were not followed.

        Args:
            since: when the last change of the kind arrived, seconds after the beginning.
            until: when changes of the kind arrived again.
            kind: one of `KINDS`.
            lost: whether changes may be lost; otherwise they arrived late.
        """
        if len(self._gaps) < MOST_GAPS:
            self._gaps.append((since, until, kind, "lost" if lost else "late"))
        else:
            self._dropped["gaps"] += 1

    def add_missing(self, kind: str, why: str) -> None:
        """Note that a kind is not followed, or not any longer; the first reason is kept."""
        self._missing.setdefault(kind, one_line(why, 500))

    def add_limited(self, kind: str, how: str) -> None:
        """Note that only some objects of a kind are followed, and which."""
        self._limited[kind] = how

    def to_json(self, ended: float) -> TimelineJson:
        """Return it as the journal keeps it.

        Args:
            ended: when it ends, seconds after the beginning.
        """
        all_kept = {kind: self._kept[kind].all() for kind in KINDS if kind in self._kept}
        dropped = self._dropped + Counter({kind: self._kept[kind].added - len(kept) for kind, kept in all_kept.items()})
        found = sorted(chain.from_iterable(all_kept.values()), key=lambda c: c.at)
        found = [c for c in found if c.kind != "Event" or self._is_of_known_object(c.state)]
        indexes: dict[tuple[str, str], int] = {}
        before: dict[int, State] = {}
        written: list[ChangeJson] = []
        for change in found:
            index = indexes.setdefault((change.kind, change.name), len(indexes))
            written.append((round(change.at, 3), index, _difference(before.get(index, {}), change.state)))
            before[index] = change.state
        return {
            "version": VERSION,
            "started": moment(self._started, 0.0),
            "ended": round(ended, 3),
            "objects": [list(key) for key in indexes],
            "changes": written,
            "gaps": [(round(a, 3), round(b, 3), kind, how) for a, b, kind, how in self._gaps],
            "missing": dict(self._missing),
            "limited": dict(self._limited),
            "dropped": dict(dropped),
        }

    def _is_of_known_object(self, event: State) -> bool:
        """Whether an event is about an object in the timeline; without objects of its kind, every event counts."""
        if "workload" in event:
            return True
        kind, key = ("ReplicaSet", "replicaSet") if "replicaSet" in event else ("Pod", "pod")
        return kind in self._missing or event.get(key) in self._kept[kind].latest


def changes(timeline: Mapping[str, Any], kind: str | None = None) -> Iterator[Change]:
    """Read the changes of a timeline in the journal.

    Args:
        timeline: as the journal keeps it.
        kind: the only kind to read; None reads all.

    Yields:
        Each change in order, with the whole state of its object.
    """
    states: dict[int, State] = {}
    for at, index, difference in timeline["changes"]:
        of_kind, name = timeline["objects"][index]
        before = {} if difference.get("gone") else states.get(index, {})
        states[index] = cast(State, {k: v for k, v in {**before, **difference}.items() if v is not None})
        if kind in (None, of_kind):
            yield Change(float(at), of_kind, name, states[index])


def moment(started: float | str, at: float) -> str:
    """Write a time of a timeline as RFC 3339 with milliseconds.

    Args:
        started: of the timeline: seconds since 1970, or as it is written.
        at: seconds after that.
    """
    begun = from_rfc3339(started) if isinstance(started, str) else started
    found = datetime.fromtimestamp(round(begun + at, 3), UTC)
    return found.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _sharing(before: State, after: State) -> State:
    """Return a state with the values of the one before where they are equal, so that each is in memory once."""
    earlier = cast(dict[str, object], before)
    return cast(State, {k: earlier[k] if earlier.get(k) == v else v for k, v in after.items()})


def _difference(before: State, after: State) -> State:
    changed = {k: v for k, v in after.items() if k not in before or before.get(k) != v}
    removed = {k: None for k in before if k not in after and not after.get("gone")}
    return cast(State, {**changed, **removed})
