"""Validation of Pods and of Pod templates."""

import pytest

from chaosimagecorrupt.simulator.types import Object

from ..calls import DEPLOYMENTS, PODS, PureCalls, deployment, with_container


@pytest.mark.parametrize(
    ("container", "fields"),
    [
        ({"name": ""}, ["name"]),
        ({"name": "Upper"}, ["name"]),
        ({"name": "x" * 64}, ["name"]),
        ({"image": ""}, ["image"]),
        ({"imagePullPolicy": "Sometimes"}, ["imagePullPolicy"]),
        ({"ports": [{"containerPort": 70000}]}, ["ports[0].containerPort"]),
        ({"ports": [{"containerPort": 80, "protocol": "ICMP"}]}, ["ports[0].protocol"]),
        ({"env": [{"value": "x"}]}, ["env[0].name"]),
        ({"volumeMounts": [{"name": "v", "mountPath": "/v"}]}, ["volumeMounts[0].name"]),
        ({"resources": {"limits": {"cpu": "lots"}}}, ["resources.limits[cpu]"]),
    ],
)
def test_containers_that_are_invalid(calls: PureCalls, container: Object, fields: list[str]) -> None:
    answer = calls("POST", DEPLOYMENTS, with_container(**container))
    assert answer.status == 422
    assert answer.fields == [f"spec.template.spec.containers[0].{field}" for field in fields]


@pytest.mark.parametrize("image", [" example.org/app:v1", "not a reference!", "registry.invalid/x:chaos", "a" * 300])
def test_a_template_takes_images_that_nothing_could_pull(calls: PureCalls, image: str) -> None:
    assert calls("POST", DEPLOYMENTS, with_container(image=image)).status == 201


def test_a_pod_takes_no_image_with_white_space_around_it(calls: PureCalls) -> None:
    pod = {"metadata": {"name": "p"}, "spec": {"containers": [{"name": "a", "image": " x"}]}}
    answer = calls("POST", PODS, pod)
    assert (answer.status, answer.fields) == (422, ["spec.containers[0].image"])
    assert "must not have leading or trailing whitespace" in answer.message


def test_the_spec_of_a_pod_is_final_but_for_its_images(calls: PureCalls) -> None:
    pod = {"metadata": {"name": "p"}, "spec": {"containers": [{"name": "a", "image": "x:1"}]}}
    calls("POST", PODS, pod)
    image = {"spec": {"containers": [{"name": "a", "image": "x:2"}]}}
    kind = "application/strategic-merge-patch+json"
    assert calls("PATCH", f"{PODS}/p", image, kind).status == 200
    answer = calls("PATCH", f"{PODS}/p", {"spec": {"nodeName": "elsewhere"}}, kind)
    assert (answer.status, answer.fields) == (422, ["spec"])


def test_an_environment_variable_has_one_source(calls: PureCalls) -> None:
    obj = deployment()
    variable = {"name": "A", "value": "x", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}}
    obj["spec"]["template"]["spec"]["containers"][0]["env"] = [variable]
    assert calls("POST", DEPLOYMENTS, obj).fields == ["spec.template.spec.containers[0].env[0].valueFrom"]


def test_a_pod_restarts_by_a_policy_there_is(calls: PureCalls) -> None:
    pod = {"metadata": {"name": "p"}, "spec": {"restartPolicy": "Maybe", "containers": [{"name": "a", "image": "x"}]}}
    assert calls("POST", PODS, pod).fields == ["spec.restartPolicy"]
