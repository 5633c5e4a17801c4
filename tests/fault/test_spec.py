"""The arguments of the activities say what to corrupt, and how."""

from typing import Any

import pytest

from chaosimagecorrupt.errors import Refused
from chaosimagecorrupt.fault.spec import FaultSpec, check_fault_spec

from ..simulated_cluster import CORRUPT


def check(**changed: Any) -> FaultSpec:
    arguments: dict[str, Any] = {"container_name": None, "image": CORRUPT, "ttl": "5m", "progress_deadline": None}
    return check_fault_spec(**{**arguments, "stop_below": None, "guard": True, **changed})


def test_what_is_not_given_stays_as_it_is() -> None:
    assert check() == check(container_name="", stop_below="") == FaultSpec(None, CORRUPT, 300.0)


@pytest.mark.parametrize("deadline", [10, "10", "10s"])
def test_a_progress_deadline_may_be_text_as_variables_are(deadline: object) -> None:
    assert check(progress_deadline=deadline).progress_deadline == 10


def test_only_a_guard_watches_how_many_pods_are_ready() -> None:
    assert check(stop_below="50%").stop_below == "50%"
    with pytest.raises(Refused, match=r"^stop_below: the guard watches it, so it needs guard: true$"):
        check(stop_below=1, guard=False)


@pytest.mark.parametrize("name", ["image", "ttl", "progress_deadline", "stop_below"])
def test_an_argument_that_is_not_as_it_should_be_is_named(name: str) -> None:
    with pytest.raises(Refused, match=name):
        check(**{name: " no such thing"})
