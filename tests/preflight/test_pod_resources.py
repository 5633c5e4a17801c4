"""What admission makes of a template's requests and limits, and what such a pod uses of a quota."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chaosimagecorrupt.kube.quantities import parse_quantity
from chaosimagecorrupt.preflight.pod_resources import admitted

from .deployments import Object, made, sized

Found = dict[str, Decimal]


def amounts(**quantities: str) -> Found:
    return {name: parse_quantity(quantity) for name, quantity in quantities.items()}


def limit_range(**item: Any) -> Object:
    return {"metadata": {"name": "range"}, "spec": {"limits": [{"type": "Container", **item}]}}


def cpu_requested(deployment: Object) -> Decimal | None:
    return admitted(deployment).own_requests.get("cpu")


def test_requests_default_to_limits() -> None:
    found = admitted(sized(app={"limits": {"cpu": "2", "memory": "1Gi"}, "requests": {"cpu": "1"}}))
    assert found.own_requests == amounts(cpu="1", memory="1Gi")


def test_containers_add_up() -> None:
    assert cpu_requested(sized(app={"requests": {"cpu": "1"}}, proxy={"requests": {"cpu": "250m"}})) == Decimal("1.25")


@pytest.mark.parametrize(
    ("init", "needed"),
    [
        ([("1", False)], "1"),  # less than what runs later
        ([("3", False), ("4", False)], "4"),  # the largest: they run one after another
        ([("2", True)], "3"),  # a sidecar runs on
        ([("2", True), ("3", False)], "5"),  # an init container runs with the sidecars before it
        ([("3", False), ("2", True)], "3"),  # and without those after it
        ([("1", True), ("1", True), ("1", False)], "3"),
    ],
)
def test_init_containers_count_while_they_run_and_sidecars_always(init: list[tuple[str, bool]], needed: str) -> None:
    found = sized(app={"requests": {"cpu": "1"}})
    found["spec"]["template"]["spec"]["initContainers"] = [
        {"name": f"init{i}", "resources": {"requests": {"cpu": cpu}}} | ({"restartPolicy": "Always"} if sidecar else {})
        for i, (cpu, sidecar) in enumerate(init)
    ]
    assert cpu_requested(found) == Decimal(needed)


@given(
    init=st.lists(st.tuples(st.integers(0, 9), st.booleans()), max_size=5),
    apps=st.lists(st.integers(0, 9), min_size=1, max_size=3),
)
def test_a_pod_needs_the_most_that_ever_runs_at_once(init: list[tuple[int, bool]], apps: list[int]) -> None:
    found = sized(**{f"app{i}": {"requests": {"cpu": cpu}} for i, cpu in enumerate(apps)})
    found["spec"]["template"]["spec"]["initContainers"] = [
        {"name": f"init{i}", "resources": {"requests": {"cpu": cpu}}} | ({"restartPolicy": "Always"} if sidecar else {})
        for i, (cpu, sidecar) in enumerate(init)
    ]
    running, most = 0, 0
    for cpu, sidecar in init:
        most = max(most, running + cpu)
        running += cpu if sidecar else 0
    assert cpu_requested(found) == max(most, running + sum(apps))


def test_a_limit_range_fills_in_what_is_missing() -> None:
    found = sized(app={"limits": {"cpu": "2"}}, proxy={})
    pod = admitted(found, [limit_range(default={"cpu": "1", "memory": "1Gi"}, defaultRequest={"cpu": "100m"})])
    app, proxy = pod.containers
    assert (app.requests, app.limits) == (amounts(cpu="2"), amounts(cpu="2", memory="1Gi"))
    assert (proxy.requests, proxy.limits) == (amounts(cpu="100m"), amounts(cpu="1", memory="1Gi"))


def test_of_several_limit_ranges_the_first_one_counts() -> None:
    ranges = [limit_range(defaultRequest={"cpu": cpu}) for cpu in ("1", "2")]
    assert admitted(made(), ranges).own_requests == amounts(cpu="1")


def test_limit_ranges_of_pods_have_no_defaults() -> None:
    assert admitted(made(), [limit_range(type="Pod", default={"cpu": "1"})]).own_limits == {}


def test_what_the_pod_itself_requests_replaces_the_sum_of_its_containers() -> None:
    found = sized(app={"requests": {"cpu": "1", "nvidia.com/gpu": "1"}})
    found["spec"]["template"]["spec"]["resources"] = {"requests": {"cpu": "3"}, "limits": {"cpu": "4", "memory": "1Gi"}}
    pod = admitted(found)
    assert pod.own_requests == {**amounts(cpu="3", memory="1Gi"), "nvidia.com/gpu": Decimal(1)}
    assert (pod.own_limits, pod.sized_as_a_whole) == (amounts(cpu="4", memory="1Gi"), True)


def test_the_requests_of_containers_count_for_a_pod_that_is_only_limited() -> None:
    found = sized(app={"requests": {"cpu": "1"}})
    found["spec"]["template"]["spec"]["resources"] = {"limits": {"cpu": "4"}}
    assert cpu_requested(found) == Decimal(1)


def test_overhead_counts_for_quotas_and_not_for_limit_ranges() -> None:
    pod = admitted(sized(app={"requests": {"cpu": "1"}}), overhead={"cpu": "250m", "memory": "120Mi"})
    assert (pod.usage["requests.cpu"], pod.own_requests) == (Decimal("1.25"), amounts(cpu="1"))
    assert pod.usage["requests.memory"] == parse_quantity("120Mi")
    assert "limits.cpu" not in pod.usage  # a limit that is not there stays so


def test_overhead_is_added_to_a_limit() -> None:
    pod = admitted(sized(app={"limits": {"cpu": "1"}}), overhead={"cpu": "250m"})
    assert pod.usage["limits.cpu"] == Decimal("1.25")


def test_a_pod_uses_each_resource_under_its_names() -> None:
    every = {"cpu": "1", "memory": "1Gi", "ephemeral-storage": "2Gi", "hugepages-2Mi": "4Mi", "nvidia.com/gpu": "1"}
    used = admitted(sized(app={"limits": every})).usage
    assert set(used) == {
        *("pods", "count/pods", "cpu", "requests.cpu", "limits.cpu", "memory", "requests.memory", "limits.memory"),
        *("ephemeral-storage", "requests.ephemeral-storage", "limits.ephemeral-storage"),
        *("hugepages-2Mi", "requests.hugepages-2Mi", "requests.nvidia.com/gpu"),
    }


@pytest.mark.parametrize(
    ("resources", "best_effort"),
    [
        ({}, True),
        ({"requests": {"nvidia.com/gpu": "1"}}, True),
        ({"requests": {"cpu": "0"}}, True),
        ({"requests": {"cpu": "1m"}}, False),
        ({"limits": {"memory": "1Mi"}}, False),
    ],
)
def test_best_effort_is_without_cpu_and_memory(resources: Object, best_effort: bool) -> None:
    assert admitted(sized(app=resources)).best_effort is best_effort


@pytest.mark.parametrize(("named", "found"), [("high", "high"), (None, "usual")])
def test_a_pod_without_a_priority_class_gets_the_default_one(named: str | None, found: str) -> None:
    deployment = made()
    if named:
        deployment["spec"]["template"]["spec"]["priorityClassName"] = named
    assert admitted(deployment, default_priority_class="usual").priority_class == found
