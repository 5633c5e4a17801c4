"""Pods that the controller would leave stuck are deleted after a restore: exactly these, and only as they were read."""

import copy
from typing import Any

import pytest

from chaosimagecorrupt.errors import ClusterError
from chaosimagecorrupt.record.annotations import LABEL, LABEL_VALUE
from chaosimagecorrupt.record.entry import Entry
from chaosimagecorrupt.record.snapshot import Snapshot
from chaosimagecorrupt.restore.clean_up import clean_up
from chaosimagecorrupt.restore.stuck_pods import delete_stuck_pods

from ..recorded import Moment, at
from ..recorded_cluster import RecordedCluster
from ..simulated_cluster import CORRUPT, IMAGE

Object = Any

RESTORED = at("sts-rolling", 30.0)


def restored(name: str = "sts-rolling", t: float = 30.0) -> Moment:
    return copy.deepcopy(at(name, t))


def stuck_of(moment: Moment) -> Object:
    (pod,) = [p for p in moment.pods if p["status"]["phase"] == "Pending"]
    return pod


def delete(cluster: RecordedCluster, *known: Entry) -> list[str]:
    return delete_stuck_pods(cluster.target, Snapshot(cluster.moment.deployment), known)


def test_the_stuck_pod_of_an_ordered_stateful_set_is_deleted_as_it_was_read() -> None:
    cluster = RecordedCluster(restored())
    assert delete(cluster) == []
    assert cluster.deleted == ["web-2"]
    metadata = stuck_of(cluster.moment)["metadata"]
    assert cluster.preconditions == [{k: metadata[k] for k in ("uid", "resourceVersion")}]


def test_with_on_delete_only_the_pod_that_came_back_corrupt_is_deleted() -> None:
    cluster = RecordedCluster(restored("sts-ondelete"))
    assert delete(cluster) == []
    assert cluster.deleted == ["web-1"]


def test_where_the_controller_replaces_it_nothing_is_read_or_deleted() -> None:
    cluster = RecordedCluster(restored("ds-rolling", 19.99))
    cluster.answers = {"": 500}
    assert delete(cluster) == []


def test_a_stuck_pod_is_deleted_with_parallel_too_where_a_raised_partition_would_keep_it() -> None:
    moment = restored()
    spec: Object = moment.deployment["spec"]
    spec |= {"podManagementPolicy": "Parallel", "updateStrategy": {"rollingUpdate": {"partition": 3}}}
    cluster = RecordedCluster(moment)
    assert (delete(cluster), cluster.deleted) == ([], ["web-2"])


def test_a_pod_that_started_stays() -> None:
    cluster = RecordedCluster(restored())
    stuck_of(cluster.moment)["status"]["phase"] = "Running"
    assert (delete(cluster), cluster.deleted) == ([], [])


def test_a_pod_that_is_being_deleted_already_is_left_to_that() -> None:
    cluster = RecordedCluster(restored())
    stuck_of(cluster.moment)["metadata"]["deletionTimestamp"] = "2026-11-25T19:10:52Z"
    assert (delete(cluster), cluster.deleted) == ([], [])


def test_a_pod_of_another_owner_stays() -> None:
    cluster = RecordedCluster(restored())
    stuck_of(cluster.moment)["metadata"]["ownerReferences"][0]["uid"] = "another"
    assert (delete(cluster), cluster.deleted) == ([], [])


def test_a_pod_that_has_not_failed_yet_is_a_warning_with_the_command() -> None:
    cluster = RecordedCluster(restored())
    stuck_of(cluster.moment)["status"]["containerStatuses"][0]["state"] = {"waiting": {"reason": "ContainerCreating"}}
    (warning,) = delete(cluster)
    assert "has neither started nor failed" in warning and "`kubectl delete pod web-2 -n " in warning
    assert cluster.deleted == []


def test_a_pod_that_no_node_takes_is_deleted_too() -> None:
    cluster = RecordedCluster(restored())
    reason = {"type": "PodScheduled", "status": "False", "reason": "Unschedulable"}
    stuck_of(cluster.moment)["status"] = {"phase": "Pending", "conditions": [reason]}
    assert (delete(cluster), cluster.deleted) == ([], ["web-2"])


def test_a_pod_that_changed_meanwhile_is_not_deleted_and_is_a_warning_when_no_newer_version_comes() -> None:
    cluster = RecordedCluster(restored(), answers={"delete pods": 409})
    assert len(delete(cluster)) == 1


def test_while_another_fault_is_recorded_nothing_is_deleted() -> None:
    cluster = RecordedCluster(copy.deepcopy(at("sts-rolling", 19.0)))
    assert (delete(cluster), cluster.deleted) == ([], [])


def test_without_copies_of_the_record_what_the_caller_knows_tells_the_corrupt_revision() -> None:
    cluster = RecordedCluster(restored())
    for revision in cluster.moment.replica_sets:
        revision["metadata"]["annotations"] = {}
        container = revision["data"]["spec"]["template"]["spec"]["containers"][0]
        container["image"] = container["image"].replace(CORRUPT, "registry.example/other:1")
    assert (delete(cluster), cluster.deleted) == ([], [])
    assert delete(cluster, Entry("app", IMAGE, "registry.example/other:1", "1")) == []
    assert cluster.deleted == ["web-2"]


def test_what_the_role_does_not_allow_is_a_warning() -> None:
    (warning,) = delete(RecordedCluster(restored(), answers={"list pods": 403}))
    assert warning.startswith("pods may be stuck that the StatefulSet does not replace by itself; ")


def test_a_pod_that_the_role_does_not_let_us_delete_is_a_warning_with_the_command() -> None:
    (warning,) = delete(RecordedCluster(restored(), answers={"delete pods": 403}))
    assert warning.startswith("pod web-2 has the corrupt image and never started, and the StatefulSet does not ")
    assert "`kubectl delete pod web-2 -n " in warning and "so it is told" in warning


def test_a_transient_error_is_left_to_the_next_attempt() -> None:
    cluster = RecordedCluster(restored(), answers={"list pods": 503})
    with pytest.raises(ClusterError):
        delete(cluster)


@pytest.mark.parametrize(("answers", "removed"), [({}, [{LABEL: None}]), ({"delete pods": 403}, [])])
def test_the_label_by_which_a_sweep_finds_it_stays_while_a_pod_is_stuck(
    answers: dict[str, int], removed: list[Object]
) -> None:
    cluster = RecordedCluster(restored(), answers=answers)
    labels: Object = {LABEL: LABEL_VALUE}
    cluster.moment.deployment["metadata"]["labels"] = labels
    clean_up(cluster.target, [], clean_history=False)
    assert [each["metadata"]["labels"] for each in cluster.patches if isinstance(each, dict)] == removed
