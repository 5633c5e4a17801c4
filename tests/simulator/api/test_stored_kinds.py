"""Kinds that are validated, stored and shown, and that no controller acts on."""

import pytest

from chaosimagecorrupt.simulator.types import Object

from ..calls import APPLY, MERGE, PureCalls
from .stored_kinds import POD, SPECS, collection, made

KINDS = sorted(SPECS)
TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io"


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_stored_is_read_again_and_nothing_follows(calls: PureCalls, kind: str) -> None:
    stored = made(calls, kind)
    calls.advance(3600)
    read = calls("GET", f"{collection(kind)}/one").body
    assert (stored.status, read) == (201, stored.body)
    assert calls("GET", "/api/v1/namespaces/default/pods").body["items"] == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_field_that_does_not_exist_is_dropped_with_a_warning(calls: PureCalls, kind: str) -> None:
    answer = made(calls, kind, colour="red")
    assert ("colour" in answer.body["spec"], 'unknown field \\"spec.colour\\"' in answer.headers["Warning"]) == (
        False,
        True,
    )


@pytest.mark.parametrize("kind", KINDS)
def test_applying_the_same_again_changes_nothing(calls: PureCalls, kind: str) -> None:
    made(calls, kind)
    live = calls("GET", f"{collection(kind)}/one").body
    body = {**{name: live[name] for name in ("apiVersion", "kind")}, "metadata": {"name": "two"}, "spec": SPECS[kind]}
    first, again = (calls("PATCH", f"{collection(kind)}/two?fieldManager=me", body, APPLY) for _ in range(2))
    assert (first.status, again.status, again.body) == (201, 200, first.body)


@pytest.mark.parametrize("kind", KINDS)
def test_a_dry_run_stores_nothing(calls: PureCalls, kind: str) -> None:
    body = {"metadata": {"name": "one"}, "spec": SPECS[kind]}
    assert calls("POST", f"{collection(kind)}?dryRun=All", body).status == 201
    assert calls("GET", f"{collection(kind)}/one").status == 404


@pytest.mark.parametrize("kind", KINDS)
def test_deleted_objects_are_gone(calls: PureCalls, kind: str) -> None:
    made(calls, kind)
    assert calls("DELETE", f"{collection(kind)}/one").status == 200
    assert calls("GET", collection(kind)).body["items"] == []


@pytest.mark.parametrize("kind", KINDS)
def test_the_columns_are_those_of_the_kind(calls: PureCalls, kind: str) -> None:
    made(calls, kind)
    table = calls("GET", collection(kind), accept=TABLE).body
    assert len(table["columnDefinitions"]) > 2
    assert table["rows"][0]["cells"][0] == "one"


def test_the_status_is_written_through_its_subresource(calls: PureCalls) -> None:
    made(calls, "batch/v1/jobs")
    path = f"{collection('batch/v1/jobs')}/one"
    calls("PATCH", path, {"status": {"succeeded": 1}}, MERGE)
    assert calls("GET", path).body["status"] == {}
    calls("PATCH", f"{path}/status", {"status": {"succeeded": 1}}, MERGE)
    assert calls("GET", path).body["status"] == {"succeeded": 1}


@pytest.mark.parametrize(
    ("kind", "changes", "field"),
    [
        (
            "batch/v1/jobs",
            {"template": {"spec": {**POD, "restartPolicy": "Always"}}},
            "spec.template.spec.restartPolicy",
        ),
        ("batch/v1/jobs", {"template": {"spec": {"restartPolicy": "Never"}}}, "spec.template.spec.containers"),
        ("batch/v1/jobs", {"backoffLimit": -1}, "spec.backoffLimit"),
        ("batch/v1/cronjobs", {"schedule": ""}, "spec.schedule"),
        ("batch/v1/cronjobs", {"schedule": "* * *"}, "spec.schedule"),
        ("batch/v1/cronjobs", {"schedule": "* * ! * *"}, "spec.schedule"),
        ("batch/v1/cronjobs", {"schedule": "@fortnightly"}, "spec.schedule"),
        ("batch/v1/cronjobs", {"concurrencyPolicy": "Never"}, "spec.concurrencyPolicy"),
        ("policy/v1/poddisruptionbudgets", {"maxUnavailable": 1}, "spec"),
        ("policy/v1/poddisruptionbudgets", {"minAvailable": "some"}, "spec.minAvailable"),
        ("autoscaling/v2/horizontalpodautoscalers", {"maxReplicas": 0}, "spec.maxReplicas"),
        ("autoscaling/v2/horizontalpodautoscalers", {"minReplicas": 4}, "spec.maxReplicas"),
        ("autoscaling/v2/horizontalpodautoscalers", {"minReplicas": 0}, "spec.minReplicas"),
        ("autoscaling/v2/horizontalpodautoscalers", {"scaleTargetRef": {"name": "a"}}, "spec.scaleTargetRef.kind"),
        ("v1/persistentvolumeclaims", {"accessModes": []}, "spec.accessModes"),
        ("v1/persistentvolumeclaims", {"resources": {}}, "spec.resources[storage]"),
        ("networking.k8s.io/v1/networkpolicies", {"policyTypes": ["Sideways"]}, "spec.policyTypes[0]"),
    ],
)
def test_what_is_invalid_is_refused(calls: PureCalls, kind: str, changes: Object, field: str) -> None:
    refused = made(calls, kind, **changes)
    assert (refused.status, refused.fields) == (422, [field])


def test_a_claim_can_only_grow(calls: PureCalls) -> None:
    made(calls, "v1/persistentvolumeclaims")
    path = f"{collection('v1/persistentvolumeclaims')}/one"
    more = {"spec": {"resources": {"requests": {"storage": "2Gi"}}}}
    assert calls("PATCH", path, more, MERGE).status == 200
    assert calls("PATCH", path, {"spec": {"accessModes": ["ReadWriteMany"]}}, MERGE).fields == ["spec"]
