"""What a `ChaosExperiment` says, and what of it has no counterpart."""

from typing import Any

import pytest

from chaosimagecorrupt.cli.operator_chaos.chaos_experiment import injection_type, read_chaos_experiment
from chaosimagecorrupt.errors import Refused

from .chaos_experiments import AVAILABLE, a_chaos_experiment, without


def test_what_the_least_one_says() -> None:
    found = read_chaos_experiment(a_chaos_experiment())
    assert (found.name, found.deployment, found.namespace) == ("web-image", "web", "shop")
    assert (found.container, found.image) == (None, "registry.invalid/nonexistent:chaos")
    assert (found.ttl, found.recovery_timeout, found.check_timeout, found.dry_run) == (None, None, None, False)
    assert (found.description, found.checks, found.without_counterpart) == ("It comes back.", [], [])
    assert found.tags == ["danger:high", "operator:shop-operator", "component:frontend"]


def test_what_a_whole_one_says() -> None:
    experiment = a_chaos_experiment(
        injection={
            "ttl": "5m",
            "dangerLevel": "medium",
            "parameters": {"name": "web", "containerName": "app", "image": "registry.invalid/a:b"},
        },
        steadyState={"checks": [AVAILABLE], "timeout": "30s"},
        hypothesis={"description": "It\n  comes\tback. \x1b[2J", "recoveryTimeout": "120s"},
    )
    experiment["spec"]["tier"] = 3
    found = read_chaos_experiment(experiment)
    assert (found.container, found.image, found.ttl) == ("app", "registry.invalid/a:b", 300)
    assert (found.check_timeout, found.recovery_timeout) == (30, 120)
    assert found.description == "It comes back. \\x1b[2J"
    assert [check.namespace for check in found.checks] == ["shop"]
    assert found.tags == ["danger:medium", "operator:shop-operator", "component:frontend", "tier:3"]
    assert found.without_counterpart == []


def test_parameters_are_read_beside_the_type_too_and_the_deployment_from_the_target() -> None:
    flat = {"type": "ImageCorrupt", "containerName": "app", "image": "a", "ttl": 60, "parameters": {}}
    found = read_chaos_experiment(a_chaos_experiment(injection=flat))
    assert (found.deployment, found.container, found.image, found.ttl) == ("web", "app", "a", 60)
    assert found.without_counterpart == []


def test_each_field_without_a_counterpart_is_named_and_what_the_api_server_adds_is_not() -> None:
    metadata: dict[str, Any] = {
        "uid": "1",
        "resourceVersion": "2",
        "creationTimestamp": None,
        "managedFields": [],
        "generation": 1,
    }
    experiment = a_chaos_experiment(
        {**metadata, "labels": {"a": "b"}},
        injection={"count": 2, "parameters": {"name": "web", "color": "red"}},
        blastRadius={"maxPodsAffected": 2, "allowDangerous": True, "forbiddenResources": ["Deployment/db"]},
        target={"resource": "StatefulSet/web"},
        steadyState={"checks": [{"type": "replicaCount", "expectedReplicas": 2}], "interval": "1s"},
    )
    notes = read_chaos_experiment({**experiment, "status": {"phase": "Complete"}}).without_counterpart
    assert [note.split(" ")[0].rstrip(":") for note in notes] == [
        "spec.blastRadius.maxPodsAffected",
        "spec.blastRadius.allowDangerous",
        "spec.injection.count",
        "spec.target.resource",
        "spec.steadyState.checks[0]",
        "status",
        "metadata.labels",
        "spec.injection.parameters.color",
        "spec.steadyState.interval",
    ]
    assert "stop_below" in notes[0]


NAMESPACES: list[tuple[list[str], str | None, str | None, str]] = [
    # allowedNamespaces, namespace of a check, metadata.namespace, the Deployment's namespace
    (["shop"], None, None, "shop"),
    (["shop"], "other", "third", "shop"),
    (["shop", "bank"], "bank", "shop", "bank"),
    (["shop", "bank"], None, "bank", "bank"),
    ([], "bank", None, "bank"),
]


@pytest.mark.parametrize(("allowed", "checked", "own", "expected"), NAMESPACES)
def test_the_namespace_is_found_as_operator_chaos_does(
    allowed: list[str], checked: str | None, own: str | None, expected: str
) -> None:
    check = {**AVAILABLE, "namespace": checked}
    experiment = a_chaos_experiment(
        {"namespace": own}, blastRadius={"allowedNamespaces": allowed}, steadyState={"checks": [check]}
    )
    assert read_chaos_experiment(experiment).namespace == expected


