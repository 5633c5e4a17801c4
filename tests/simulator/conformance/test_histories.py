"""The states of each object, one after the other."""

import itertools

from chaosimagecorrupt.simulator.conformance.histories import histories

from .recorded import corrupted, record, restored


def test_a_history_has_each_state_once_after_the_other() -> None:
    recording = record(corrupted(restored))
    for history in histories(recording.observations):
        states = [state for _, state in history.states]
        assert all(one != two for one, two in itertools.pairwise(states))
