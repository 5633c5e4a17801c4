"""What the comparison leaves out, because it differs between two runs of one cluster.

- Names, uids and times of day: ReplicaSets and ControllerRevisions correspond by the order of their creation, Pods by
  their owner, and those of StatefulSets by their name, too. Which Pod of a ReplicaSet goes through which states is not
  compared, only how many do.
- The order of events of different objects: each object has a history of its own.
- Repeats: an event after which the compared parts of the object are the same.
- Intermediate states: when three or more Pods are created, become ready or end together, how many of the numbers in
  between are written depends on which controller reads first. A state may be missing on the other side when one of its
  numbers lies between those before and after it and none outside, all the rest equals one of the two, the numbers are
  consistent, and it lasted less than `RAMP_STEP` seconds.
- The end: what the simulator does in the last two seconds of a recording, or later, may have come too late for it.

Everything else is compared. Where latencies decide which states are written (whether a controller reads one write
before another), the simulator runs with other latencies until it does as the recording does, or has run often enough.
"""

from collections.abc import Sequence

from .states import COUNTS, State, Timed

__all__ = ["RAMP_HEIGHT", "RAMP_STEP", "optional"]

# Seconds that a step of a ramp lasts at most
RAMP_STEP = 0.5

# By how much a number has to change altogether for the steps between to be optional
RAMP_HEIGHT = 3

# The numbers that a ramp is made of
NUMBERS = (*COUNTS, "currentReplicas", "updatedReplicas", "unavailableReplicas")


def optional(states: Sequence[Timed]) -> list[bool]:
    """Return for each state of a history whether it is a step of a ramp.

    Args:
        states: the history.
    """
    if not any(name in state for _, state in states for name in NUMBERS):
        return [False] * len(states)
    return [_is_step(states, index) for index in range(len(states))]


def _is_step(states: Sequence[Timed], index: int) -> bool:
    """Return whether a state lies between one shortly before and one shortly after it."""
    return any(
        _height(before, after) >= RAMP_HEIGHT and _lies_between(before, states[index][1], after)
        for before in _near(states, range(index - 1, -1, -1))
        for after in _near(states, range(index + 1, len(states)))
    )


def _near(states: Sequence[Timed], indexes: range) -> list[State]:
    """Return the states before or after one that follow each other within the time of a step.

    The state before a step may have lasted, the step itself must not have.
    """
    found = []
    for index in indexes:
        start = index if indexes.step > 0 else index + 1
        if indexes.step > 0 and states[start][0] - states[start - 1][0] > RAMP_STEP:
            break
        found.append(states[index][1])
        if indexes.step < 0 and states[start][0] - states[start - 1][0] > RAMP_STEP:
            break
    return found


def _height(before: State, after: State) -> int:
    return max(abs(int(after.get(name, 0)) - int(before.get(name, 0))) for name in NUMBERS)


def _lies_between(before: State, state: State, after: State) -> bool:
    """Return whether a number is truly between, and everything else is not outside."""
    between = False
    for name in before.keys() | state.keys() | after.keys():
        if name in NUMBERS:
            low, number, high = sorted(int(each.get(name, 0)) for each in (before, state, after))
            if number != int(state.get(name, 0)):
                return False
            between = between or low < number < high
        elif state.get(name) not in (before.get(name), after.get(name)):
            return False
    return between and _fits(state)


def _fits(state: State) -> bool:
    available, ready, replicas = (int(state.get(f"{name}eplicas", 0)) for name in ("availableR", "readyR", "r"))
    return available <= ready <= replicas and int(state.get("updatedReplicas", 0)) <= replicas
