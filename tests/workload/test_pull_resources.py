"""The smallest requests and limits that a namespace admits."""

from typing import Any

from chaosimagecorrupt.workload.pull_resources import smallest_resources

Object = Any


def ranges(*items: Object, kind: str = "Container") -> list[Object]:
    return [{"spec": {"limits": [{"type": kind, **item} for item in items]}}]


def quota(*hard: str, **spec: Any) -> Object:
    return {"spec": {"hard": dict.fromkeys(hard, "10"), **spec}}


def test_nothing_is_requested_where_nobody_asks_for_it() -> None:
    assert smallest_resources([], []) == {}
    assert smallest_resources([], [quota("pods", "requests.storage", "count/secrets")]) == {}


def test_what_a_quota_demands_is_requested_and_no_more() -> None:
    assert smallest_resources([], [quota("requests.cpu", "pods")]) == {"requests": {"cpu": "10m"}}
    assert smallest_resources([], [quota("memory")]) == {"requests": {"memory": "32Mi"}}
    assert smallest_resources([], [quota("limits.memory")]) == {
        "requests": {"memory": "32Mi"},
        "limits": {"memory": "32Mi"},
    }


def test_a_quota_that_does_not_count_the_pod_demands_nothing() -> None:
    assert smallest_resources([], [quota("limits.cpu", scopes=["NotTerminating"])]) == {}
    assert smallest_resources([], [quota("pods", scopes=["BestEffort"])]) == {}


def test_defaults_of_a_limit_range_are_undercut() -> None:
    found = smallest_resources(ranges({"default": {"cpu": "2"}, "defaultRequest": {"cpu": "1"}}), [])
    assert found == {"requests": {"cpu": "10m"}, "limits": {"cpu": "10m"}}
    assert smallest_resources(ranges({"defaultRequest": {"memory": "1Gi"}}), []) == {"requests": {"memory": "32Mi"}}


def test_a_minimum_is_kept() -> None:
    for kind in ("Container", "Pod"):
        assert smallest_resources(ranges({"min": {"cpu": "250m"}}, kind=kind), []) == {"requests": {"cpu": "250m"}}


def test_a_maximum_is_kept_and_demands_a_limit() -> None:
    found = smallest_resources(ranges({"max": {"memory": "16Mi"}}), [])
    assert found == {"requests": {"memory": "16Mi"}, "limits": {"memory": "16Mi"}}


def test_a_ratio_of_limit_and_request_is_one() -> None:
    found = smallest_resources(ranges({"maxLimitRequestRatio": {"cpu": "2"}}), [])
    assert found["requests"] == found["limits"] == {"cpu": "10m"}


def test_of_what_a_pod_does_not_need_none_is_requested() -> None:
    found = smallest_resources(ranges({"default": {"nvidia.com/gpu": "1"}}), [])
    assert found["limits"] == {"nvidia.com/gpu": "0"}


def test_limits_on_claims_do_not_matter() -> None:
    assert smallest_resources(ranges({"min": {"storage": "1Gi"}}, kind="PersistentVolumeClaim"), []) == {}
