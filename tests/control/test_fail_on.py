"""The argument `fail_on` is a list of verdicts."""

import pytest
from chaoslib.exceptions import InvalidActivity

from chaosimagecorrupt.control.fail_on import DEFAULT_FAIL_ON, check_fail_on, fails
from chaosimagecorrupt.verdict import VERDICTS


@pytest.mark.parametrize("fail_on", [None, [], ["Failed"], [*VERDICTS]])
def test_lists_of_verdicts_are_taken(fail_on: list[str] | None) -> None:
    check_fail_on(fail_on)
    assert {v for v in VERDICTS if fails(v, fail_on)} == set(DEFAULT_FAIL_ON if fail_on is None else fail_on)


@pytest.mark.parametrize("fail_on", ["Failed", ["failed"], [5], {"Failed": 1}, 0])
def test_anything_else_is_refused(fail_on: object) -> None:
    with pytest.raises(InvalidActivity, match="fail_on must be a list of Failed, Inconclusive, Degraded, Resilient"):
        check_fail_on(fail_on)
