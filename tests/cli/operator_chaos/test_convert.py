"""What becomes of a `ChaosExperiment`."""

import json
from itertools import chain, combinations
from typing import Any

import pytest

from chaosimagecorrupt.cli.operator_chaos.chaos_experiment import read_chaos_experiment
from chaosimagecorrupt.cli.operator_chaos.convert import experiment_of, notes_on

from .chaos_experiments import AVAILABLE, a_chaos_experiment


def converted(**spec: Any) -> dict[str, Any]:
    return experiment_of(read_chaos_experiment(a_chaos_experiment(**spec)))


def arguments(experiment: dict[str, Any], activity: str) -> dict[str, Any]:
    return next(a["provider"]["arguments"] for a in experiment["method"] if a["name"] == activity)


def test_the_least_one_is_what_init_writes_for_a_deployment_with_defaults() -> None:
    experiment = converted()
    assert experiment["title"] == "web-image: what happens when the image of web cannot be pulled?"
    assert experiment["description"] == "It comes back."
    assert experiment["tags"][:3] == ["kubernetes", "image-corrupt", "danger:high"]
    assert arguments(experiment, "corrupt-the-image") == {
        "name": "web",
        "ns": "shop",
        "image": "registry.invalid/nonexistent:chaos",
        "ttl": "300s",
        "cluster": "${cluster}",
        "progress_deadline": 30,
    }
    assert "container_name" not in arguments(experiment, "new-pods-cannot-pull")
    assert experiment["steady-state-hypothesis"]["title"] == "The Deployment serves"
    assert "arguments" not in experiment["controls"][0]["provider"]


def test_container_image_and_ttl() -> None:
    parameters = {"name": "web", "containerName": "app", "image": "registry.invalid/a:b"}
    experiment = converted(injection={"ttl": "90.5s", "parameters": parameters})
    corrupt = arguments(experiment, "corrupt-the-image")
    assert (corrupt["container_name"], corrupt["image"], corrupt["ttl"]) == ("app", "registry.invalid/a:b", "91s")
    assert arguments(experiment, "pauses-between-pulls-grow")["container_name"] == "app"


def test_the_recovery_timeout_is_the_threshold_of_the_control_and_how_long_is_waited() -> None:
    experiment = converted(hypothesis={"recoveryTimeout": "3m"})
    assert experiment["controls"][0]["provider"]["arguments"] == {"recovery_within": "180s"}
    assert arguments(experiment, "deployment-recovers")["timeout"] == "180s"


def test_the_checks_are_the_hypothesis() -> None:
    knative = {"apiVersion": "operator.knative.dev/v1beta1", "kind": "KnativeServing", "name": "serving"}
    checks = [
        AVAILABLE,
        {**AVAILABLE, "conditionType": "Progressing", "namespace": "bank"},
        {**knative, "type": "conditionTrue", "conditionType": "Ready"},
        {**knative, "type": "resourceExists"},
    ]
    hypothesis = converted(steadyState={"checks": checks, "timeout": "30s"})["steady-state-hypothesis"]
    assert hypothesis["title"] == "The steady state"
    serving = {"api_version": "operator.knative.dev/v1beta1", "kind": "KnativeServing", "name": "serving", "ns": "shop"}
    deployment = {"api_version": "apps/v1", "kind": "Deployment", "name": "web", "ns": "bank"}
    assert [(p["provider"]["func"], p["provider"]["arguments"]) for p in hypothesis["probes"]] == [
        ("deployment_available", {"name": "web", "ns": "shop", "timeout": "30s"}),
        (
            "resource_condition",
            {**deployment, "condition_type": "Progressing", "status": "True", "timeout": "30s"},
        ),
        ("resource_condition", {**serving, "condition_type": "Ready", "status": "True", "timeout": "30s"}),
        ("resource_exists", serving),
    ]
    assert {p["tolerance"] for p in hypothesis["probes"]} == {True}
    assert len({p["name"] for p in hypothesis["probes"]}) == 4


EXISTS = {"apiVersion": "v1", "kind": "ConfigMap", "name": "settings", "type": "resourceExists"}
REPLICAS = {"type": "replicaCount", "kind": "Deployment", "name": "web", "expectedReplicas": 2}


