"""How many pods a stop condition demands, and when fewer are ready."""

from typing import Any

import pytest

from chaosimagecorrupt.errors import Refused
from chaosimagecorrupt.workload.stop_condition import fewest_allowed, parse_stop_below, stop_text, why_stopped

from ..manifests import a_deployment


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, ""), ("", ""), (2, "2"), (" 2 ", "2"), ("50%", "50%"), ("100%", "100%"), ("33.3%", "33.3%")],
)
def test_what_is_a_condition(value: object, text: str) -> None:
    assert parse_stop_below(value) == text


@pytest.mark.parametrize("value", [0, "0", -1, 1.5, True, "0%", "101%", "50 %", "half", "2;3", [2], "%"])
def test_what_is_none_is_refused(value: object) -> None:
    with pytest.raises(Refused, match="stop_below: "):
        parse_stop_below(value)


@pytest.mark.parametrize(
    ("condition", "replicas", "fewest"),
    [("2", 10, 2), ("50%", 10, 5), ("50%", 3, 2), ("100%", 7, 7), ("1%", 3, 1), ("33.3%", 3, 1), ("50%", 0, 0)],
)
def test_a_percentage_is_rounded_up(condition: str, replicas: int, fewest: int) -> None:
    assert fewest_allowed(condition, replicas) == fewest


def test_it_is_met_when_fewer_pods_are_ready() -> None:
    assert stop_text("50%", 1, 3) == "1 of 3 pods are ready, and stop_below demands 2 (50%)"
    assert stop_text("2", 1, 3) == "1 of 3 pods are ready, and stop_below demands 2"
    assert [stop_text("2", 2, 3), stop_text("", 0, 3)] == ["", ""]


@pytest.mark.parametrize(("status", "met"), [({"readyReplicas": 2}, False), ({"readyReplicas": 1}, True), ({}, True)])
def test_a_status_without_ready_pods_has_none(status: dict[str, Any], met: bool) -> None:
    deployment = a_deployment(replicas=2)
    deployment["status"] = status
    assert bool(why_stopped("100%", deployment)) == met
