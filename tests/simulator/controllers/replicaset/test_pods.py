"""A Pod from a template, and the status of a ReplicaSet."""

from typing import Any

from chaosimagecorrupt.simulator.controllers.errors import StatusError
from chaosimagecorrupt.simulator.controllers.replicaset.pods import pod_from_template, status_of
from chaosimagecorrupt.simulator.timestamps import seconds_of
from chaosimagecorrupt.simulator.types import Object

from ...controller_cluster import NS, pod_spec

READY_SINCE = "2026-01-01T00:00:00Z"
NOW = seconds_of(READY_SINCE) + 5
REFUSED = StatusError("Forbidden", "exceeded quota")


def replica_set(status: Object | None = None, template: Object | None = None, **spec: Any) -> Object:
    labels = {"labels": {"app": "web"}}
    return {
        "metadata": {"name": "web-1", "namespace": NS, "uid": "1"},
        "spec": {"replicas": 2, "template": {"metadata": template or labels, "spec": pod_spec()}, **spec},
        "status": status or {},
    }


def pod(ready: bool = True, label: str = "web") -> Object:
    condition = {"type": "Ready", "status": str(ready), "lastTransitionTime": READY_SINCE}
    return {"metadata": {"labels": {"app": label}}, "status": {"conditions": [condition]}}


def failure(reason: str = "FailedCreate", message: str = str(REFUSED)) -> Object:
    return {"type": "ReplicaFailure", "status": "True", "reason": reason, "message": message,
            "lastTransitionTime": "2026-01-01T00:00:05Z"}  # fmt: skip


def test_a_pod_takes_what_its_template_says() -> None:
    template = {"labels": {"app": "web"}, "annotations": {"team": "a"}, "finalizers": ["example.com/wait"]}
    made = pod_from_template(replica_set(template=template), "abcde")
    assert made["spec"] == pod_spec()
    assert {**made["metadata"], "ownerReferences": None} == {
        **template,
        "name": "web-1-abcde",
        "generateName": "web-1-",
        "namespace": NS,
        "ownerReferences": None,
    }
    (owner,) = made["metadata"]["ownerReferences"]
    assert (owner["kind"], owner["uid"], owner["controller"]) == ("ReplicaSet", "1", True)


def test_counts() -> None:
    pods = [pod(), pod(ready=False), pod(label="debug")]
    assert status_of(replica_set(), pods, 4, None, NOW) == {
        "replicas": 3,
        "fullyLabeledReplicas": 2,
        "readyReplicas": 2,
        "availableReplicas": 2,
        "terminatingReplicas": 4,
    }


def test_a_ready_pod_is_available_after_min_ready_seconds() -> None:
    for seconds, available in ((5, 1), (6, None)):
        status = status_of(replica_set(minReadySeconds=seconds), [pod()], 0, None, NOW)
        assert (status["readyReplicas"], status.get("availableReplicas")) == (1, available)


def test_without_pods_only_the_numbers_that_are_always_there() -> None:
    assert status_of(replica_set(), [], 0, None, NOW) == {"replicas": 0, "terminatingReplicas": 0}


def test_a_failure_says_whether_pods_could_not_be_created_or_deleted() -> None:
    for pods, reason in (([pod()], "FailedCreate"), ([pod()] * 3, "FailedDelete")):
        assert status_of(replica_set(), pods, 0, REFUSED, NOW)["conditions"] == [failure(reason)]


def test_the_first_failure_stays_until_it_is_over() -> None:
    other = {"type": "Other", "status": "True"}
    failing = replica_set({"conditions": [failure(message="an earlier one"), other]})
    assert status_of(failing, [], 0, REFUSED, NOW)["conditions"] == failing["status"]["conditions"]
    assert status_of(failing, [], 0, None, NOW)["conditions"] == [other]
