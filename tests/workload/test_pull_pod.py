"""The pod that shows whether an image can be pulled: what it takes over, and what its status says."""

from typing import Any

import pytest

from chaosimagecorrupt.kube.labels import selects
from chaosimagecorrupt.workload.pull_pod import PULL_CHECK, PullOutcome, is_left_over, pull_pod, pull_state

IMAGE = "quay.io/shop/app:v1"
LABELS = {"app": "web"}

Object = Any


def deployment(name: str = "web", **pod: Any) -> Object:
    spec = {"containers": [{"name": "app", "image": IMAGE, "ports": [{"containerPort": 80}]}], **pod}
    template = {"metadata": {"labels": LABELS, "annotations": {"sidecar": "yes"}}, "spec": spec}
    return {
        "metadata": {"name": name, "namespace": "shop", "uid": "u-1"},
        "spec": {"selector": {"matchLabels": LABELS}, "template": template},
    }


def made_of(found: Object, **resources: Any) -> Object:
    return pull_pod(found, "app", IMAGE, unique="0a1b", deadline=150, resources=resources)


def test_it_pulls_as_the_pods_of_the_deployment_do() -> None:
    kept: Object = {
        "imagePullSecrets": [{"name": "quay"}],
        "serviceAccountName": "web",
        "nodeName": "node1",
        "nodeSelector": {"zone": "a"},
        "tolerations": [{"key": "gpu", "operator": "Exists"}],
        "runtimeClassName": "kata",
        "affinity": {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": []}}},
    }
    spec = made_of(deployment(**kept))["spec"]
    assert {key: spec[key] for key in kept} == kept
    assert [(c["name"], c["image"], c["imagePullPolicy"]) for c in spec["containers"]] == [("app", IMAGE, "Always")]


def test_nothing_else_of_the_workload_comes_along() -> None:
    left_out: Object = {
        "hostNetwork": True,
        "hostPID": True,
        "volumes": [{"name": "data", "persistentVolumeClaim": {"claimName": "data"}}],
        "initContainers": [{"name": "migrate", "image": IMAGE}],
        "priorityClassName": "system-cluster-critical",
        "topologySpreadConstraints": [{"maxSkew": 1}],
        "affinity": {"podAntiAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": []}},
        "dnsPolicy": "Default",
    }
    spec = made_of(deployment(**left_out))["spec"]
    assert not set(left_out) & set(spec)
    assert set(spec["containers"][0]) == {
        *("name", "image", "imagePullPolicy", "command", "securityContext", "resources")
    }


def test_no_selector_of_the_workload_matches_it() -> None:
    found = deployment()
    metadata = made_of(found)["metadata"]
    assert metadata["labels"] == {PULL_CHECK: "u-1"} and "annotations" not in metadata
    assert not selects(found["spec"]["selector"], metadata["labels"])


@pytest.mark.parametrize("kind", ["Deployment", "StatefulSet", "DaemonSet"])
def test_it_ends_whatever_becomes_of_its_process_and_its_owner_is_the_workload(kind: str) -> None:
    pod = made_of({"kind": kind, **deployment()})
    owner = {"apiVersion": "apps/v1", "kind": kind, "name": "web", "uid": "u-1"}
    assert pod["metadata"]["ownerReferences"] == [{**owner, "controller": False, "blockOwnerDeletion": False}]
    assert (pod["spec"]["activeDeadlineSeconds"], pod["spec"]["restartPolicy"]) == (150, "Never")


@pytest.mark.parametrize(
    ("name", "expected"),
    [("web", "web-pull-check-0a1b"), ("a" * 200, "a" * 40 + "-pull-check-0a1b"), ("a" * 39 + ".b", "a" * 39)],
)
def test_its_name_is_one_that_a_pod_and_a_host_can_have(name: str, expected: str) -> None:
    found = made_of(deployment(name))["metadata"]["name"]
    assert found.startswith(expected) and len(found) <= 63


def test_it_has_the_resources_that_it_is_given() -> None:
    assert made_of(deployment(), requests={"cpu": "10m"})["spec"]["containers"][0]["resources"] == {
        "requests": {"cpu": "10m"}
    }


def status(state: Object, phase: str = "Pending", **more: Any) -> Object:
    statuses = [{"name": "other", "state": {"running": {}}, "containerID": "containerd://2"}]
    return {"phase": phase, "containerStatuses": [*statuses, {"name": "app", "state": state, **more}]}


def waiting(reason: str, message: str = "") -> Object:
    return {"waiting": {"reason": reason, "message": message}}


