"""How many replicas there may be during a rollout."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chaosimagecorrupt.simulator.controllers.deployment.replica_counts import (
    MAXIMUM,
    max_surge,
    max_unavailable,
    new_replica_set_size,
    proportion,
    scaled_value,
)
from chaosimagecorrupt.simulator.types import Object

from ...controller_cluster import deployment, rolling


def replica_set(size: int, maximum: int | None = None) -> Object:
    annotations = {MAXIMUM: str(maximum)} if maximum else {}
    return {"metadata": {"annotations": annotations}, "spec": {"replicas": size}}


@pytest.mark.parametrize(
    ("replicas", "surge", "unavailable", "expected"),
    [
        (2, "25%", "25%", (1, 0)),
        (4, "25%", "25%", (1, 1)),
        (10, "25%", "25%", (3, 2)),
        (3, 0, 1, (0, 1)),
        (3, 0, 0, (0, 1)),
        (1, "0%", "99%", (0, 1)),
        (3, "100%", "0%", (3, 0)),
        (2, 1, 5, (1, 2)),
        (0, "25%", "25%", (0, 0)),
    ],
)
def test_surge_rounds_up_unavailable_rounds_down_and_never_are_both_0(
    replicas: int, surge: int | str, unavailable: int | str, expected: tuple[int, int]
) -> None:
    obj = deployment(replicas=replicas, strategy=rolling(surge, unavailable))
    assert (max_surge(obj), max_unavailable(obj)) == expected


def test_without_a_strategy_a_quarter_may_be_more_or_less() -> None:
    assert (max_surge(deployment(replicas=8)), max_unavailable(deployment(replicas=8))) == (2, 2)


def test_recreate_has_no_surge() -> None:
    obj = deployment(replicas=4, strategy={"type": "Recreate"})
    assert (max_surge(obj), max_unavailable(obj)) == (0, 0)


@given(st.integers(0, 200), st.integers(0, 100))
def test_a_percentage_lies_between_its_two_roundings(total: int, percent: int) -> None:
    down, up = (scaled_value(f"{percent}%", total, up=each) for each in (False, True))
    assert down <= percent * total / 100 <= up <= down + 1


@given(st.integers(0, 20), st.integers(0, 20), st.integers(0, 20), st.integers(0, 5), st.integers(0, 5))
def test_the_newest_replica_set_never_grows_beyond_the_surge(
    replicas: int, new: int, old: int, surge: int, unavailable: int
) -> None:
    obj = deployment(replicas=replicas, strategy=rolling(surge, unavailable))
    newest = replica_set(min(new, replicas))
    size = new_replica_set_size(obj, [newest, replica_set(old)], newest)
    assert size <= replicas
    assert size == min(new, replicas) or size + old <= replicas + max_surge(obj)


@given(st.lists(st.integers(1, 30), min_size=2, max_size=4), st.integers(0, 80))
def test_shares_never_add_up_to_more_than_is_to_be_added(sizes: list[int], desired: int) -> None:
    obj = deployment(replicas=desired, strategy=rolling(0, 1))
    to_add, added = desired - sum(sizes), 0
    for size in sizes:
        share = proportion(obj, replica_set(size, sum(sizes)), to_add, added)
        added += share
        assert abs(added) <= abs(to_add) and share * to_add >= 0


def test_a_share_follows_the_size_that_the_deployment_had() -> None:
    obj = deployment(replicas=30, strategy=rolling(3, 2))
    assert proportion(obj, replica_set(8, 13), 20, 0) == 12
    assert proportion(obj, replica_set(5, 13), 20, 12) == 8
