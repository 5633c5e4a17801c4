"""What LimitRanges add to Pods, and which Pods they refuse."""

import pytest

from chaosimagecorrupt.simulator.controllers.errors import StatusError
from chaosimagecorrupt.simulator.controllers.limit_ranges import check_limit_ranges, with_default_limits
from chaosimagecorrupt.simulator.types import Object

from ..controller_cluster import NS, PODS, ControllerCluster, deployment


def limit_range(type_: str = "Container", **item: Object) -> Object:
    return {"metadata": {"name": "l", "namespace": NS}, "spec": {"limits": [{"type": type_, **item}]}}


def pod(*resources: Object) -> Object:
    containers = [{"name": f"c{index}", "image": "x", "resources": each} for index, each in enumerate(resources)]
    return {"metadata": {"name": "web", "namespace": NS}, "spec": {"containers": containers}}


def test_containers_without_get_the_defaults_and_an_annotation_says_so() -> None:
    ranges = [limit_range(default={"cpu": "1", "memory": "1Gi"}, defaultRequest={"cpu": "500m"})]
    found = with_default_limits(pod({"limits": {"cpu": "2"}}, {}), ranges)
    first, second = (each["resources"] for each in found["spec"]["containers"])
    assert first == {"limits": {"cpu": "2", "memory": "1Gi"}, "requests": {"cpu": "500m"}}
    assert second == {"limits": {"cpu": "1", "memory": "1Gi"}, "requests": {"cpu": "500m"}}
    assert found["metadata"]["annotations"] == {
        "kubernetes.io/limit-ranger": "LimitRanger plugin set: cpu request for container c0; memory limit for "
        "container c0; cpu request for container c1; cpu, memory limit for container c1"
    }


def test_a_pod_that_lacks_nothing_stays_as_it_is() -> None:
    whole = pod({"limits": {"cpu": "1"}, "requests": {"cpu": "1"}})
    assert (
        with_default_limits(whole, [limit_range(default={"cpu": "2"}), limit_range("Pod", max={"cpu": "1"})]) is whole
    )


@pytest.mark.parametrize(
    ("ranges", "resources", "why"),
    [
        (
            limit_range(min={"cpu": "200m"}),
            {"requests": {"cpu": "100m"}},
            "minimum cpu usage per Container is 200m, but request is 100m",
        ),
        (limit_range(min={"cpu": "200m"}), {}, "minimum cpu usage per Container is 200m.  No request is specified"),
        (
            limit_range(min={"cpu": "200m"}),
            {"requests": {"cpu": "1"}, "limits": {"cpu": "100m"}},
            "minimum cpu usage per Container is 200m, but limit is 100m",
        ),
        (
            limit_range(max={"memory": "1Gi"}),
            {"limits": {"memory": "2048Mi"}},
            "maximum memory usage per Container is 1Gi, but limit is 2Gi",
        ),
        (limit_range(max={"memory": "1Gi"}), {}, "maximum memory usage per Container is 1Gi.  No limit is specified"),
        (
            limit_range(max={"cpu": "1"}),
            {"limits": {"cpu": "1"}, "requests": {"cpu": "2"}},
            "maximum cpu usage per Container is 1, but request is 2",
        ),
        (
            limit_range(maxLimitRequestRatio={"cpu": "2"}),
            {"limits": {"cpu": "3"}, "requests": {"cpu": "1"}},
            "cpu max limit to request ratio per Container is 2, but provided ratio is 3.000000",
        ),
        (
            limit_range(maxLimitRequestRatio={"cpu": "2"}),
            {"limits": {"cpu": "3"}},
            "cpu max limit to request ratio per Container is 2, but no request is specified or request is 0",
        ),
        (
            limit_range("Pod", max={"cpu": "1"}, min={"memory": "1Gi"}),
            {"limits": {"cpu": "2"}, "requests": {"memory": "1"}},
            "[minimum memory usage per Pod is 1Gi, but request is 1, maximum cpu usage per Pod is 1, but limit is 2]",
        ),
    ],
)
def test_a_pod_outside_of_the_range_is_forbidden(ranges: Object, resources: Object, why: str) -> None:
    with pytest.raises(StatusError) as refusal:
        check_limit_ranges(pod(resources), [ranges])
    assert str(refusal.value) == f'pods "web" is forbidden: {why}'


def test_a_pod_inside_of_the_range_is_let_through() -> None:
    ranges = [
        limit_range(min={"cpu": "1"}, max={"cpu": "2"}),
        limit_range("PersistentVolumeClaim", min={"storage": "1"}),
    ]
    check_limit_ranges(pod({"limits": {"cpu": "2"}, "requests": {"cpu": "1"}}), ranges)


def test_the_pods_of_a_deployment_get_the_defaults(cluster: ControllerCluster) -> None:
    cluster.create(limit_range(default={"cpu": "1"}, defaultRequest={"cpu": "500m"}), "limitranges")
    cluster.create(deployment())
    resources = [each["spec"]["containers"][0]["resources"] for each in cluster.pods()]
    assert resources == [{"limits": {"cpu": "1"}, "requests": {"cpu": "500m"}}] * 2
    assert {each["status"]["qosClass"] for each in cluster.pods()} == {"Burstable"}


def test_a_request_above_the_default_limit_makes_the_pod_invalid(cluster: ControllerCluster) -> None:
    cluster.create(limit_range(default={"cpu": "1"}), "limitranges")
    with pytest.raises(StatusError, match="must be less than or equal to cpu limit of 1") as refusal:
        cluster.create(pod({"requests": {"cpu": "2"}}), PODS)
    assert refusal.value.reason == "Invalid"
