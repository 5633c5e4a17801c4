"""Create and delete: what is filled in, refused, kept waiting, and what goes along."""

from typing import Any

import pytest

from chaosimagecorrupt.simulator.types import Json

from ..calls import DEPLOYMENTS, MERGE, PODS, WEB, Answer, PureCalls, deployment
from ..custom_resource import DEFINITION, DEFINITIONS, WIDGET, WIDGETS, define_widgets

CONFIGS = "/api/v1/namespaces/default/configmaps"
REPLICASETS = "/apis/apps/v1/namespaces/default/replicasets"
SERVICES = "/api/v1/namespaces/default/services"


@pytest.fixture
def calls() -> PureCalls:
    return PureCalls()


def created(calls: PureCalls, **spec: Any) -> Answer:
    return calls("POST", DEPLOYMENTS, deployment(**spec))


def with_container(**container: Any) -> Json:
    obj = deployment()
    obj["spec"]["template"]["spec"]["containers"][0].update(container)
    return obj


def with_template(**spec: Any) -> Json:
    obj = deployment()
    obj["spec"]["template"]["spec"].update(spec)
    return obj


@pytest.mark.parametrize(
    ("spec", "fields"),
    [
        ({"replicas": -1}, ["spec.replicas"]),
        ({"minReadySeconds": -1}, ["spec.minReadySeconds"]),
        ({"progressDeadlineSeconds": 5, "minReadySeconds": 5}, ["spec.progressDeadlineSeconds"]),
        ({"selector": {"matchLabels": {"app": "other"}}}, ["spec.template.metadata.labels"]),
        ({"selector": {}}, ["spec.selector"]),
        ({"selector": None}, ["spec.selector"]),
        ({"strategy": {"type": "Sideways"}}, ["spec.strategy.type"]),
        ({"strategy": {"type": "Recreate", "rollingUpdate": {"maxSurge": 1}}}, ["spec.strategy.rollingUpdate"]),
        (
            {"strategy": {"rollingUpdate": {"maxSurge": 0, "maxUnavailable": "0%"}}},
            ["spec.strategy.rollingUpdate.maxUnavailable"],
        ),
        ({"strategy": {"rollingUpdate": {"maxSurge": "a lot"}}}, ["spec.strategy.rollingUpdate.maxSurge"]),
        (
            {"strategy": {"rollingUpdate": {"maxUnavailable": "101%"}}},
            ["spec.strategy.rollingUpdate.maxUnavailable"],
        ),
        ({"template": {"metadata": {"labels": {"app": "web"}}, "spec": {}}}, ["spec.template.spec.containers"]),
    ],
)
def test_deployments_that_are_invalid(calls: PureCalls, spec: Json, fields: list[str]) -> None:
    answer = created(calls, **spec)
    assert (answer.status, answer.body["reason"], answer.fields) == (422, "Invalid", fields)


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
def test_containers_that_are_invalid(calls: PureCalls, container: Json, fields: list[str]) -> None:
    answer = calls("POST", DEPLOYMENTS, with_container(**container))
    assert answer.status == 422
    assert answer.fields == [f"spec.template.spec.containers[0].{field}" for field in fields]


@pytest.mark.parametrize(
    ("spec", "fields"),
    [
        ({"restartPolicy": "Never"}, ["restartPolicy"]),
        ({"dnsPolicy": "Telepathy"}, ["dnsPolicy"]),
        ({"terminationGracePeriodSeconds": -1}, ["terminationGracePeriodSeconds"]),
        ({"activeDeadlineSeconds": 5}, ["activeDeadlineSeconds"]),
        ({"initContainers": [{"name": "app", "image": "a"}]}, ["containers[0].name"]),
        ({"volumes": [{"name": "v"}, {"name": "v"}, {}]}, ["volumes[1].name", "volumes[2].name"]),
    ],
)
def test_templates_that_are_invalid(calls: PureCalls, spec: Json, fields: list[str]) -> None:
    answer = calls("POST", DEPLOYMENTS, with_template(**spec))
    assert (answer.status, answer.fields) == (422, [f"spec.template.spec.{field}" for field in fields])


