"""Objects that match are adopted, and those that do not are released."""

import pytest

from chaosimagecorrupt.simulator.controllers.controller_ref import is_up_for_adoption, owner_reference
from chaosimagecorrupt.simulator.types import Object

from ..controller_cluster import DEPLOYMENTS, GOOD, NS, PODS, ControllerCluster, deployment, pod_spec


def test_an_orphaned_replica_set_is_adopted(web: ControllerCluster) -> None:
    pods = [pod["metadata"]["uid"] for pod in web.pods()]
    web.delete(DEPLOYMENTS, "web", policy="orphan")
    assert not web.sets()[GOOD]["metadata"].get("ownerReferences")
    web.create(deployment())
    owner = web.sets()[GOOD]["metadata"]["ownerReferences"][0]
    assert owner["uid"] == web.deployment()["metadata"]["uid"]
    assert [pod["metadata"]["uid"] for pod in web.pods()] == pods


def test_an_orphaned_pod_that_matches_is_adopted_and_counted(web: ControllerCluster) -> None:
    template = web.sets()[GOOD]["spec"]["template"]
    pod = {"metadata": {"name": "stray", "namespace": NS, "labels": template["metadata"]["labels"]}, "spec": pod_spec()}
    web.create(pod, PODS)
    # one too many now: it, as the youngest, or another one has to go
    assert len(web.pods()) == 2
    assert all(pod["metadata"]["ownerReferences"] for pod in web.pods())


def test_a_pod_that_does_not_match_any_more_is_let_go_and_replaced(web: ControllerCluster) -> None:
    name = web.pods()[0]["metadata"]["name"]
    web.client.patch(PODS, NS, name, lambda pod: {**pod, "metadata": {**pod["metadata"], "labels": {"app": "debug"}}})
    web.clock.advance(5)
    assert len(web.pods()) == 3
    assert not web.client.get(PODS, NS, name)["metadata"].get("ownerReferences")


OWNER = owner_reference("ReplicaSet", {"name": "web-1", "uid": "1"})


def pod(label: str = "web", **metadata: object) -> Object:
    return {"metadata": {"labels": {"app": label}, **metadata}}


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (None, pod(), True),
        (pod(label="other"), pod(), True),
        (pod(ownerReferences=[OWNER]), pod(), True),
        (pod(), pod(), False),
        (pod(), None, False),
        (None, pod(ownerReferences=[OWNER]), False),
        (None, pod(deletionTimestamp="2026-01-01T00:00:00Z"), False),
    ],
    ids=["new", "other labels", "released", "unchanged", "gone", "owned", "terminating"],
)
def test_which_changes_make_an_object_one_to_adopt(old: Object | None, new: Object | None, expected: bool) -> None:
    assert is_up_for_adoption(old, new) is expected


def test_a_pod_that_is_being_deleted_is_not_adopted(web: ControllerCluster) -> None:
    labels = web.sets()[GOOD]["spec"]["template"]["metadata"]["labels"]
    metadata = {"name": "stray", "namespace": NS, "labels": labels, "finalizers": ["example.com/wait"]}
    web.client.create(PODS, {"metadata": metadata, "spec": pod_spec()})
    web.delete(PODS, "stray")
    stray = web.client.get(PODS, NS, "stray")["metadata"]
    assert "deletionTimestamp" in stray and not stray.get("ownerReferences")


def test_a_pod_in_another_namespace_is_not_adopted(web: ControllerCluster) -> None:
    labels = web.sets()[GOOD]["spec"]["template"]["metadata"]["labels"]
    web.create({"metadata": {"name": "stray", "namespace": "other", "labels": labels}, "spec": pod_spec()}, PODS)
    assert not web.client.get(PODS, "other", "stray")["metadata"].get("ownerReferences")
