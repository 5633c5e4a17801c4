"""The first difference between two sets of histories."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from .histories import History
from .states import State, Timed

__all__ = ["TOLERANCE", "Difference", "first_difference"]

# Seconds by which the beginning of a state may differ: the kubelet lists its containers and syncs its Pods once a
# second each, and the recorded cluster was slow at times
TOLERANCE = 2.0

# How many states of two histories are brought in line
Place = tuple[int, int]

# A state, and whether the other side may do without it
Step = tuple[Timed, bool]


@dataclass(frozen=True)
class Difference:
    """A place where a recording and the simulator do not agree.

    Attributes:
        t: when, in the recording's seconds.
        object: what it is about, as named in the recording.
        expected: what the recording has: when, and the state; `None` for nothing.
        found: what the simulator has.
        before: the last state that both have.
    """

    t: float
    object: str
    expected: Timed | None
    found: Timed | None
    before: State = field(default_factory=dict)

    def __str__(self) -> str:
        """Return one line that says what differs."""
        if self.expected is None and self.found is None:
            return f"{self.object}: never created by the simulator"
        return f"{self.object}: expected {self._described(self.expected)}, found {self._described(self.found)}"

    def _described(self, timed: Timed | None) -> str:
        """Return what changed since the last state that both have."""
        if timed is None:
            return "no further state"
        t, state = timed
        names = [name for name in {**state, **self.before} if state.get(name) != self.before.get(name)]
        shown = [f"{name} {state.get(name)}" for name in names if self.before or state[name] not in (0, None)]
        return f"{', '.join(shown)} at {t:.2f} s"


def first_difference(recorded: Sequence[History], simulated: Sequence[History], end: float) -> Difference | None:
    """Return the earliest difference, `None` where there is none.

    Args:
        recorded: histories of the recorded objects.
        simulated: histories of the simulator's; they go on for `TOLERANCE` after the end.
        end: when the recording ends. What the simulator does shortly before that, or later, may have come too late
            for being recorded.
    """
    late = end - TOLERANCE
    groups: dict[tuple[str, str], tuple[list[History], list[History]]] = defaultdict(lambda: ([], []))
    for side, histories in enumerate((recorded, simulated)):
        for history in histories:
            groups[history.kind, history.group][side].append(history)
    differences = [each for ours, theirs in groups.values() for each in _of_group(ours, theirs, late)]
    return min(differences, key=lambda difference: difference.t, default=None)


def _of_group(recorded: Sequence[History], simulated: Sequence[History], late: float) -> Iterator[Difference]:
    """Yield the differences of objects that may change ordinals: of those left when as many as can be are paired."""
    pairs = _Pairing(recorded, simulated, late).pairs
    unmatched = [history for index, history in enumerate(recorded) if index not in pairs.values()]
    left = [history for index, history in enumerate(simulated) if index not in pairs]
    for history in unmatched:
        closest = _closest(history, left, late)
        if closest is None:
            yield Difference(history.states[0][0], f"{history.kind} {history.name}", None, None)
            continue
        difference, match = closest
        left.remove(match)
        yield difference
    for history in left:
        if history.states[0][0] > late:
            continue
        label = f"{history.kind} {history.name} (not recorded)"
        yield Difference(history.states[0][0], label, None, history.states[0])


def _closest(recorded: History, simulated: Sequence[History], late: float) -> tuple[Difference, History] | None:
    """Return the simulated history that differs last from a recorded one, and where; `None` if there is none."""
    found = [(difference, each) for each in simulated if (difference := _difference(recorded, each, late))]
    return max(found, key=lambda each: each[0].t, default=None)


class _Pairing:
    """As many pairs of histories without a difference as there can be (augmenting paths, each place tried first)."""

    def __init__(self, recorded: Sequence[History], simulated: Sequence[History], late: float) -> None:
        self._late = late
        self._recorded = recorded
        self._simulated = simulated
        self._equal: dict[tuple[int, int], bool] = {}
        # By the simulated one's index, the recorded one's
        self.pairs: dict[int, int] = {}
        for index in range(len(recorded)):
            self._pair(index, set())

    def _pair(self, ours: int, tried: set[int]) -> bool:
        for theirs in sorted(range(len(self._simulated)), key=lambda index: index != ours):
            if theirs in tried or not self._are_equal(ours, theirs):
                continue
            tried.add(theirs)
            if theirs not in self.pairs or self._pair(self.pairs[theirs], tried):
                self.pairs[theirs] = ours
                return True
        return False

    def _are_equal(self, ours: int, theirs: int) -> bool:
        if (ours, theirs) not in self._equal:
            difference = _difference(self._recorded[ours], self._simulated[theirs], self._late)
            self._equal[ours, theirs] = difference is None
        return self._equal[ours, theirs]


def _difference(recorded: History, simulated: History, late: float) -> Difference | None:
    """Return the first place where two histories cannot be brought in line, `None` when they can."""
    ours, theirs = recorded.states, simulated.states
    if len(ours) == len(theirs) and all(map(_same, ours, theirs)):
        return None
    place = _furthest(recorded, simulated, late)
    if place is None:
        return None
    i, j = place
    expected = ours[i] if i < len(ours) else None
    found = theirs[j] if j < len(theirs) else None
    t = min(each[0] for each in (expected, found) if each)
    before = ours[i - 1][1] if i else {}
    return Difference(t, f"{recorded.kind} {recorded.name}", expected, found, before)


def _furthest(recorded: History, simulated: History, late: float) -> Place | None:
    """Return how many states of two histories can be brought in line, `None` when all can.

    A state that is a step of a ramp may be missing on the other side; so may what the simulator does late.
    """
    ours = list(zip(recorded.states, recorded.steps, strict=True))
    theirs = [(state, step or state[0] > late) for state, step in zip(simulated.states, simulated.steps, strict=True)]
    reached = {(0, 0)}
    open_ends = [(0, 0)]
    while open_ends:
        place = open_ends.pop()
        if place == (len(ours), len(theirs)):
            return None
        following = _following(place, ours, theirs) - reached
        open_ends += following
        reached |= following
    return max(reached)


def _following(place: Place, ours: Sequence[Step], theirs: Sequence[Step]) -> set[Place]:
    """Return the places that one more state leads to: of either side where it may be missing, or of both if equal."""
    i, j = place
    following = set()
    if i < len(ours) and ours[i][1]:
        following.add((i + 1, j))
    if j < len(theirs) and theirs[j][1]:
        following.add((i, j + 1))
    if i < len(ours) and j < len(theirs) and _same(ours[i][0], theirs[j][0]):
        following.add((i + 1, j + 1))
    return following


def _same(expected: Timed, found: Timed) -> bool:
    return expected[1] == found[1] and abs(expected[0] - found[0]) <= TOLERANCE
