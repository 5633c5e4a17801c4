"""Rules that few requests meet."""

from typing import Any

import pytest

from chaosimagecorrupt.simulator.api.defaults import default
from chaosimagecorrupt.simulator.api.structural_schema import default_custom, invalid_custom
from chaosimagecorrupt.simulator.label_selector import matches_label_selector
from chaosimagecorrupt.simulator.types import Json

from ..calls import APPLY, DEPLOYMENTS, JSON, MERGE, PODS, STRATEGIC, WEB, PureCalls, deployment, image_patch

REPLICASETS = "/apis/apps/v1/namespaces/default/replicasets"
NAMESPACED = "/api/v1/namespaces/default"
EXPRESSIONS = [
    {"key": "app", "operator": "In", "values": ["web", "x"]},
    {"key": "app", "operator": "NotIn", "values": ["y"]},
    {"key": "app", "operator": "Exists"},
    {"key": "gone", "operator": "DoesNotExist"},
]


@pytest.fixture
def calls() -> PureCalls:
    return PureCalls()


@pytest.mark.parametrize(
    ("expression", "other"), list(zip(EXPRESSIONS, [{"app": "y"}, {"app": "y"}, {}, {"gone": ""}], strict=True))
)
def test_selectors_by_expression(expression: Json, other: dict[str, str]) -> None:
    assert matches_label_selector({"matchExpressions": [expression]}, {"app": "web"})
    assert not matches_label_selector({"matchExpressions": [expression]}, other)


def test_a_deployment_selected_by_expressions_shows_them_in_its_scale(calls: PureCalls) -> None:
    obj = deployment(selector={"matchExpressions": EXPRESSIONS})
    assert calls("POST", DEPLOYMENTS, obj).status == 201
    selector = calls("GET", f"{WEB}/scale").body["status"]["selector"]
    assert selector == "app in (web,x),app notin (y),app,!gone"


def test_a_replicaset_of_ones_own(calls: PureCalls) -> None:
    obj = {**deployment("own"), "kind": "ReplicaSet"}
    made = calls("POST", REPLICASETS, obj)
    assert (made.status, made.body["status"], made.body["metadata"]["generation"]) == (201, {"replicas": 0}, 1)
    calls.advance(5)
    assert calls("GET", f"{REPLICASETS}/own").body["status"]["readyReplicas"] == 2
    del obj["spec"]["replicas"], obj["metadata"]["name"]
    obj["metadata"]["generateName"] = "own-"
    assert calls("POST", REPLICASETS, obj).body["spec"]["replicas"] == 1


def test_a_quota_refuses_pods(calls: PureCalls) -> None:
    quota = {"metadata": {"name": "few"}, "spec": {"hard": {"pods": "0"}}}
    calls("POST", f"{NAMESPACED}/resourcequotas", quota)
    pod = {"metadata": {"name": "p"}, "spec": {"containers": [{"name": "a", "image": "x"}]}}
    answer = calls("POST", PODS, pod)
    assert (answer.status, "exceeded quota: few" in answer.message) == (403, True)


def test_a_pod_of_ones_own_runs(calls: PureCalls) -> None:
    pod = {"metadata": {"name": "p"}, "spec": {"containers": [{"name": "a", "image": "x:1"}]}}
    assert calls("POST", PODS, pod).body["status"]["phase"] == "Pending"
    calls.advance(5)
    assert calls("GET", f"{PODS}/p").body["status"]["phase"] == "Running"


def test_a_service_without_a_selector_of_pods(calls: PureCalls) -> None:
    service = {"metadata": {"name": "out"}, "spec": {"type": "ExternalName", "externalName": "example.org"}}
    made = calls("POST", f"{NAMESPACED}/services", service).body["spec"]
    assert "clusterIP" not in made
    bad = {"metadata": {"name": "bad"}, "spec": {"type": "Magic", "ports": [{"port": 80}]}}
    assert calls("POST", f"{NAMESPACED}/services", bad).fields == ["spec.type"]


@pytest.mark.parametrize(
    ("given", "filled"),
    [
        ({"serviceAccountName": "a"}, {"serviceAccount": "a"}),
        ({"serviceAccount": "a"}, {"serviceAccountName": "a"}),
        ({"volumes": [{"name": "v", "hostPath": {"path": "/"}}]}, {}),
    ],
)
def test_defaults_of_a_pod(given: Json, filled: Json) -> None:
    pod = {"metadata": {}, "spec": {"containers": [], **given}}
    default("pods", pod)
    assert filled.items() <= pod["spec"].items()