@pytest.mark.parametrize("image", [" example.org/app:v1", "not a reference!", "registry.invalid/x:chaos", "a" * 300])
def test_a_template_takes_images_that_nothing_could_pull(calls: PureCalls, image: str) -> None:
    assert calls("POST", DEPLOYMENTS, with_container(image=image)).status == 201


def test_a_pod_takes_no_image_with_white_space_around_it(calls: PureCalls) -> None:
    pod = {"metadata": {"name": "p"}, "spec": {"containers": [{"name": "a", "image": " x"}]}}
    answer = calls("POST", PODS, pod)
    assert (answer.status, answer.fields) == (422, ["spec.containers[0].image"])
    assert "must not have leading or trailing whitespace" in answer.message


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


def test_what_is_empty_is_left_out_as_go_does(calls: PureCalls) -> None:
    obj = with_template(nodeSelector={}, tolerations=[], hostname="", nodeName=None)
    spec = calls("POST", DEPLOYMENTS, obj).body["spec"]["template"]["spec"]
    assert not {"nodeSelector", "tolerations", "hostname", "nodeName"} & spec.keys()
    assert spec["securityContext"] == {}


@pytest.mark.parametrize(
    ("metadata", "field"),
    [
        ({"name": "Upper"}, "metadata.name"),
        ({"name": "x" * 254}, "metadata.name"),
        ({"name": "a", "labels": {"bad key": "x"}}, "metadata.labels"),
        ({"name": "a", "labels": {"key": "bad value"}}, "metadata.labels"),
        ({"name": "a", "labels": {"key": "x" * 64}}, "metadata.labels"),
        ({"name": "a", "annotations": {"/x": ""}}, "metadata.annotations"),
        ({"name": "a", "annotations": {"x": "y" * 300_000}}, "metadata.annotations"),
        ({"name": "a", "finalizers": ["bad finalizer"]}, "metadata.finalizers[0]"),
        ({"name": "a", "ownerReferences": [{"name": "x", "kind": "Y", "apiVersion": "v1"}]}, "uid"),
        ({}, "metadata.name"),
    ],
)
def test_metadata_that_is_invalid(calls: PureCalls, metadata: Json, field: str) -> None:
    answer = calls("POST", CONFIGS, {"metadata": metadata})
    assert answer.status == 422
    assert answer.fields[0].endswith(field)


def test_an_annotation_of_63_bytes_is_the_longest(calls: PureCalls) -> None:
    for length, status in ((63, 201), (64, 422)):
        metadata = {"generateName": "a-", "annotations": {"chaos.operatorchaos.io/" + "x" * length: ""}}
        assert calls("POST", CONFIGS, {"metadata": metadata}).status == status


@pytest.mark.parametrize("path", ["spec.selector"])
def test_what_cannot_be_changed(calls: PureCalls, path: str) -> None:
    created(calls)
    labels = {"app": "web", "more": "x"}
    change = {"spec": {"selector": {"matchLabels": labels}, "template": {"metadata": {"labels": labels}}}}
    answer = calls("PATCH", WEB, change, MERGE)
    assert (answer.fields, answer.message.endswith("field is immutable")) == ([path], True)


def test_the_spec_of_a_pod_is_final_but_for_its_images(calls: PureCalls) -> None:
    pod = {"metadata": {"name": "p"}, "spec": {"containers": [{"name": "a", "image": "x:1"}]}}
    calls("POST", PODS, pod)
    image = {"spec": {"containers": [{"name": "a", "image": "x:2"}]}}
    kind = "application/strategic-merge-patch+json"
    assert calls("PATCH", f"{PODS}/p", image, kind).status == 200
    answer = calls("PATCH", f"{PODS}/p", {"spec": {"nodeName": "elsewhere"}}, kind)
    assert (answer.status, answer.fields) == (422, ["spec"])


def test_an_object_of_another_kind_is_refused(calls: PureCalls) -> None:
    assert calls("POST", CONFIGS, deployment()).status == 400


def test_an_object_of_another_namespace_is_refused(calls: PureCalls) -> None:
    answer = calls("POST", CONFIGS, {"metadata": {"name": "a", "namespace": "other"}})
    assert "does not match the namespace sent on the request" in answer.message


