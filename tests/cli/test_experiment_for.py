"""What `init` chooses for an experiment, from the Deployment alone."""

from typing import Any

import pytest

from chaosimagecorrupt.cli.experiment_for import experiment_for
from chaosimagecorrupt.duration import parse_duration

from ..manifests import a_deployment
from ..recorded import at


def written(**spec: Any) -> dict[str, Any]:
    return experiment_for(a_deployment(**spec), image="registry.invalid/x:y")


def test_a_cause_stands_instead_of_the_image() -> None:
    named = experiment_for(a_deployment(), image="registry.invalid/x:y", cause={"cause": "not-found"})
    corrupt = arguments(named, "corrupt-the-image")
    assert ("image" in corrupt, corrupt["cause"]) == (False, "not-found")
    assert arguments(written(), "corrupt-the-image")["image"] == "registry.invalid/x:y"


def arguments(experiment: dict[str, Any], activity: str) -> dict[str, Any]:
    return next(a["provider"]["arguments"] for a in experiment["method"] if a["name"] == activity)


# progressDeadlineSeconds, minReadySeconds -> progress_deadline, ttl, wait
CHOSEN = [
    (5, 0, None, "300s", "35s"),
    (60, 0, None, "300s", "90s"),
    (61, 0, 30, "300s", "60s"),
    (600, 0, 30, "300s", "60s"),
    (2147483647, 0, 30, "300s", "60s"),
    (600, 400, 430, "670s", "460s"),
    (410, 400, None, "650s", "440s"),
]


@pytest.mark.parametrize(("deadline", "min_ready", "progress_deadline", "ttl", "wait"), CHOSEN)
def test_the_deadline_is_reached_within_the_ttl(
    deadline: int, min_ready: int, progress_deadline: int | None, ttl: str, wait: str
) -> None:
    experiment = written(progressDeadlineSeconds=deadline, minReadySeconds=min_ready)
    corrupt = arguments(experiment, "corrupt-the-image")
    assert (corrupt.get("progress_deadline"), corrupt["ttl"]) == (progress_deadline, ttl)
    assert arguments(experiment, "stuck-rollout-is-reported")["timeout"] == wait


def test_the_cluster_that_is_meant_comes_from_the_environment_and_any_will_do_by_default() -> None:
    experiment = written()
    assert experiment["configuration"]["cluster"] == {"type": "env", "key": "IMAGE_CORRUPT_CLUSTER", "default": ""}
    assert arguments(experiment, "corrupt-the-image")["cluster"] == "${cluster}"


def test_recovery_is_given_the_time_that_pods_need_to_count_as_available() -> None:
    assert arguments(written(minReadySeconds=20), "deployment-recovers")["timeout"] == "65s"


def test_the_ttl_is_longer_than_all_waits_before_the_restore() -> None:
    specs: list[dict[str, Any]] = [{}, {"minReadySeconds": 400}, {"progressDeadlineSeconds": 60}]
    for spec in specs:
        method = written(**spec)["method"]
        names = [a["name"] for a in method]
        before = method[names.index("corrupt-the-image") + 1 : names.index("restore-the-image")]
        waits = [parse_duration(a["provider"]["arguments"].get("timeout", 0), "timeout") for a in before]
        ttl = arguments(written(**spec), "corrupt-the-image")["ttl"]
        assert sum(waits) < parse_duration(ttl, "ttl"), spec


def test_the_hypothesis_says_nothing_that_the_fault_makes_false() -> None:
    probes = written(replicas=3)["steady-state-hypothesis"]["probes"]
    assert [p["provider"]["func"] for p in probes] == ["deployment_available", "serving_pods"]


def test_where_no_old_pod_stays_the_original_image_must_be_pullable_before_it_is_replaced() -> None:
    experiment = written(strategy={"type": "Recreate"})
    probe = experiment["steady-state-hypothesis"]["probes"][-1]
    assert (probe["provider"]["func"], probe["tolerance"]) == ("original_pullable", True)
    named = arguments(experiment, "corrupt-the-image")["container_name"]
    assert probe["provider"]["arguments"]["container_name"] == named


@pytest.mark.parametrize(("name", "least"), [("sts-rolling", 1), ("ds-rolling", 0)])
def test_another_kind_is_named_in_each_activity_and_nothing_waits_for_a_report(name: str, least: int) -> None:
    workload = at(name, 4.0).deployment
    experiment = experiment_for(workload, image="registry.invalid/x:y", allow_on_delete=True)
    calls = [a["provider"] for a in [*experiment["method"], *experiment["rollbacks"]]]
    assert {call["arguments"]["kind"] for call in calls} == {workload["kind"]}
    assert arguments(experiment, "corrupt-the-image")["allow_on_delete"] is True
    assert "progress_deadline" not in arguments(experiment, "corrupt-the-image")
    functions = {call["func"] for call in calls}
    assert "workload_recovered" in functions and not {"progress_deadline_exceeded", "deployment_recovered"} & functions
    hypothesis = experiment["steady-state-hypothesis"]
    assert hypothesis["title"] == f"The {workload['kind']} serves"
    assert [p["tolerance"]["range"][0] for p in hypothesis["probes"]] == [least]
