"""What is not simulated says so. The list is in the package's documentation."""

import re

import pytest

import chaosimagecorrupt.simulator
from chaosimagecorrupt.simulator.api.defaults import default
from chaosimagecorrupt.simulator.types import Object

from .calls import APPLY, DEPLOYMENTS, PODS, WEB, PureCalls, deployment
from .custom_resource import DEFINITION, DEFINITIONS

SAYS_SO = re.compile("this is the simulator")
pytestmark = pytest.mark.usefixtures("web")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/apis/networking.k8s.io/v1/namespaces/default/ingresses/x", 404),
        ("POST", "/apis/autoscaling/v1/namespaces/default/horizontalpodautoscalers", 404),
        ("GET", "/apis/apps/v1beta1/namespaces/default/deployments", 404),
        ("GET", "/apis/events.k8s.io/v1beta1/namespaces/default/events", 404),
        ("PUT", "/apis/events.k8s.io/v1/namespaces/default/events/x", 501),
        ("PATCH", "/apis/events.k8s.io/v1/namespaces/default/events/x", 501),
        ("GET", "/api/v1/namespaces/default/endpoints", 404),
        ("GET", "/api/v1/watch/namespaces/default/pods", 404),
        ("GET", "/apis/apps/v1/deployments/web", 404),
        ("POST", "/apis/authorization.k8s.io/v1/subjectaccessreviews", 404),
        ("GET", f"{PODS}/x/log", 501),
        ("POST", f"{PODS}/x/exec", 501),
        ("POST", f"{PODS}/x/eviction", 501),
        ("POST", f"{PODS}/x/portforward", 501),
        ("PUT", "/api/v1/namespaces/default/finalize", 501),
        ("GET", f"{DEPLOYMENTS}/web/rollback", 501),
        ("POST", WEB, 405),
        ("PUT", DEPLOYMENTS, 405),
        ("PATCH", DEPLOYMENTS, 405),
        ("HEAD", WEB, 405),
        ("DELETE", f"{WEB}/scale", 405),
        ("POST", f"{WEB}/status", 405),
        ("POST", "/version", 405),
        ("GET", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", 405),
    ],
)
def test_a_path_that_is_not_simulated(calls: PureCalls, method: str, path: str, status: int) -> None:
    answer = calls(method, path, {} if method in ("POST", "PUT", "PATCH") else None)
    assert (answer.status, answer.body["kind"], answer.body["code"]) == (status, "Status", status)
    assert SAYS_SO.search(answer.message)


def test_a_path_of_no_group_is_not_found_as_recorded(calls: PureCalls) -> None:
    for path in ("/apis/nope.example.com/v1/things", "/metrics", "/apis/nope.example.com", "/openapi/v2"):
        answer = calls("GET", path)
        assert (answer.status, answer.body) == (404, "404 page not found\n")


@pytest.mark.parametrize(
    "accept",
    [
        "application/yaml",
        "application/vnd.kubernetes.protobuf",
        "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1",
        "application/json;as=Table;v=v1beta1",
    ],
)
def test_an_answer_in_a_form_that_is_not_produced(calls: PureCalls, accept: str) -> None:
    answer = calls("GET", WEB, accept=accept)
    assert (answer.status, bool(SAYS_SO.search(answer.message))) == (406, True)


@pytest.mark.parametrize("accept", ["", "*/*", "application/json", "application/yaml, application/json;q=0.5"])
def test_an_answer_in_a_form_that_is_produced(calls: PureCalls, accept: str) -> None:
    assert calls("GET", WEB, accept=accept).status == 200


def test_server_side_apply_of_a_scale(calls: PureCalls) -> None:
    answer = calls("PATCH", f"{WEB}/scale?fieldManager=me", {"spec": {"replicas": 1}}, APPLY)
    assert (answer.status, bool(SAYS_SO.search(answer.message))) == (501, True)


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"conversion": {"strategy": "Webhook"}}, 501),
        ({"conversion": {"strategy": "None"}}, 201),
    ],
)
def test_conversion_of_custom_resources(calls: PureCalls, change: Object, status: int) -> None:
    answer = calls("POST", DEFINITIONS, {**DEFINITION, "spec": {**DEFINITION["spec"], **change}})
    assert answer.status == status


def test_one_version_of_a_custom_resource_is_served(calls: PureCalls) -> None:
    (version,) = DEFINITION["spec"]["versions"]
    versions = [version, {**version, "name": "v1alpha1", "storage": False}]
    calls("POST", DEFINITIONS, {**DEFINITION, "spec": {**DEFINITION["spec"], "versions": versions}})
    answer = calls("GET", "/apis/example.com/v1alpha1/namespaces/default/widgets")
    assert (answer.status, bool(SAYS_SO.search(answer.message))) == (404, True)


@pytest.mark.parametrize("body", [b"nonsense", b"k8s\0\x0a\x00"])
def test_protobuf_that_is_not_decoded(calls: PureCalls, body: bytes) -> None:
    answer = calls("POST", DEPLOYMENTS, body, "application/vnd.kubernetes.protobuf")
    assert (answer.status, bool(SAYS_SO.search(answer.message))) == (415, True)


def test_webhooks_are_stored_but_not_called(calls: PureCalls) -> None:
    rule = {"apiGroups": ["*"], "apiVersions": ["*"], "resources": ["*"], "operations": ["*"]}
    client = {"service": {"namespace": "default", "name": "nowhere"}}
    hook = {"name": "a.example.com", "rules": [rule], "clientConfig": client, "failurePolicy": "Fail"}
    config = {"metadata": {"name": "a"}, "webhooks": [hook]}
    path = "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations"
    assert calls("POST", path, config).body["webhooks"][0]["timeoutSeconds"] == 10
    assert calls("POST", DEPLOYMENTS, deployment("other")).status == 201


def test_the_documentation_lists_the_limits() -> None:
    text = chaosimagecorrupt.simulator.__doc__ or ""
    for word in ("SIMULATION", "404", "405", "406", "413", "415", "501", "webhook", "protobuf"):
        assert word in text


def test_objects_of_kinds_without_defaults_stay_as_they_are() -> None:
    obj = {"metadata": {"name": "a"}}
    default("configmaps", obj)
    assert obj == {"metadata": {"name": "a"}}
