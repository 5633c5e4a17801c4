"""Kinds that are validated, stored and shown, and that no controller acts on."""

import copy
from typing import Any

import pytest

from chaosimagecorrupt.simulator.api.columns import BUILTIN_COLUMNS
from chaosimagecorrupt.simulator.types import Json

from ..calls import APPLY, MERGE, PureCalls

POD = {"restartPolicy": "Never", "containers": [{"name": "app", "image": "example.org/app:v1"}]}
JOB_SPEC: Json = {"template": {"metadata": {"labels": {"app": "once"}}, "spec": POD}}
TARGET = {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"}
SPECS: dict[str, Json] = {
    "batch/v1/cronjobs": {"schedule": "*/5 * * * *", "jobTemplate": {"spec": JOB_SPEC}},
    "batch/v1/jobs": JOB_SPEC,
    "policy/v1/poddisruptionbudgets": {"minAvailable": 1, "selector": {"matchLabels": {"app": "web"}}},
    "autoscaling/v2/horizontalpodautoscalers": {"maxReplicas": 3, "scaleTargetRef": TARGET},
    "v1/persistentvolumeclaims": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}},
    "networking.k8s.io/v1/networkpolicies": {"podSelector": {"matchLabels": {"app": "web"}}},
}
KINDS = sorted(SPECS)
TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io"


def collection(kind: str) -> str:
    version, plural = kind.rsplit("/", 1)
    return f"/{'apis' if '/' in version else 'api'}/{version}/namespaces/default/{plural}"


def made(calls: PureCalls, kind: str, **changes: Any) -> Any:
    body = {"metadata": {"name": "one"}, "spec": {**copy.deepcopy(SPECS[kind]), **changes}}
    return calls("POST", collection(kind), body)


@pytest.fixture
def calls() -> PureCalls:
    return PureCalls()


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
def test_what_is_invalid_is_refused(calls: PureCalls, kind: str, changes: Json, field: str) -> None:
    refused = made(calls, kind, **changes)
    assert (refused.status, refused.fields) == (422, [field])


@pytest.mark.parametrize("schedule", ["0 3 * * MON-FRI", "1,2 */4 1-5 * ?", "@hourly", "@every 5m"])
def test_schedules(calls: PureCalls, schedule: str) -> None:
    assert made(calls, "batch/v1/cronjobs", schedule=schedule).status == 201


def test_a_jobs_template_is_final(calls: PureCalls) -> None:
    made(calls, "batch/v1/jobs")
    template = {"spec": {"template": {"spec": {"activeDeadlineSeconds": 5}}}}
    refused = calls("PATCH", f"{collection('batch/v1/jobs')}/one", template, MERGE)
    assert (refused.status, refused.fields) == (422, ["spec.template"])


def test_a_claim_can_only_grow(calls: PureCalls) -> None:
    made(calls, "v1/persistentvolumeclaims")
    path = f"{collection('v1/persistentvolumeclaims')}/one"
    more = {"spec": {"resources": {"requests": {"storage": "2Gi"}}}}
    assert calls("PATCH", path, more, MERGE).status == 200
    assert calls("PATCH", path, {"spec": {"accessModes": ["ReadWriteMany"]}}, MERGE).fields == ["spec"]


def cell(resource: str, name: str, **obj: Any) -> Any:
    column = next(column for column in BUILTIN_COLUMNS[resource] if column.name == name)
    return column.show({"metadata": {}, "spec": {}, **obj}, 200.0)


@pytest.mark.parametrize(
    ("conditions", "metadata", "shown"),
    [
        ([], {}, "Running"),
        ([{"type": "Complete", "status": "True"}], {}, "Complete"),
        ([{"type": "Failed", "status": "True"}, {"type": "FailureTarget", "status": "True"}], {}, "Failed"),
        ([{"type": "Complete", "status": "False"}], {}, "Running"),
        ([{"type": "Suspended", "status": "True"}], {}, "Suspended"),
        ([], {"deletionTimestamp": "2026-01-01T00:00:00Z"}, "Terminating"),
    ],
)
def test_the_status_of_a_job(conditions: list[Json], metadata: Json, shown: str) -> None:
    assert cell("jobs.batch", "Status", metadata=metadata, status={"conditions": conditions}) == shown


def test_the_completions_of_a_job() -> None:
    status = {"succeeded": 2}
    assert cell("jobs.batch", "Completions", spec={"completions": 3}, status=status) == "2/3"
    assert cell("jobs.batch", "Completions", spec={"parallelism": 1}) == "0/1"
    assert cell("jobs.batch", "Completions", spec={"parallelism": 4}, status=status) == "2/1 of 4"


def test_how_long_a_job_ran() -> None:
    started = {"startTime": "1970-01-01T00:00:20Z"}
    assert cell("jobs.batch", "Duration") == ""
    assert cell("jobs.batch", "Duration", status=started) == "3m"
    assert cell("jobs.batch", "Duration", status={**started, "completionTime": "1970-01-01T00:00:50Z"}) == "30s"


def test_when_a_cron_job_was_scheduled() -> None:
    status = {"lastScheduleTime": "1970-01-01T00:02:20Z", "active": [{}]}
    assert cell("cronjobs.batch", "Last Schedule", status=status) == "60s"
    assert cell("cronjobs.batch", "Last Schedule") == "<none>"
    assert cell("cronjobs.batch", "Active", status=status) == 1


def test_what_a_claim_was_given() -> None:
    status = {"accessModes": ["ReadWriteMany", "ReadWriteOnce"], "capacity": {"storage": "1Gi"}}
    assert cell("persistentvolumeclaims", "Access Modes", status=status) == "RWO,RWX"
    assert cell("persistentvolumeclaims", "Capacity", status=status) == "1Gi"


CPU = {"type": "Resource", "resource": {"name": "cpu", "target": {"averageUtilization": 80}}}
MEMORY = {"type": "Resource", "resource": {"name": "memory", "target": {"averageValue": "1Gi"}}}
QUEUE = {"type": "External", "external": {"target": {"averageValue": "30"}}}
RATE = {"type": "Pods", "pods": {"target": {"averageValue": "5"}}}
DEPTH = {"type": "Object", "object": {"target": {"value": "2k"}}}


@pytest.mark.parametrize(
    ("metrics", "seen", "shown"),
    [
        ([], [], "<none>"),
        ([CPU], [], "cpu: <unknown>/80%"),
        ([CPU], [{"resource": {"current": {"averageUtilization": 0}}}], "cpu: 0%/80%"),
        ([MEMORY], [{"resource": {"current": {"averageValue": "9Mi"}}}], "memory: 9Mi/1Gi"),
        ([QUEUE, DEPTH], [{"external": {"current": {"averageValue": "7"}}}], "7/30 (avg), <unknown>/2k"),
        ([RATE, CPU, MEMORY], [], "<unknown>/5, cpu: <unknown>/80% + 1 more..."),
    ],
)
def test_the_targets_of_an_autoscaler(metrics: list[Json], seen: list[Json], shown: str) -> None:
    told = cell(
        "horizontalpodautoscalers.autoscaling", "Targets", spec={"metrics": metrics}, status={"currentMetrics": seen}
    )
    assert told == shown