def condition(type_: str, holds: bool, reason: str = "", message: str = "") -> Object:
    return {"type": type_, "status": "True" if holds else "False", "reason": reason, "message": message}


UNAUTHORIZED = "pulling from host quay.io failed with status code [manifests v1]: 401 Unauthorized"
NOT_FOUND = "failed to pull and unpack image: quay.io/shop/app:v1: not found"
START_ERROR = {"terminated": {"reason": "StartError", "exitCode": 128}}
LOST = {"terminated": {"reason": "ContainerStatusUnknown", "exitCode": 137}}
EVICTED = {"phase": "Failed", "reason": "Evicted", "message": "The node was low on resource: memory"}
UNSCHEDULABLE = condition("PodScheduled", False, "Unschedulable", "0/3 nodes are available")
SANDBOX = condition("PodReadyToStartContainers", True)


@pytest.mark.parametrize(
    ("found", "outcome", "text"),
    [
        (status(START_ERROR, "Failed", containerID="containerd://1"), PullOutcome.PULLED, "the image is pulled"),
        (status({"running": {}}, "Running", containerID="containerd://1"), PullOutcome.PULLED, "the image is pulled"),
        (status(waiting("CreateContainerConfigError", "would run as root")), PullOutcome.PULLED, "the image is pulled"),
        (status(waiting("CreateContainerError")), PullOutcome.PULLED, "the image is pulled"),
        (status(waiting("RunContainerError")), PullOutcome.PULLED, "the image is pulled"),
        (status(waiting("ErrImagePull", NOT_FOUND)), PullOutcome.FAILED, f"ErrImagePull: {NOT_FOUND}"),
        (status(waiting("ErrImagePull", UNAUTHORIZED)), PullOutcome.FAILED, f"ErrImagePull: {UNAUTHORIZED}"),
        (status(waiting("ImagePullBackOff", NOT_FOUND)), PullOutcome.FAILED, f"ImagePullBackOff: {NOT_FOUND}"),
        (status(waiting("InvalidImageName")), PullOutcome.FAILED, "InvalidImageName"),
        (status(LOST, "Failed"), PullOutcome.ENDED, "it ended"),
        (EVICTED, PullOutcome.ENDED, "Evicted: The node was low on resource: memory"),
        ({}, PullOutcome.NOT_STARTED, "the kubelet has not reported yet"),
        ({"conditions": [UNSCHEDULABLE]}, PullOutcome.NOT_STARTED, "Unschedulable: 0/3 nodes are available"),
        (status(waiting("ContainerCreating")), PullOutcome.NOT_STARTED, "ContainerCreating"),
        (
            {**status(waiting("ContainerCreating")), "conditions": [SANDBOX]},
            *(PullOutcome.PULLING, "ContainerCreating"),
        ),
    ],
)
def test_what_its_status_says(found: Object, outcome: PullOutcome, text: str) -> None:
    pod: Object = {"metadata": {"name": "one"}, "spec": {"containers": []}, "status": found}
    assert pull_state(pod, "app") == (outcome, text)


def test_a_sidecar_that_cannot_be_pulled_says_nothing() -> None:
    found = {"containerStatuses": [{"name": "proxy", "state": waiting("ErrImagePull")}]}
    pod: Object = {"metadata": {"name": "one"}, "spec": {"containers": []}, "status": found}
    assert pull_state(pod, "app").outcome is PullOutcome.NOT_STARTED


def test_a_pod_that_is_being_deleted_gives_no_answer() -> None:
    pod: Object = {"metadata": {"name": "one", "deletionTimestamp": "2026-11-26T08:00:00Z"}, "spec": {"containers": []}}
    assert pull_state(pod, "app") == (PullOutcome.ENDED, "it was deleted")


def checked(created: str, phase: str = "Pending") -> Object:
    return {
        "metadata": {"creationTimestamp": created},
        "spec": {"activeDeadlineSeconds": 150},
        "status": {"phase": phase},
    }


@pytest.mark.parametrize(
    ("pod", "left"),
    [
        (checked("2026-11-26T08:09:00Z"), False),
        (checked("2026-11-26T08:09:00Z", "Running"), False),
        (checked("2026-11-26T08:09:00Z", "Failed"), True),
        (checked("2026-11-26T08:07:29Z"), True),
        (checked("2026-11-26T08:07:31Z"), False),
    ],
    ids=["waits", "runs", "ended", "outlived its deadline", "may wait yet"],
)
def test_which_pods_of_other_checks_are_left_over(pod: Object, left: bool) -> None:
    assert is_left_over(pod, checked("2026-11-26T08:10:00Z")) is left
