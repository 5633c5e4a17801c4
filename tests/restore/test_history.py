"""The corrupt revision leaves the rollout history, unless it may be in use."""

import copy

from chaosimagecorrupt.record.snapshot import Snapshot
from chaosimagecorrupt.restore.clean_up import clean_up
from chaosimagecorrupt.restore.history import clean_history
from chaosimagecorrupt.restore.restore import restore

from ..recorded import at
from ..recorded_cluster import RecordedCluster
from ..simulated_cluster import IMAGE
from .corrupted_web import CorruptedWeb


def test_a_replica_set_that_the_role_does_not_let_us_delete_is_a_warning_with_the_command() -> None:
    web = CorruptedWeb("delete replicasets")
    name = web.corrupt_replica_set()
    [warning] = restore(web.target)["warnings"]
    assert f"the corrupt ReplicaSet {name} stays in the rollout history" in warning
    assert f"`kubectl delete replicaset {name} -n shop`" in warning and "the role does not allow it" in warning
    assert web.image() == IMAGE


def test_the_traces_of_another_fault_that_is_in_place_stay() -> None:
    web = CorruptedWeb()
    restore(web.target)
    second = web.corrupt()
    before = web.traces()
    assert clean_up(web.target, [web.entry], clean_history=True) == []
    assert web.traces() == before and second.id != web.entry.id


def cleaned(name: str, t: float) -> tuple[list[str], list[str]]:
    """Clean the history at a moment of a recording; return the warnings, and what was deleted."""
    cluster = RecordedCluster(copy.deepcopy(at(name, t)))
    return clean_history(cluster.target, Snapshot(cluster.moment.deployment), []), cluster.deleted


def test_a_corrupt_controller_revision_is_deleted_once_no_pod_has_it() -> None:
    assert cleaned("sts-rolling", 40.0) == ([], ["web-8494dc646f"])
    assert cleaned("ds-rolling", 30.0) == ([], ["web-7c6847bf7b"])


def test_a_corrupt_controller_revision_that_a_pod_has_stays_with_a_warning() -> None:
    (warning,), deleted = cleaned("sts-rolling", 30.0)
    assert warning.startswith("the corrupt ControllerRevision web-8494dc646f still has pods and stays in the rollout")
    assert "kubectl delete controllerrevision web-8494dc646f -n " in warning and deleted == []


def test_while_the_fault_is_in_place_nothing_is_deleted() -> None:
    assert cleaned("ds-rolling", 19.0) == ([], [])