def test_the_namespace_of_a_check_that_is_not_carried_over_counts_too() -> None:
    checks = [{"type": "replicaCount", "namespace": "bank"}, {**AVAILABLE, "namespace": "shop"}]
    experiment = a_chaos_experiment(
        {"namespace": "shop"}, blastRadius={"allowedNamespaces": ["shop", "bank"]}, steadyState={"checks": checks}
    )
    found = read_chaos_experiment(experiment)
    assert (found.namespace, [check.namespace for check in found.checks]) == ("bank", ["shop"])


RADIUS = "spec.blastRadius"
REFUSED: list[tuple[dict[str, Any], str]] = [
    (a_chaos_experiment(blastRadius={"allowedNamespaces": []}), f"{RADIUS}.allowedNamespaces: name the one namespace"),
    (
        a_chaos_experiment({"namespace": "bank"}, blastRadius={"allowedNamespaces": ["shop", "web"]}),
        f"{RADIUS}.allowedNamespaces: the Deployment's namespace bank is not among them: shop, web",
    ),
    (
        a_chaos_experiment(blastRadius={"forbiddenResources": ["Deployment/web"]}),
        f"{RADIUS}.forbiddenResources: Deployment/web is what the experiment would corrupt",
    ),
    (a_chaos_experiment(blastRadius={"allowedNamespaces": "shop"}), f"{RADIUS}.allowedNamespaces must be a list"),
    (a_chaos_experiment(blastRadius={"maxPodsAffected": 10**30}), f"{RADIUS}.maxPodsAffected must be a whole number"),
    (a_chaos_experiment(blastRadius={"dryRun": "no"}), f"{RADIUS}.dryRun must be true or false, not text"),
    (a_chaos_experiment({"name": "../x"}), "metadata.name: '../x' is not valid"),
    (a_chaos_experiment({"name": ""}), "metadata.name is missing"),
    (a_chaos_experiment(injection={"ttl": "2h"}), "spec.injection.ttl: 2h is longer than the 3600 s"),
    (a_chaos_experiment(injection={"dangerLevel": "extreme"}), "spec.injection.dangerLevel: 'extreme' is not valid"),
    (a_chaos_experiment(injection={"parameters": {"name": 5}}), "spec.injection.parameters.name must be text"),
    (
        a_chaos_experiment(injection={"parameters": {"name": "A"}}),
        "spec.injection.parameters.name: 'A' is not the name",
    ),
    (
        a_chaos_experiment(injection={"parameters": {}}, target={"resource": "Service/web"}),
        "spec.injection.parameters.name: is missing",
    ),
    (
        a_chaos_experiment(injection={"parameters": {"name": "web", "containerName": "A b"}}),
        "spec.injection.parameters.containerName: 'A b' is not the name of a container",
    ),
    (
        a_chaos_experiment(injection={"parameters": {"name": "web", "image": "${secret}"}}),
        "spec.injection.parameters.image: '${secret}' is not an image",
    ),
    (a_chaos_experiment(injection={"parameters": {"name": "web", "image": " a"}}), "image: ' a' has white space"),
    (a_chaos_experiment(target={"operator": "a\nb"}), "spec.target.operator: 'a\\nb' is not valid"),
    (a_chaos_experiment(hypothesis={"recoveryTimeout": []}), "spec.hypothesis.recoveryTimeout must be a duration"),
    ({"spec": []}, "spec must be a mapping, not a list"),
    ({}, "metadata.name is missing"),
]


@pytest.mark.parametrize(("experiment", "expected"), REFUSED, ids=[expected for _, expected in REFUSED])
def test_what_is_not_valid_or_forbids_its_own_target_is_refused(experiment: dict[str, Any], expected: str) -> None:
    with pytest.raises(Refused) as refusal:
        read_chaos_experiment(experiment)
    assert str(refusal.value).startswith(expected)
    assert str(refusal.value).isprintable() and len(str(refusal.value)) < 400


def test_the_type_of_the_injection() -> None:
    assert injection_type(a_chaos_experiment(injection={"type": "PodKill"})) == "PodKill"
    with pytest.raises(Refused, match=r"^spec\.injection\.type is missing$"):
        injection_type(without(a_chaos_experiment(), "spec", "injection", "type"))