def test_a_new_object_has_no_version(calls: PureCalls) -> None:
    answer = calls("POST", CONFIGS, {"metadata": {"name": "a", "resourceVersion": "5"}})
    assert answer.message == "resourceVersion should not be set on objects to be created"


def test_a_namespace_that_is_not_there(calls: PureCalls) -> None:
    answer = calls("POST", "/api/v1/namespaces/nowhere/configmaps", {"metadata": {"name": "a"}})
    assert (answer.status, answer.message) == (404, 'namespaces "nowhere" not found')


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"3"])
def test_a_body_that_is_no_object(calls: PureCalls, body: bytes) -> None:
    assert calls("POST", CONFIGS, body).status == 400


def test_a_body_in_yaml(calls: PureCalls) -> None:
    body = b"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {x: y}\n"
    assert calls("POST", CONFIGS, body, "application/yaml").body["data"] == {"x": "y"}


def test_a_value_of_the_wrong_type(calls: PureCalls) -> None:
    answer = created(calls, replicas="many")
    told = "json: cannot unmarshal string into Go struct field Deployment.spec.replicas of type int32"
    assert (answer.status, told in answer.message) == (400, True)


@pytest.mark.parametrize(("mode", "status"), [("Strict", 400), ("Warn", 201), ("Ignore", 201), (None, 201)])
def test_unknown_fields(calls: PureCalls, mode: str | None, status: int) -> None:
    obj = deployment(colour="red")
    answer = calls("POST", DEPLOYMENTS + (f"?fieldValidation={mode}" if mode else ""), obj)
    assert answer.status == status
    assert "colour" not in answer.body.get("spec", {})
    assert ("Warning" in answer.headers) == (mode in ("Warn", None))


def test_the_warning_of_an_unknown_field(calls: PureCalls) -> None:
    answer = created(calls, colour="red")
    assert answer.headers["Warning"] == '299 - "unknown field \\"spec.colour\\""'


def test_an_unknown_field_in_a_strict_patch(calls: PureCalls) -> None:
    created(calls)
    answer = calls("PATCH", f"{WEB}?fieldValidation=Strict", {"spec": {"colour": "red"}}, MERGE)
    assert (answer.status, 'unknown field "spec.colour"' in answer.message) == (422, True)


def test_a_dry_run_of_a_create(calls: PureCalls) -> None:
    made = calls("POST", f"{DEPLOYMENTS}?dryRun=All", deployment())
    assert (made.status, made.body["metadata"]["generation"]) == (201, 1)
    assert calls("GET", WEB).status == 404


def test_a_secret_is_stored_encoded(calls: PureCalls) -> None:
    secret = {"metadata": {"name": "s"}, "stringData": {"word": "xyz"}}
    made = calls("POST", "/api/v1/namespaces/default/secrets", secret).body
    assert (made["data"], made["type"], "stringData" in made) == ({"word": "eHl6"}, "Opaque", False)


def test_services_get_addresses_of_their_own(calls: PureCalls) -> None:
    made = []
    for name in ("a", "b"):
        service = {"metadata": {"name": name}, "spec": {"ports": [{"port": 80}]}}
        made.append(calls("POST", SERVICES, service).body["spec"]["clusterIP"])
    assert made == ["10.96.0.1", "10.96.0.2"]
    assert calls("POST", SERVICES, {"metadata": {"name": "c"}, "spec": {}}).fields == ["spec.ports"]


def test_a_delete_answers_with_a_status_or_with_the_pod(calls: PureCalls) -> None:
    created(calls, replicas=1)
    calls.advance(5)
    pod = calls("GET", PODS).body["items"][0]["metadata"]["name"]
    assert calls("DELETE", f"{PODS}/{pod}").body["metadata"]["deletionGracePeriodSeconds"] == 30
    assert calls("DELETE", WEB).body["status"] == "Success"


def test_background_deletion_lets_what_is_owned_follow(calls: PureCalls) -> None:
    created(calls)
    calls.advance(5)
    calls("DELETE", WEB)
    assert calls("GET", WEB).status == 404
    assert len(calls("GET", REPLICASETS).body["items"]) == 1
    calls.advance(60)
    assert (calls("GET", REPLICASETS).body["items"], calls("GET", PODS).body["items"]) == ([], [])


