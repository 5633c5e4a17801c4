"""Objects of another cluster, made ready for this one."""

import pytest

from chaosimagecorrupt.simulator.seed_objects import adopted, in_order_of_owners, is_remade, written_by_cluster
from chaosimagecorrupt.simulator.types import Object


def obj(kind: str, uid: str = "", *owners: str, **more: Object) -> Object:
    references = [{"kind": "Any", "name": "o", "uid": owner, "controller": True} for owner in owners]
    metadata = {"name": kind.lower(), **({"uid": uid} if uid else {}), "ownerReferences": references}
    return {"apiVersion": "v1", "kind": kind, "metadata": metadata, **more}


def test_what_a_cluster_wrote_has_a_uid() -> None:
    assert written_by_cluster(obj("Pod", "1"))
    assert not written_by_cluster(obj("Pod")) and not written_by_cluster({"kind": "Pod"})


@pytest.mark.parametrize(
    ("manifest", "remade"),
    [
        (obj("Pod", "1", "2"), True),
        (obj("Pod", "1"), False),
        (obj("Pod", "", "2"), False),
        (obj("Set", "1", "2"), False),
    ],
)
def test_the_pods_of_a_controller_are_made_anew(manifest: Object, remade: bool) -> None:
    assert is_remade(manifest) is remade


def test_owners_come_first_and_the_others_stay_in_their_order() -> None:
    deployment, replica_set, pod, other = obj("D", "1"), obj("R", "2", "1"), obj("P", "3", "2"), obj("O")
    assert list(in_order_of_owners([pod, replica_set, other, deployment])) == [other, deployment, replica_set, pod]
    circle = [obj("A", "1", "2"), obj("B", "2", "1")]
    assert list(in_order_of_owners(circle)) == circle


def test_what_belongs_to_the_other_cluster_is_left_out() -> None:
    pod = obj("Pod", "1", spec={"nodeName": "there", "containers": []})
    pod["metadata"] |= {"resourceVersion": "7", "managedFields": [{}], "generation": 3, "creationTimestamp": "then"}
    pod["metadata"]["labels"] = {"app": "web"}
    new = adopted(pod, {})
    assert new["metadata"] == {"name": "pod", "labels": {"app": "web"}}
    assert new["spec"] == {"containers": []}


def test_the_status_that_a_controller_computes_is_left_out_and_others_stay() -> None:
    assert "status" not in adopted(obj("Deployment", "1", status={"replicas": 2}), {})
    assert adopted(obj("Widget", "1", status={"ready": True}), {})["status"] == {"ready": True}


def test_owners_are_what_stands_for_them_here() -> None:
    new = adopted(obj("R", "2", "1", "unknown"), {"1": "here"})
    assert [each["uid"] for each in new["metadata"]["ownerReferences"]] == ["here"]
    assert "ownerReferences" not in adopted(obj("R", "2", "1"), {})["metadata"]
