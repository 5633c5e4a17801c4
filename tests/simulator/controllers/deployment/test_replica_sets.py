"""Which ReplicaSet belongs to which template and revision."""

from chaosimagecorrupt.simulator.controllers.deployment.replica_sets import (
    find_new,
    new_replica_set,
    with_revision_annotations,
)
from chaosimagecorrupt.simulator.types import Object

from ...controller_cluster import BAD, GOOD, deployment, pod_spec


def with_uid(obj: Object) -> Object:
    return {**obj, "metadata": {**obj["metadata"], "uid": "1"}}


def test_the_same_template_has_the_same_hash_and_another_one_another() -> None:
    names = [new_replica_set(with_uid(deployment(pod=pod_spec(image))), [])["metadata"]["name"] for image in "aab"]
    assert names[0] == names[1] != names[2]


def test_the_replica_set_of_a_template_is_found_whatever_its_hash_label() -> None:
    obj = with_uid(deployment())
    made = new_replica_set(obj, [])
    made["metadata"]["creationTimestamp"] = "2026-01-01T00:00:00Z"
    other = new_replica_set(with_uid(deployment(pod=pod_spec(BAD))), [])
    other["metadata"]["creationTimestamp"] = "2025-01-01T00:00:00Z"
    assert find_new(obj, [other, made]) is made
    assert find_new(with_uid(deployment(pod=pod_spec("quay.io/other"))), [other, made]) is None


def test_annotations_of_the_deployment_are_added_never_removed() -> None:
    obj = with_uid(deployment())
    obj["metadata"]["annotations"] = {"team": "a", "kubectl.kubernetes.io/last-applied-configuration": "{}"}
    made = new_replica_set(obj, [])
    obj["metadata"]["annotations"] = {"other": "b"}
    annotations = with_revision_annotations(obj, made, 1)["metadata"]["annotations"]
    assert annotations == {
        "team": "a",
        "other": "b",
        "deployment.kubernetes.io/revision": "1",
        "deployment.kubernetes.io/desired-replicas": "2",
        "deployment.kubernetes.io/max-replicas": "3",
    }


def test_a_replica_set_that_comes_back_remembers_its_former_revisions() -> None:
    obj = with_uid(deployment())
    made = new_replica_set(obj, [])
    for revision in (3, 7):
        made = with_revision_annotations(obj, made, revision)
    annotations = made["metadata"]["annotations"]
    assert annotations["deployment.kubernetes.io/revision"] == "7"
    assert annotations["deployment.kubernetes.io/revision-history"] == "1,3"
    assert with_revision_annotations(obj, made, 7) is made


def test_the_history_of_revisions_drops_the_oldest_when_it_gets_long() -> None:
    obj = with_uid(deployment())
    made = new_replica_set(obj, [])
    for revision in range(2, 1000):
        made = with_revision_annotations(obj, made, revision)
    history = made["metadata"]["annotations"]["deployment.kubernetes.io/revision-history"]
    assert len(history) <= 2000 and history.endswith(",998") and not history.startswith("1,")


def test_the_names_of_replica_sets_are_labels() -> None:
    name = new_replica_set(with_uid(deployment(pod=pod_spec(GOOD))), [])["metadata"]["name"]
    assert name.startswith("web-") and set(name[4:]) <= set("bcdfghjklmnpqrstvwxz2456789")
