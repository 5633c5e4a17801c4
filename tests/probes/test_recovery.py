"""How long a recovery took, on a cluster whose clock is not ours."""

import pytest

from chaosimagecorrupt.errors import ImageCorruptError
from chaosimagecorrupt.probes import (
    deployment_recovered,
    reconcile_cycles,
    recovery_seconds,
)

from ..fixtures_http import NS, Shop
from .restores import healed, restored


def test_a_late_look_compares_the_clusters_times_with_each_other(slow: Shop) -> None:
    restored(slow)
    assert 6 <= recovery_seconds(slow.name, NS, timeout=5) <= 9


def test_a_look_of_another_probe_does_not_end_the_recovery_late(slow: Shop) -> None:
    restored(slow)
    assert deployment_recovered(slow.name, NS)
    assert 6 <= recovery_seconds(slow.name, NS, timeout=5) <= 9


def test_a_recovery_never_lasted_longer_than_until_it_was_seen(slow: Shop) -> None:
    restored(slow, ago=2)
    assert 2 <= recovery_seconds(slow.name, NS, timeout=5) < 6


def test_what_no_condition_tells_is_clocked_to_the_look(slow: Shop) -> None:
    restored(slow, on_server="2099-01-01T00:00:00Z")
    assert recovery_seconds(slow.name, NS, timeout=5) >= 30


def test_what_someone_else_put_back_is_clocked_from_then(slow: Shop) -> None:
    healed(slow)
    assert 6 <= recovery_seconds(slow.name, NS, timeout=5) <= 9


def test_what_someone_else_put_back_and_no_condition_tells_is_an_error(slow: Shop) -> None:
    healed(slow, on_server="2099-01-01T00:00:00Z")
    with pytest.raises(ImageCorruptError, match="nothing shows how long that took"):
        recovery_seconds(slow.name, NS, timeout=5)


def test_without_the_control_a_number_of_generations_is_all_there_is(slow: Shop) -> None:
    slow.scale(3)
    assert reconcile_cycles(slow.name, NS) == 1
