"""What the preflight cannot read is a warning, and the other checks go on."""

import pytest

from chaosimagecorrupt.errors import ClusterError, Unreachable
from chaosimagecorrupt.preflight.model import Check, Level
from chaosimagecorrupt.preflight.reading import or_warning, read


def refused() -> list[Check]:
    raise ClusterError("the role does not allow it", status=403)


def away() -> list[Check]:
    raise Unreachable("no API server")


def test_what_is_read_has_no_warning() -> None:
    assert read("quota", lambda: 5) == (5, [])
    assert or_warning("quota", list) == []


def test_what_cannot_be_read_is_a_warning_that_says_why() -> None:
    [warning] = or_warning("quota", refused)
    assert (warning.name, warning.level) == ("quota", Level.WARNING)
    assert "cannot be read: the role does not allow it" in warning.text


def test_without_an_api_server_the_other_checks_do_not_wait_for_it_again() -> None:
    with pytest.raises(Unreachable):
        read("quota", away)