def test_foreground_deletion_waits_for_what_is_owned(calls: PureCalls) -> None:
    created(calls)
    calls.advance(5)
    shown = calls("DELETE", WEB, {"propagationPolicy": "Foreground"}).body
    assert shown["metadata"]["finalizers"] == ["foregroundDeletion"]
    assert "deletionTimestamp" in calls("GET", WEB).body["metadata"]
    calls.advance(60)
    assert calls("GET", WEB).status == 404
    assert calls("GET", PODS).body["items"] == []


@pytest.mark.parametrize("query", ["propagationPolicy=Orphan", "orphanDependents=true"])
def test_orphans_stay(calls: PureCalls, query: str) -> None:
    created(calls)
    calls.advance(5)
    calls("DELETE", f"{WEB}?{query}")
    calls.advance(60)
    assert calls("GET", WEB).status == 404
    (orphan,) = calls("GET", REPLICASETS).body["items"]
    assert "ownerReferences" not in orphan["metadata"]
    assert len(calls("GET", PODS).body["items"]) == 2


def test_finalizers_keep_an_object_until_they_are_removed(calls: PureCalls) -> None:
    calls("POST", CONFIGS, {"metadata": {"name": "a", "finalizers": ["example.com/x"]}})
    held = calls("DELETE", f"{CONFIGS}/a").body
    assert "deletionTimestamp" in held["metadata"]
    refused = calls("PATCH", f"{CONFIGS}/a", {"metadata": {"finalizers": ["example.com/x", "example.com/y"]}}, MERGE)
    assert refused.fields == ["metadata.finalizers"]
    calls("PATCH", f"{CONFIGS}/a", {"metadata": {"finalizers": []}}, MERGE)
    assert calls("GET", f"{CONFIGS}/a").status == 404


@pytest.mark.parametrize("precondition", ["uid", "resourceVersion"])
def test_preconditions_of_a_delete(calls: PureCalls, precondition: str) -> None:
    made = calls("POST", CONFIGS, {"metadata": {"name": "a"}}).body["metadata"]
    assert calls("DELETE", f"{CONFIGS}/a", {"preconditions": {precondition: "other"}}).status == 409
    assert calls("DELETE", f"{CONFIGS}/a", {"preconditions": {precondition: made[precondition]}}).status == 200


@pytest.mark.parametrize("query", ["propagationPolicy=Sideways", "gracePeriodSeconds=x"])
def test_options_of_a_delete_that_make_no_sense(calls: PureCalls, query: str) -> None:
    created(calls)
    assert calls("DELETE", f"{WEB}?{query}").status == 400
    assert calls("GET", WEB).status == 200


def test_a_dry_run_of_a_delete(calls: PureCalls) -> None:
    created(calls)
    assert calls("DELETE", f"{WEB}?dryRun=All").body["status"] == "Success"
    assert calls("DELETE", WEB, {"dryRun": ["All"]}).body["status"] == "Success"
    assert calls("GET", WEB).status == 200


def test_no_grace_removes_a_pod_at_once(calls: PureCalls) -> None:
    created(calls, replicas=1)
    calls.advance(5)
    pod = calls("GET", PODS).body["items"][0]["metadata"]["name"]
    calls("DELETE", f"{PODS}/{pod}?gracePeriodSeconds=0")
    assert calls("GET", f"{PODS}/{pod}").status == 404


def test_a_selection_is_deleted_together(calls: PureCalls) -> None:
    for name in ("a", "b", "c"):
        calls("POST", CONFIGS, {"metadata": {"name": name, "labels": {"keep": str(name == "b")}}})
    gone = calls("DELETE", f"{CONFIGS}?labelSelector=keep%21%3DTrue").body
    assert [item["metadata"]["name"] for item in gone["items"]] == ["a", "c"]
    assert [item["metadata"]["name"] for item in calls("GET", CONFIGS).body["items"]] == ["b"]


