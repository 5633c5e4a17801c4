"""Validation of Deployments, ReplicaSets, Jobs and CronJobs."""

import pytest

from chaosimagecorrupt.simulator.types import Object

from ..calls import DEPLOYMENTS, MERGE, PureCalls, created, with_template
from .stored_kinds import collection, made


@pytest.mark.parametrize("schedule", ["0 3 * * MON-FRI", "1,2 */4 1-5 * ?", "@hourly", "@every 5m"])
def test_schedules(calls: PureCalls, schedule: str) -> None:
    assert made(calls, "batch/v1/cronjobs", schedule=schedule).status == 201


def test_a_jobs_template_is_final(calls: PureCalls) -> None:
    made(calls, "batch/v1/jobs")
    template = {"spec": {"template": {"spec": {"activeDeadlineSeconds": 5}}}}
    refused = calls("PATCH", f"{collection('batch/v1/jobs')}/one", template, MERGE)
    assert (refused.status, refused.fields) == (422, ["spec.template"])


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
def test_deployments_that_are_invalid(calls: PureCalls, spec: Object, fields: list[str]) -> None:
    answer = created(calls, **spec)
    assert (answer.status, answer.body["reason"], answer.fields) == (422, "Invalid", fields)


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
def test_templates_that_are_invalid(calls: PureCalls, spec: Object, fields: list[str]) -> None:
    answer = calls("POST", DEPLOYMENTS, with_template(**spec))
    assert (answer.status, answer.fields) == (422, [f"spec.template.spec.{field}" for field in fields])
