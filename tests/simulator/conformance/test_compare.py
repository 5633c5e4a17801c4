"""The first difference between two sets of histories."""

from typing import Any

import pytest

from chaosimagecorrupt.simulator.conformance.compare import TOLERANCE, first_difference
from chaosimagecorrupt.simulator.conformance.histories import History

END = 100.0


def pod(name: str, *states: tuple[float, str], kind: str = "Pod") -> History:
    return History(kind, name, "0", [(t, {"phase": phase}) for t, phase in states])


RUNS = pod("a", (1, "Pending"), (2, "Running"))


def test_equal_histories_have_no_difference() -> None:
    assert first_difference([RUNS], [RUNS], END) is None and first_difference([], [], END) is None


@pytest.mark.parametrize(("seconds", "differs"), [(TOLERANCE, False), (TOLERANCE + 0.1, True)])
def test_a_state_may_begin_a_little_later(seconds: float, differs: bool) -> None:
    later = pod("x", (1, "Pending"), (2 + seconds, "Running"))
    assert (first_difference([RUNS], [later], END) is not None) == differs


DIFFERENCES: dict[str, tuple[list[History], str]] = {
    "another state": (
        [pod("x", (1, "Pending"), (2, "Failed"))],
        "expected phase Running at 2.00 s, found phase Failed",
    ),
    "one state less": ([pod("x", (1, "Pending"))], "expected phase Running at 2.00 s, found no further state"),
    "one state more": (
        [pod("x", (1, "Pending"), (2, "Running"), (3, "Failed"))],
        "expected no further state, found phase Failed at 3.00 s",
    ),
    "never created": ([], "never created by the simulator"),
    "one too many": ([RUNS, pod("y", (5, "Pending"))], "Pod y (not recorded): expected no further state"),
}


@pytest.mark.parametrize(("simulated", "text"), DIFFERENCES.values(), ids=list(DIFFERENCES))
def test_a_difference_says_what_and_when(simulated: list[History], text: str) -> None:
    assert text in str(first_difference([RUNS], simulated, END))


def test_objects_of_a_group_may_change_places() -> None:
    other = pod("b", (1, "Pending"), (5, "Failed"))
    assert first_difference([RUNS, other], [other, RUNS], END) is None


def test_what_the_simulator_does_at_the_end_may_have_come_too_late() -> None:
    late = pod("x", (1, "Pending"), (2, "Running"), (END - 1, "Failed"))
    assert first_difference([RUNS], [late, pod("y", (END - 1, "Pending"))], END) is None


def test_the_earliest_difference_is_told() -> None:
    recorded: Any = [RUNS, pod("set", (1, "a"), (9, "b"), kind="ReplicaSet")]
    found = first_difference(
        recorded, [pod("x", (1, "Pending"), (7, "x")), pod("s", (3.5, "a"), kind="ReplicaSet")], END
    )
    assert found is not None and (found.object, found.t) == ("ReplicaSet set", 1)