@pytest.mark.parametrize("checks", [[], [REPLICAS]], ids=["none", "none that is carried over"])
def test_without_checks_the_timeout_of_the_steady_state_is_that_of_the_usual_hypothesis(checks: list[Any]) -> None:
    hypothesis = converted(steadyState={"checks": checks, "timeout": "44.5s"})["steady-state-hypothesis"]
    assert hypothesis["title"] == "The Deployment serves"
    available, serving = (probe["provider"]["arguments"] for probe in hypothesis["probes"])
    assert available == {"name": "web", "ns": "shop", "timeout": "45s"}
    assert serving == {"name": "web", "ns": "shop"}


@pytest.mark.parametrize(("timeout", "notes"), [("44.5s", 1), ("", 0)])
def test_a_timeout_that_no_probe_has_is_told(timeout: str, notes: int) -> None:
    found = read_chaos_experiment(a_chaos_experiment(steadyState={"checks": [EXISTS], "timeout": timeout}))
    told = notes_on(found, experiment_of(found))
    assert [note.startswith("spec.steadyState.timeout: 44.5 s has no counterpart") for note in told] == [True] * notes


CARRIED_OR_TOLD: list[tuple[str, str, Any, str]] = [
    # section, field, its value, what stands for it in the experiment or the notes
    ("steadyState", "timeout", "91s", "91"),
    ("steadyState", "interval", "1s", "spec.steadyState.interval"),
    ("injection", "ttl", "1234s", "1234s"),
    ("injection", "count", 7, "spec.injection.count"),
    ("injection", "dangerLevel", "low", "danger:low"),
    ("hypothesis", "recoveryTimeout", "777s", "777s"),
    ("hypothesis", "description", "It heals.", "It heals."),
    ("blastRadius", "maxPodsAffected", 13, "spec.blastRadius.maxPodsAffected: 13"),
    ("blastRadius", "dryRun", True, "dry_run"),
    ("blastRadius", "allowDangerous", True, "spec.blastRadius.allowDangerous"),
    ("target", "operator", "shopkeeper", "operator:shopkeeper"),
    ("target", "component", "till", "component:till"),
    ("target", "resource", "StatefulSet/db", "spec.target.resource: 'StatefulSet/db'"),
]
CHECKS = [AVAILABLE, {**AVAILABLE, "conditionType": "Progressing"}, EXISTS, REPLICAS]


@pytest.mark.parametrize(("section", "field", "value", "expected"), CARRIED_OR_TOLD)
def test_whatever_the_checks_each_field_is_carried_over_or_told(
    section: str, field: str, value: Any, expected: str
) -> None:
    for checks in chain.from_iterable(combinations(CHECKS, number) for number in range(len(CHECKS) + 1)):
        spec = {"steadyState": {"checks": [*checks]}}
        spec[section] = {**spec.get(section, {}), field: value}
        found = read_chaos_experiment(a_chaos_experiment(**spec))
        experiment = experiment_of(found)
        assert expected in json.dumps([experiment, notes_on(found, experiment)]), checks


def test_a_dry_run_stays_one_and_is_told() -> None:
    found = read_chaos_experiment(a_chaos_experiment(blastRadius={"dryRun": True}))
    experiment = experiment_of(found)
    assert arguments(experiment, "corrupt-the-image")["dry_run"] is True
    (note,) = notes_on(found, experiment)
    assert note.startswith("spec.blastRadius.dryRun: corrupt-the-image has dry_run: true")


def test_a_ttl_that_is_shorter_than_the_waits_is_told_and_stays() -> None:
    found = read_chaos_experiment(a_chaos_experiment(injection={"ttl": "60s"}))
    experiment = experiment_of(found)
    assert arguments(experiment, "corrupt-the-image")["ttl"] == "60s"
    (note,) = notes_on(found, experiment)
    assert note.startswith("spec.injection.ttl: 60 s is shorter than all waits before the restore together, 210 s")
    assert notes_on(read_chaos_experiment(a_chaos_experiment()), converted()) == []
