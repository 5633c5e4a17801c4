"""Defaults of Pods and of Pod templates."""

import pytest

from chaosimagecorrupt.simulator.api.defaults import default
from chaosimagecorrupt.simulator.types import Object

from ..calls import DEPLOYMENTS, PureCalls, with_container, with_template


@pytest.mark.parametrize(
    ("image", "policy"),
    [
        ("app", "Always"),
        ("app:latest", "Always"),
        ("host:5000/app", "Always"),
        ("app:v1", "IfNotPresent"),
        ("host:5000/app:v1", "IfNotPresent"),
        ("app@sha256:" + "0" * 64, "IfNotPresent"),
    ],
)
def test_the_default_pull_policy_follows_the_tag(calls: PureCalls, image: str, policy: str) -> None:
    made = calls("POST", DEPLOYMENTS, with_container(image=image)).body
    assert made["spec"]["template"]["spec"]["containers"][0]["imagePullPolicy"] == policy


def test_defaults_of_probes_ports_and_volumes(calls: PureCalls) -> None:
    obj = with_template(volumes=[{"name": "v"}, {"name": "c", "configMap": {"name": "x"}}])
    probe, port = {"httpGet": {"port": 80}}, {"containerPort": 80}
    obj["spec"]["template"]["spec"]["containers"][0].update(readinessProbe=probe, ports=[port])
    spec = calls("POST", DEPLOYMENTS, obj).body["spec"]["template"]["spec"]
    assert spec["volumes"] == [
        {"name": "v", "emptyDir": {}},
        {"name": "c", "configMap": {"name": "x", "defaultMode": 420}},
    ]
    assert spec["containers"][0]["ports"] == [{"containerPort": 80, "protocol": "TCP"}]
    assert spec["containers"][0]["readinessProbe"] == {
        "httpGet": {"port": 80, "path": "/", "scheme": "HTTP"},
        "timeoutSeconds": 1,
        "periodSeconds": 10,
        "successThreshold": 1,
        "failureThreshold": 3,
    }


@pytest.mark.parametrize(
    ("given", "filled"),
    [
        ({"serviceAccountName": "a"}, {"serviceAccount": "a"}),
        ({"serviceAccount": "a"}, {"serviceAccountName": "a"}),
        ({"volumes": [{"name": "v", "hostPath": {"path": "/"}}]}, {}),
    ],
)
def test_defaults_of_a_pod(given: Object, filled: Object) -> None:
    pod = {"metadata": {}, "spec": {"containers": [], **given}}
    default("pods", pod)
    assert filled.items() <= pod["spec"].items()


def test_defaults_of_the_environment_and_of_grpc_probes() -> None:
    env: list[Object] = [{"name": "A", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}}]
    container: Object = {"name": "a", "image": "x:1", "env": env, "livenessProbe": {"grpc": {"port": 1}}}
    default("pods", {"metadata": {}, "spec": {"containers": [container]}})
    assert env[0]["valueFrom"] == {"fieldRef": {"fieldPath": "metadata.name", "apiVersion": "v1"}}
    assert container["livenessProbe"]["grpc"] == {"port": 1, "service": ""}
