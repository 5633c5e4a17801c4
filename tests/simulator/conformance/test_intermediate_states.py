"""Which states between two others may be missing."""

import pytest

from chaosimagecorrupt.simulator.conformance.intermediate_states import RAMP_STEP, optional
from chaosimagecorrupt.simulator.conformance.states import Timed


def counts(*ready: int, step: float = 0.1, **more: object) -> list[Timed]:
    return [(n * step, {"replicas": 9, "readyReplicas": each, **more}) for n, each in enumerate(ready)]


RAMPS = {
    "three become ready": (counts(0, 1, 3), [False, True, False]),
    "only two do": (counts(0, 1, 2), [False, False, False]),
    "it goes down": (counts(4, 2, 1), [False, True, False]),
    "back and forth": (counts(0, 4, 3), [False, False, False]),
    "a state that lasts": (counts(0, 1, 3, step=RAMP_STEP + 0.1), [False, False, False]),
    "no numbers": ([(0.0, {"phase": "Pending"}), (0.1, {"phase": "Running"})], [False, False]),
    "one state": (counts(3), [False]),
}


@pytest.mark.parametrize(("states", "expected"), RAMPS.values(), ids=list(RAMPS))
def test_steps_of_a_ramp_are_optional(states: list[Timed], expected: list[bool]) -> None:
    assert optional(states) == expected


def test_a_step_that_differs_in_anything_else_is_none() -> None:
    first, step, last = counts(0, 1, 3)
    assert optional([first, (step[0], {**step[1], "Available": "Unknown/x"}), last]) == [False, False, False]


def test_a_step_whose_numbers_do_not_fit_is_none() -> None:
    first, step, last = counts(0, 1, 3)
    odd = [(t, {**state, "availableReplicas": n}) for (t, state), n in zip((first, step, last), (0, 2, 3), strict=True)]
    assert optional(odd) == [False, False, False]