def test_a_namespace_goes_with_all_that_is_in_it(calls: PureCalls) -> None:
    calls("POST", "/api/v1/namespaces", {"metadata": {"name": "shop"}})
    calls("POST", "/apis/apps/v1/namespaces/shop/deployments", deployment())
    calls.advance(5)
    assert calls("DELETE", "/api/v1/namespaces/shop").body["status"]["phase"] == "Terminating"
    refused = calls("POST", "/api/v1/namespaces/shop/configmaps", {"metadata": {"name": "a"}})
    assert (refused.status, "is being terminated" in refused.message) == (403, True)
    calls.advance(120)
    assert calls("GET", "/api/v1/namespaces/shop").status == 404
    assert calls("GET", "/api/v1/namespaces/shop/pods").body["items"] == []


def test_the_scale_of_a_deployment(calls: PureCalls) -> None:
    created(calls)
    calls.advance(5)
    scale = calls("GET", f"{WEB}/scale").body
    assert (scale["kind"], scale["spec"], scale["status"]) == (
        "Scale",
        {"replicas": 2},
        {"replicas": 2, "selector": "app=web"},
    )
    scale["spec"]["replicas"] = 4
    assert calls("PUT", f"{WEB}/scale", scale).body["spec"] == {"replicas": 4}
    assert calls("PUT", f"{WEB}/scale", scale).status == 409
    assert calls("GET", WEB).body["metadata"]["generation"] == 2


@pytest.mark.parametrize(("replicas", "status"), [(-1, 422), ("x", 400), (True, 400)])
def test_scales_that_make_no_sense(calls: PureCalls, replicas: Any, status: int) -> None:
    created(calls)
    assert calls("PATCH", f"{WEB}/scale", {"spec": {"replicas": replicas}}, MERGE).status == status


def test_a_custom_resource_is_served_when_it_is_defined(calls: PureCalls) -> None:
    assert calls("POST", WIDGETS, WIDGET).status == 404
    define_widgets(calls)
    assert calls("POST", WIDGETS, WIDGET).status == 201
    assert calls("GET", "/apis/example.com/v1").body["resources"][0]["name"] == "widgets"
    conditions = calls("GET", f"{DEFINITIONS}/widgets.example.com").body["status"]["conditions"]
    assert {condition["type"] for condition in conditions} == {"NamesAccepted", "Established"}


def test_a_definition_takes_its_objects_along(calls: PureCalls) -> None:
    define_widgets(calls)
    calls("POST", WIDGETS, WIDGET)
    calls("DELETE", f"{DEFINITIONS}/widgets.example.com")
    assert calls("GET", WIDGETS).status == 404
    define_widgets(calls)
    assert calls("GET", WIDGETS).body["items"] == []


@pytest.mark.parametrize(
    ("spec", "field"),
    [({}, "spec.size"), ({"size": 0}, "spec.size"), ({"size": 1, "colour": "green"}, "spec.colour")],
)
def test_a_custom_resource_is_held_to_its_schema(calls: PureCalls, spec: Json, field: str) -> None:
    define_widgets(calls)
    assert calls("POST", WIDGETS, {**WIDGET, "spec": spec}).fields == [field]


def test_a_custom_resource_is_pruned(calls: PureCalls) -> None:
    define_widgets(calls)
    made = calls("POST", WIDGETS, {**WIDGET, "spec": {"size": 1, "taste": "sour"}}).body
    assert made["spec"] == {"size": 1}
    free = {"status": {"anything": {"goes": [1]}}}
    assert calls("PATCH", f"{WIDGETS}/one/status", free, MERGE).body["status"] == free["status"]


def test_a_custom_resource_scales(calls: PureCalls) -> None:
    define_widgets(calls)
    calls("POST", WIDGETS, WIDGET)
    assert calls("PATCH", f"{WIDGETS}/one/scale", {"spec": {"replicas": 4}}, MERGE).body["spec"] == {"replicas": 4}
    assert calls("GET", f"{WIDGETS}/one").body["spec"] == {"size": 3, "replicas": 4}


@pytest.mark.parametrize(
    ("change", "field"),
    [({"metadata": {"name": "wrong.example.com"}}, "metadata.name"), ({"spec": {"versions": []}}, "spec.versions")],
)
def test_definitions_that_are_invalid(calls: PureCalls, change: Json, field: str) -> None:
    changed = {**DEFINITION, **{name: {**DEFINITION[name], **value} for name, value in change.items()}}
    assert calls("POST", DEFINITIONS, changed).fields == [field]
