"""What is wrong with quantities, and with what consists of them."""

import pytest

from chaosimagecorrupt.simulator.api.quantity_validation import (
    invalid_limit_range,
    invalid_quantity,
    invalid_resource_quota,
    invalid_resources,
)
from chaosimagecorrupt.simulator.types import Object


@pytest.mark.parametrize("value", ["1", 1, 0.5, "1e3", "100m", "1.5Gi", "-1"])
def test_a_quantity(value: object) -> None:
    assert not list(invalid_quantity("here", value))


@pytest.mark.parametrize("value", ["", "much", "1.2.3", "1 Gi", True])
def test_what_is_no_quantity(value: object) -> None:
    (cause,) = invalid_quantity("here", value)
    assert cause.field == "here" and "quantities must match the regular expression" in cause.message


def test_a_request_above_its_limit() -> None:
    resources = {"requests": {"cpu": "1500m", "memory": "1Gi"}, "limits": {"cpu": "1", "memory": "1024Mi"}}
    (cause,) = invalid_resources(resources, "spec.containers[0].resources")
    assert cause.field == "spec.containers[0].resources.requests"
    assert cause.message == 'Invalid value: "1500m": must be less than or equal to cpu limit of 1'


@pytest.mark.parametrize(
    ("quota", "fields"),
    [
        ({}, []),
        ({"spec": {"hard": {"pods": "many", "cpu": "1"}}}, ["spec.hard[pods]"]),
        ({"status": {"hard": {"pods": "x"}, "used": {"pods": "y"}}}, ["status.hard[pods]", "status.used[pods]"]),
    ],
)
def test_a_quota_s_quantities(quota: Object, fields: list[str]) -> None:
    assert [cause.field for cause in invalid_resource_quota(quota)] == fields


def test_a_limit_range_s_quantities() -> None:
    limits = [{"type": "Pod", "max": {"cpu": "1"}}, {"type": "Container", "default": {"cpu": "x"}}]
    assert [cause.field for cause in invalid_limit_range({"spec": {"limits": limits}})] == [
        "spec.limits[1].default[cpu]"
    ]
