"""What Pods request, and what they use of a quota."""

import pytest

from chaosimagecorrupt.simulator.controllers.pod_resources import (
    Field,
    default_requests,
    is_pod_resource,
    missing_resources,
    pod_amounts,
    pod_usage,
    quality_of_service,
)
from chaosimagecorrupt.simulator.types import Object

NOW = 1_700_000_000.0


def sized(
    name: str = "app", requests: Object | None = None, limits: Object | None = None, **more: Object | str
) -> Object:
    return {"name": name, "resources": {"requests": requests or {}, "limits": limits or {}}, **more}


def total(spec: Object, of: Field = "requests") -> dict[str, str]:
    return {name: str(value) for name, value in pod_amounts(spec, of).items()}


def test_containers_add_up() -> None:
    spec = {"containers": [sized(requests={"cpu": "100m"}), sized("side", {"cpu": "1", "memory": "1Gi"})]}
    assert total(spec) == {"cpu": "1100m", "memory": "1Gi"}


def test_an_init_container_counts_where_it_needs_more_than_the_others_together() -> None:
    init = [sized("one", {"cpu": "3"}), sized("two", {"cpu": "1", "memory": "2Gi"})]
    spec = {"initContainers": init, "containers": [sized(requests={"cpu": "1", "memory": "1Gi"})]}
    assert total(spec) == {"cpu": "3", "memory": "2Gi"}


def test_a_sidecar_runs_beside_containers_and_later_init_containers() -> None:
    side = sized("side", {"cpu": "1"}, restartPolicy="Always")
    before = {"initContainers": [side, sized("init", {"cpu": "2"})], "containers": [sized(requests={"cpu": "500m"})]}
    after = {**before, "initContainers": before["initContainers"][::-1]}
    assert (total(before), total(after)) == ({"cpu": "3"}, {"cpu": "2"})


def test_what_is_written_for_the_pod_counts_instead() -> None:
    containers = {"containers": [sized(requests={"cpu": "1"}, limits={"memory": "1Gi"})]}
    spec = {**containers, "resources": {"requests": {"cpu": "2"}, "limits": {"memory": "4Gi", "cpu": "3"}}}
    assert total(spec) == {"cpu": "2", "memory": "4Gi"}
    assert total(spec, "limits") == {"cpu": "3", "memory": "4Gi"}


def test_overhead_is_added_to_requests_and_to_limits_that_there_are() -> None:
    spec = {"containers": [sized(requests={"cpu": "1"}, limits={"cpu": "1"})], "overhead": {"cpu": "1", "memory": "1"}}
    assert (total(spec), total(spec, "limits")) == ({"cpu": "2", "memory": "1"}, {"cpu": "2"})
    assert {name: str(value) for name, value in pod_amounts(spec, "limits", overhead=False).items()} == {"cpu": "1"}


def test_a_container_requests_what_it_is_limited_to() -> None:
    spec = default_requests({"containers": [sized(requests={"cpu": "1"}, limits={"cpu": "2", "memory": "1Gi"})]})
    assert spec["containers"][0]["resources"]["requests"] == {"cpu": "1", "memory": "1Gi"}


def test_a_pod_uses_what_it_requests_and_is_limited_to_under_the_names_of_quotas() -> None:
    requests = {"cpu": "1", "hugepages-2Mi": "2Mi", "example.com/gpu": "1"}
    pod = {"metadata": {}, "spec": {"containers": [sized(requests=requests, limits={"memory": "1Gi"})]}}
    assert {name: str(value) for name, value in pod_usage(pod, NOW).items()} == {
        "count/pods": "1",
        "pods": "1",
        "cpu": "1",
        "requests.cpu": "1",
        "hugepages-2Mi": "2Mi",
        "requests.hugepages-2Mi": "2Mi",
        "requests.example.com/gpu": "1",
        "limits.memory": "1Gi",
    }


DELETED = {"deletionTimestamp": "2023-11-14T22:13:00Z", "deletionGracePeriodSeconds": 1}


@pytest.mark.parametrize(
    ("pod", "ended"),
    [
        ({"metadata": {}, "status": {"phase": "Succeeded"}}, True),
        ({"metadata": {}, "status": {"phase": "Failed"}}, True),
        ({"metadata": {}, "status": {"phase": "Running"}}, False),
        ({"metadata": DELETED}, True),
        ({"metadata": {**DELETED, "deletionGracePeriodSeconds": 60}}, False),
    ],
)
def test_a_pod_at_its_end_only_counts_as_an_object(pod: Object, ended: bool) -> None:
    used = pod_usage({"spec": {"containers": []}, **pod}, NOW)
    assert set(used) == ({"count/pods"} if ended else {"count/pods", "pods"})


def test_the_resources_of_a_quota_that_are_about_pods() -> None:
    names = ("pods", "count/pods", "cpu", "requests.memory", "limits.ephemeral-storage", "requests.hugepages-1Gi",
             "requests.example.com/gpu")  # fmt: skip
    assert all(map(is_pod_resource, names))
    assert not any(map(is_pod_resource, ("services", "count/services", "example.com/gpu", "requests.storage")))


def test_a_quota_of_cpu_demands_it_of_every_container() -> None:
    spec = {"containers": [sized("b"), sized("a", {"cpu": "1"})], "initContainers": [sized("c")]}
    assert missing_resources(spec, ["requests.cpu", "pods"]) == "must specify requests.cpu for: b,c"
    assert missing_resources(spec, ["memory", "limits.cpu"]) == "must specify limits.cpu for: a,b,c; memory for: a,b,c"
    assert missing_resources(spec, ["pods", "requests.ephemeral-storage"]) == ""
    assert missing_resources({**spec, "resources": {"limits": {"cpu": "1"}}}, ["requests.cpu"]) == ""


BOTH = {"cpu": "1", "memory": "1Gi"}


@pytest.mark.parametrize(
    ("spec", "quality"),
    [
        ({"containers": [sized()]}, "BestEffort"),
        ({"containers": [sized(requests={"ephemeral-storage": "1Gi", "cpu": "0"})]}, "BestEffort"),
        ({"containers": [sized(requests={"cpu": "1"})]}, "Burstable"),
        ({"containers": [sized(limits=BOTH)]}, "Guaranteed"),
        ({"containers": [sized(requests={**BOTH, "cpu": "1000m"}, limits=BOTH)]}, "Guaranteed"),
        ({"containers": [sized(limits=BOTH), sized("side")]}, "Burstable"),
        ({"containers": [sized()], "resources": {"limits": BOTH}}, "Guaranteed"),
    ],
)
def test_the_quality_of_service(spec: Object, quality: str) -> None:
    assert quality_of_service(spec) == quality