def test_defaults_of_the_environment_and_of_grpc_probes() -> None:
    env = [{"name": "A", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}}]
    container = {"name": "a", "image": "x:1", "env": env, "livenessProbe": {"grpc": {"port": 1}}}
    default("pods", {"metadata": {}, "spec": {"containers": [container]}})
    assert env[0]["valueFrom"] == {"fieldRef": {"fieldPath": "metadata.name", "apiVersion": "v1"}}
    assert container["livenessProbe"]["grpc"] == {"port": 1, "service": ""}


def test_an_environment_variable_has_one_source(calls: PureCalls) -> None:
    obj = deployment()
    variable = {"name": "A", "value": "x", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}}
    obj["spec"]["template"]["spec"]["containers"][0]["env"] = [variable]
    assert calls("POST", DEPLOYMENTS, obj).fields == ["spec.template.spec.containers[0].env[0].valueFrom"]


def test_a_pod_restarts_by_a_policy_there_is(calls: PureCalls) -> None:
    pod = {"metadata": {"name": "p"}, "spec": {"restartPolicy": "Maybe", "containers": [{"name": "a", "image": "x"}]}}
    assert calls("POST", PODS, pod).fields == ["spec.restartPolicy"]


@pytest.mark.parametrize(
    ("value", "schema"),
    [
        ("abc", {"pattern": "^x"}),
        ("a", {"minLength": 2}),
        ("abc", {"maxLength": 2}),
        (1, {"minimum": 2}),
        (3, {"maximum": 2}),
        ([1], {"items": {"minimum": 2}}),
        ({"a": 1}, {"additionalProperties": {"minimum": 2}}),
    ],
)
def test_bounds_of_a_custom_schema(value: Any, schema: Json) -> None:
    assert len(invalid_custom(value, schema)) == 1
    assert invalid_custom(value, {}) == []


def test_defaults_of_a_custom_schema() -> None:
    schema = {"properties": {"list": {"items": {"properties": {"size": {"default": 3}}}}, "mode": {"default": "auto"}}}
    value: Json = {"list": [{}, {"size": 1}]}
    default_custom(value, schema)
    assert value == {"list": [{"size": 3}, {"size": 1}], "mode": "auto"}


@pytest.mark.parametrize("body", [b"[]", b"just text", b"a: [", b"kind: Deployment"])
def test_what_cannot_be_applied(calls: PureCalls, body: bytes) -> None:
    assert calls("PATCH", f"{WEB}?fieldManager=me", body, APPLY).status == 400


def test_a_strategic_patch_is_an_object(calls: PureCalls) -> None:
    calls("POST", DEPLOYMENTS, deployment())
    assert calls("PATCH", WEB, [1], STRATEGIC).status == 400


@pytest.mark.parametrize(
    "items", [[{"name": "a", "$patch": "merge"}], [{"name": "a", "$patch": "odd"}]], ids=["merge", "odd"]
)
def test_directives_of_items_that_do_not_exist(calls: PureCalls, items: Any) -> None:
    calls("POST", DEPLOYMENTS, deployment())
    patch = {"spec": {"template": {"spec": {"containers": items}}}}
    assert calls("PATCH", WEB, patch, STRATEGIC).status == 400


def test_retained_keys_do_not_take_others(calls: PureCalls) -> None:
    calls("POST", DEPLOYMENTS, deployment())
    patch = {"spec": {"strategy": {"$retainKeys": ["type"], "type": "Recreate", "rollingUpdate": {"maxSurge": 1}}}}
    answer = calls("PATCH", WEB, patch, STRATEGIC)
    assert (answer.status, "not in the retainKeys list" in answer.message) == (400, True)


def test_a_body_of_a_delete_is_its_options(calls: PureCalls) -> None:
    calls("POST", DEPLOYMENTS, deployment())
    assert calls("DELETE", WEB, [1]).status == 400
    assert calls("DELETE", WEB, {"dryRun": ["Some"]}).status == 400
    assert calls("DELETE", WEB, {"gracePeriodSeconds": 0}).status == 200


