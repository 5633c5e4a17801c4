"""The arguments of the activities say what to corrupt, and how."""

from typing import Any

import pytest

from chaosimagecorrupt.errors import Refused
from chaosimagecorrupt.fault.spec import FaultSpec, check_fault_spec
from chaosimagecorrupt.record.annotations import DEFAULT_IMAGE

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


def test_a_cause_is_taken_without_an_image() -> None:
    found = check(image=DEFAULT_IMAGE, cause="unauthorized", repository="registry.corp/private/app", allow_slow=True)
    assert (found.cause, found.repository, found.allow_slow) == ("unauthorized", "registry.corp/private/app", True)
    assert check(image=DEFAULT_IMAGE, cause="", repository="") == check(image=DEFAULT_IMAGE)


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"cause": "timeout"}, "cause: 'timeout' is none of dns, not-found, digest, unauthorized, invalid, never"),
        ({"cause": ["dns"]}, "cause: "),
        ({"cause": "dns", "image": "a:1"}, "cause: the image is made up for it, so that no image can be given too"),
        ({"cause": "dns", "repository": "a"}, "repository: only cause: unauthorized takes one"),
        ({"cause": "unauthorized"}, "repository: cause: unauthorized needs one that demands credentials"),
        ({"cause": "unauthorized", "repository": "r.corp/a:v1"}, "without tag and digest, .*; found 'r.corp/a:v1'"),
        ({"cause": "unauthorized", "repository": 7}, "repository: "),
        ({"allow_slow": "false"}, "allow_slow: must be true or false, found 'false'"),
    ],
)
def test_what_does_not_fit_the_cause_is_refused(given: dict[str, Any], why: str) -> None:
    with pytest.raises(Refused, match=why):
        check(**{"image": DEFAULT_IMAGE, **given})
