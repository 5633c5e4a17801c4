"""Searches for latencies with which the simulator does what a recording shows."""

import random
from dataclasses import dataclass

from .actions import actions
from .compare import Difference, first_difference
from .histories import histories
from .recording import Recording
from .replay import Replay

__all__ = ["PATIENCE", "Result", "conform"]

# How often the simulator is run with other latencies without getting any further in the recording
PATIENCE = 120

# How often the simulator is run for one recording at most
MOST_RUNS = 500

# Other latencies are tried from some time before the first difference on: this many seconds at least, and at most; but
# in all but a share of the runs at most one second
NEAR, FAR, FAR_SHARE = 0.002, 400.0, 0.3


@dataclass(frozen=True)
class Result:
    """What came of a recording.

    Attributes:
        scenario: its name.
        difference: the first difference of the best run, `None` when the simulator does the same.
        objects: how many objects were compared.
        states: how many states of them.
        runs: how often the simulator was run.
    """

    scenario: str
    difference: Difference | None
    objects: int
    states: int
    runs: int


def conform(recording: Recording, patience: int = PATIENCE) -> Result:
    """Compare the simulator with a recording.

    What the best run so far did up to a little before its first difference is kept, and other latencies are tried from
    there on.

    Args:
        recording: the recording.
        patience: how many runs in a row may get no further.

    Raises:
        UnusableRecording: the recording cannot be replayed.
    """
    replay = Replay(recording, actions(recording))
    recorded = histories(recording.observations)
    draw = random.Random(0)
    seeds: list[tuple[float, int]] = []
    best = first_difference(recorded, histories(replay.run(seeds)), recording.end)
    runs, waited = 1, 0
    while best is not None and waited < patience and runs < MOST_RUNS:
        tried = _tried(seeds, best.t - _seconds_back(draw), runs)
        difference = first_difference(recorded, histories(replay.run(tried)), recording.end)
        further = difference is None or difference.t > best.t
        runs, waited = runs + 1, 0 if further else waited + 1
        if further or (difference and difference.t == best.t):
            seeds, best = tried, difference
    return Result(recording.scenario, best, len(recorded), sum(len(each.states) for each in recorded), runs)


def _seconds_back(draw: random.Random) -> float:
    """Return how long before the first difference other latencies begin."""
    furthest = FAR if draw.random() < FAR_SHARE else 1.0
    back: float = NEAR * (furthest / NEAR) ** draw.random()
    return back


def _tried(seeds: list[tuple[float, int]], start: float, seed: int) -> list[tuple[float, int]]:
    """Return the seeds, each with when it begins to count, with another one from a time on."""
    return [*((t, each) for t, each in seeds if t < start), (start, seed)]