def test_a_namespace_that_is_going_already_stays_so(calls: PureCalls) -> None:
    calls("POST", "/api/v1/namespaces", {"metadata": {"name": "shop"}})
    calls("POST", "/api/v1/namespaces/shop/configmaps", {"metadata": {"name": "a", "finalizers": ["x.io/y"]}})
    first = calls("DELETE", "/api/v1/namespaces/shop").body["metadata"]["deletionTimestamp"]
    calls.advance(30)
    assert calls("DELETE", "/api/v1/namespaces/shop").body["metadata"]["deletionTimestamp"] == first


def test_scales_are_objects(calls: PureCalls) -> None:
    calls("POST", DEPLOYMENTS, deployment())
    assert calls("PUT", f"{WEB}/scale", [1]).status == 400
    assert calls("PATCH", f"{WEB}/scale?dryRun=All", {"spec": {"replicas": 9}}, MERGE).body["spec"] == {"replicas": 9}
    assert calls("GET", f"{WEB}/scale").body["spec"] == {"replicas": 2}


def test_reviews_are_objects(calls: PureCalls) -> None:
    assert calls("POST", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", [1]).status == 400


def test_a_media_type_of_a_body_that_is_not_known(calls: PureCalls) -> None:
    assert calls("POST", DEPLOYMENTS, b"<xml/>", "application/xml").status == 415


def test_a_table_in_one_of_several_forms(calls: PureCalls) -> None:
    calls("POST", DEPLOYMENTS, deployment())
    forms = f"application/json;as=Table;v=v1beta1;g=meta.k8s.io,{JSON}"
    assert calls("GET", WEB, accept=forms).body["kind"] == "Deployment"


def test_an_annotation_of_kubectl_that_is_broken_stands_for_nothing(calls: PureCalls) -> None:
    broken = deployment()
    broken["metadata"]["annotations"] = {"kubectl.kubernetes.io/last-applied-configuration": "{"}
    calls("POST", f"{DEPLOYMENTS}?fieldManager=kubectl-client-side-apply", broken)
    refused = calls("PATCH", f"{WEB}?fieldManager=kubectl", deployment(image="b:1"), APPLY)
    assert refused.status == 409


def test_a_status_patch_is_validated_too(calls: PureCalls) -> None:
    calls("POST", DEPLOYMENTS, deployment())
    assert calls("PATCH", f"{WEB}/status", {"status": {"replicas": "x"}}, MERGE).status == 400


def test_the_openapi_document_names_the_kinds(calls: PureCalls) -> None:
    paths = calls("GET", "/openapi/v3").body["paths"]
    assert paths["apis/apps/v1"] == {"serverRelativeURL": "/openapi/v3/apis/apps/v1"}
    document = calls("GET", "/openapi/v3/apis/apps/v1").body
    patch = document["paths"]["/apis/apps/v1/namespaces/{namespace}/deployments/{name}"]["patch"]
    assert patch["x-kubernetes-group-version-kind"] == {"group": "apps", "version": "v1", "kind": "Deployment"}
    assert calls("GET", "/openapi/v3/apis/none/v1").status == 404


@pytest.mark.parametrize("path", ["/healthz", "/livez", "/readyz"])
def test_health(calls: PureCalls, path: str) -> None:
    assert (calls("GET", path).status, calls("GET", path).body) == (200, "ok")


def test_groups_and_resources(calls: PureCalls) -> None:
    groups = {group["name"] for group in calls("GET", "/apis").body["groups"]}
    assert {"apps", "rbac.authorization.k8s.io", "authorization.k8s.io"} <= groups
    names = {resource["name"] for resource in calls("GET", "/apis/apps/v1").body["resources"]}
    assert names == {
        "deployments",
        "deployments/status",
        "deployments/scale",
        "replicasets",
        "replicasets/status",
        "replicasets/scale",
    }


def test_a_deletion_moves_the_generation(calls: PureCalls) -> None:
    calls("POST", DEPLOYMENTS, deployment())
    shown = calls("DELETE", f"{WEB}?propagationPolicy=Foreground").body
    assert shown["metadata"]["generation"] == 2


def test_what_is_being_deleted_can_still_be_patched(calls: PureCalls) -> None:
    held = deployment()
    held["metadata"]["finalizers"] = ["example.com/x"]
    calls("POST", DEPLOYMENTS, held)
    calls("DELETE", WEB)
    assert calls("PATCH", WEB, image_patch("b:1"), STRATEGIC).status == 200
