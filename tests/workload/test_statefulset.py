"""StatefulSets, as a real cluster has them in each of the recordings."""

import copy
from typing import Any

import pytest

from chaosimagecorrupt.workload.kind import RollingSettings, WorkloadCounts
from chaosimagecorrupt.workload.rollout_text import rollout_text
from chaosimagecorrupt.workload.statefulset import STATEFUL_SET

from ..recorded import Moment, at, flips

Object = Any

STEADY, STUCK, RESTORED = 4.0, 19.0, 30.0


def stateful_set(**spec: Any) -> Object:
    """Return one of 3 pods whose rollout is complete."""
    found = copy.deepcopy(at("sts-rolling", STEADY).deployment)
    found["spec"].update(spec)
    return found


def revisions(moment: Moment) -> list[Object]:
    return [STATEFUL_SET.as_revision(found) for found in moment.replica_sets]


def corrupt(moment: Moment) -> Object:
    (found,) = [r for r in revisions(moment) if r["metadata"]["name"] == "web-8494dc646f"]
    return found


def recovered(moment: Moment) -> bool:
    return STATEFUL_SET.recovered(moment.deployment, None)


def test_it_is_recovered_only_while_all_pods_are_ready_and_of_the_present_template() -> None:
    assert flips("sts-rolling", recovered) == [1.665, 4.775, 37.024]


def test_with_parallel_it_recovers_by_itself_and_a_pod_that_is_deleted_later_interrupts_it() -> None:
    assert flips("sts-parallel", recovered) == [1.567, 4.787, 21.884, 35.102, 35.97]


def test_with_on_delete_a_pod_that_was_deleted_during_the_fault_keeps_it_from_recovering() -> None:
    assert not recovered(at("sts-ondelete", RESTORED))
    assert "1/2 ready" in rollout_text(at("sts-ondelete", RESTORED).deployment)


def test_the_pods_are_not_all_ready_while_one_is_being_deleted() -> None:
    moment = at("sts-rolling", 4.815)  # its status still counts 3 ready pods
    assert moment.deployment["status"]["readyReplicas"] == 3
    assert not STATEFUL_SET.pods_all_ready(moment.deployment, ())


def test_it_loses_the_pod_with_the_highest_ordinal_and_the_words_say_so() -> None:
    assert STATEFUL_SET.counts(at("sts-rolling", STUCK).deployment) == WorkloadCounts(3, 3, 2, 1, 2, 1)
    assert rollout_text(at("sts-rolling", STUCK).deployment) == "2/3 ready, 1 of 3 updated"


def test_a_partition_leaves_the_pods_below_it_as_they_are() -> None:
    web = stateful_set(updateStrategy={"type": "RollingUpdate", "rollingUpdate": {"partition": 2}})
    web["status"] |= {"updatedReplicas": 1, "currentReplicas": 2, "updateRevision": "web-other"}
    assert STATEFUL_SET.recovered(web, None)
    web["status"]["updatedReplicas"] = 0
    assert not STATEFUL_SET.rollout_complete(web)


@pytest.mark.parametrize(("moment", "name"), [(STUCK, "web-8494dc646f"), (RESTORED, "web-58f9d88965")])
def test_the_newest_revision_is_that_of_the_present_template(moment: float, name: str) -> None:
    then = at("sts-rolling", moment)
    found = STATEFUL_SET.newest(then.deployment, revisions(then))
    assert found is not None and found["metadata"]["name"] == name


def test_the_newest_revision_is_found_by_its_template_while_the_status_is_old() -> None:
    then = at("sts-rolling", 4.785)
    assert then.deployment["status"]["observedGeneration"] == 1
    found = STATEFUL_SET.newest(then.deployment, revisions(then))
    assert found is not None and found["metadata"]["name"] == "web-8494dc646f"


def test_the_good_revision_gets_a_new_number_when_it_is_rolled_out_again() -> None:
    numbers = {r["metadata"]["name"]: STATEFUL_SET.revision_number(r) for r in revisions(at("sts-rolling", RESTORED))}
    assert numbers == {"web-8494dc646f": 2, "web-58f9d88965": 3}


def test_the_corrupt_revision_is_in_use_as_long_as_a_pod_has_it_or_it_is_the_present_one() -> None:
    stuck, restored, replaced = (at("sts-rolling", t) for t in (STUCK, RESTORED, 40.0))
    assert STATEFUL_SET.in_use(stuck.deployment, corrupt(stuck), [])
    assert STATEFUL_SET.in_use(restored.deployment, corrupt(restored), restored.pods)
    assert not STATEFUL_SET.in_use(replaced.deployment, corrupt(replaced), replaced.pods)


def test_the_pods_of_a_revision_are_found_by_its_whole_name() -> None:
    then = at("sts-rolling", STUCK)
    labels = STATEFUL_SET.pod_labels(then.deployment, [corrupt(then)])
    assert labels == "app=web,controller-revision-hash in (web-8494dc646f)"
    assert {p["metadata"]["labels"]["controller-revision-hash"] for p in then.pods} >= {"web-8494dc646f"}


@pytest.mark.parametrize("name", ["sts-rolling", "sts-parallel", "sts-ondelete"])
def test_the_controller_may_leave_a_stuck_pod_with_parallel_too(name: str) -> None:
    assert STATEFUL_SET.leaves_stuck_pods(at(name, STUCK).deployment)


ON_DELETE = {"updateStrategy": {"type": "OnDelete"}}


@pytest.mark.parametrize(
    ("spec", "why"),
    [
        ({"replicas": 0}, "has 0 replicas, so no pod would pull the image; first: kubectl scale statefulset/web"),
        (ON_DELETE, "has the update strategy OnDelete, so nothing happens until someone deletes a pod"),
        ({"updateStrategy": {"rollingUpdate": {"partition": 3}}}, "has the partition 3, so none of its pods"),
        ({"ordinals": {"start": 5}, "updateStrategy": {"rollingUpdate": {"partition": 8}}}, "has the partition 8"),
        ({"ordinals": {"start": 5}, "updateStrategy": {"rollingUpdate": {"partition": 7}}}, ""),
        ({}, ""),
    ],
)
def test_what_would_replace_no_pod_is_told_with_the_way_out(spec: Object, why: str) -> None:
    found = STATEFUL_SET.why_no_rollout(stateful_set(**spec), allow_on_delete=False)
    assert found.startswith(why) and bool(found) == bool(why)


def test_on_delete_can_be_allowed_and_is_a_warning_then() -> None:
    web = stateful_set(**ON_DELETE)
    assert STATEFUL_SET.why_no_rollout(web, allow_on_delete=True) == ""
    assert "only pods that someone deletes" in STATEFUL_SET.warnings(web)[0]


def test_the_loss_of_one_ready_pod_is_certain_and_said() -> None:
    (warning,) = STATEFUL_SET.warnings(stateful_set())
    assert "so one ready pod is lost" in warning


def test_the_loss_of_as_many_pods_as_may_be_unavailable_is_said() -> None:
    (warning,) = STATEFUL_SET.warnings(stateful_set(updateStrategy={"rollingUpdate": {"maxUnavailable": "50%"}}))
    assert "up to maxUnavailable (50%) pods are deleted first" in warning


def test_it_has_no_surge_no_conditions_and_no_number_of_its_own() -> None:
    web = stateful_set()
    assert STATEFUL_SET.settings(web) == RollingSettings("RollingUpdate", 0, 1)
    assert STATEFUL_SET.settled_at(web) is None and STATEFUL_SET.present_revision(web) is None
    assert STATEFUL_SET.words(web) == []
