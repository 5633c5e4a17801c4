"""The control's arguments are read, or refused before anything starts."""

from typing import Any

import pytest
from chaoslib.exceptions import InterruptExecution, InvalidActivity

from chaosimagecorrupt.control import before_experiment_control, cleanup_control, validate_control
from chaosimagecorrupt.control.arguments import read_arguments
from chaosimagecorrupt.verdict import Thresholds

REFUSED = {
    "unknown": ({"recovery_withn": 5}, "does not know the argument recovery_withn; it knows fail_on, recovery_within"),
    "not a verdict": ({"fail_on": ["failed"]}, "fail_on must be a list of"),
    "not a duration": ({"recovery_within": "soon"}, "recovery_within: 'soon' is not a duration"),
    "negative": ({"give_up_after": -1}, "give_up_after: -1 is not a duration"),
    "zero": ({"recovery_within": 0}, "must be longer than zero"),
    "infinite": ({"give_up_after": float("inf")}, "is not a duration"),
    "more than a day": ({"give_up_after": "25h"}, "is longer than a day"),
    "true": ({"recovery_within": True}, "is not a duration"),
    "given up too early": ({"recovery_within": 90, "give_up_after": 60}, "give_up_after .60 s. is shorter than"),
    "less than the default": ({"give_up_after": 10}, "is shorter than recovery_within .45 s"),
    "half a cycle": ({"max_reconcile_cycles": 0.5}, "must be a whole number from 0 to 1000, not 0.5"),
    "fewer than none": ({"max_reconcile_cycles": -1}, "must be a whole number"),
    "too many": ({"max_reconcile_cycles": 10**9}, "must be a whole number"),
    "yes": ({"max_reconcile_cycles": True}, "must be a whole number"),
}


def control(arguments: Any) -> dict[str, Any]:
    return {"name": "image-corrupt", "provider": {"type": "python", "arguments": arguments}}


@pytest.mark.parametrize(("arguments", "why"), REFUSED.values(), ids=list(REFUSED))
def test_what_makes_no_sense_is_refused_in_the_validation(arguments: dict[str, Any], why: str) -> None:
    with pytest.raises(InvalidActivity, match=why):
        validate_control(control(arguments))


@pytest.mark.parametrize(("arguments", "why"), REFUSED.values(), ids=list(REFUSED))
def test_without_validation_it_interrupts_the_run(arguments: dict[str, Any], why: str) -> None:
    with pytest.raises(InterruptExecution, match=why):
        before_experiment_control({}, **arguments)
    cleanup_control()


def test_arguments_that_are_no_object_are_refused() -> None:
    with pytest.raises(InvalidActivity, match="must be an object"):
        validate_control(control(["fail_on"]))


def test_what_is_substituted_later_is_not_refused_in_the_validation() -> None:
    validate_control(control({"recovery_within": "${recovery}", "fail_on": "${fail_on}"}))
    validate_control({"name": "image-corrupt", "provider": {"type": "python"}})


def test_numbers_and_their_text_are_read() -> None:
    found = read_arguments({"recovery_within": "1m", "give_up_after": 300, "max_reconcile_cycles": "0"})
    assert found.thresholds == Thresholds(60.0, 300.0, 0)


def test_what_is_not_given_has_its_default() -> None:
    assert read_arguments({"fail_on": None, "give_up_after": None}).to_json() == {
        "recovery_within": 45,
        "give_up_after": 180,
        "max_reconcile_cycles": 1,
        "fail_on": ["Failed", "Inconclusive"],
    }


def test_a_long_recovery_that_is_allowed_is_waited_for() -> None:
    assert read_arguments({"recovery_within": "10m"}).to_json()["give_up_after"] == 600
