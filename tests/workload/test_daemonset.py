"""DaemonSets, as a real cluster with one node has them."""

import copy
from typing import Any

import pytest

from chaosimagecorrupt.workload.daemonset import DAEMON_SET
from chaosimagecorrupt.workload.kind import RollingSettings, WorkloadCounts
from chaosimagecorrupt.workload.rollout_text import rollout_text

from ..recorded import Moment, at, flips

Object = Any

STUCK, RESTORED = 19.0, 30.0


def daemon_set(nodes: int = 1, **strategy: Any) -> Object:
    """Return one whose rollout is complete."""
    found = copy.deepcopy(at("ds-rolling", 4.0).deployment)
    found["spec"]["updateStrategy"].update(strategy)
    found["status"]["desiredNumberScheduled"] = nodes
    return found


def revisions(moment: Moment) -> list[Object]:
    return [DAEMON_SET.as_revision(found) for found in moment.replica_sets]


def test_it_is_recovered_only_while_each_node_has_a_ready_pod_of_the_present_template() -> None:
    assert flips("ds-rolling", lambda m: DAEMON_SET.recovered(m.deployment, None)) == [1.242, 4.454, 20.82]


def test_the_pods_are_not_all_ready_while_one_is_being_deleted() -> None:
    moment = at("ds-rolling", 4.56)  # its status still counts it as ready
    assert moment.deployment["status"]["numberReady"] == 1
    assert not DAEMON_SET.pods_all_ready(moment.deployment, ())


def test_its_counts_are_those_of_its_nodes() -> None:
    assert DAEMON_SET.counts(at("ds-rolling", STUCK).deployment) == WorkloadCounts(1, 1, 0, 1, 0, 1)
    assert rollout_text(at("ds-rolling", STUCK).deployment) == "0/1 ready, 1 of 1 updated"


@pytest.mark.parametrize(("moment", "name"), [(STUCK, "web-7c6847bf7b"), (RESTORED, "web-7569c497b8")])
def test_the_newest_revision_is_that_of_the_present_template(moment: float, name: str) -> None:
    then = at("ds-rolling", moment)
    found = DAEMON_SET.newest(then.deployment, revisions(then))
    assert found is not None and found["metadata"]["name"] == name


def test_the_corrupt_revision_is_in_use_as_long_as_a_pod_has_its_hash() -> None:
    stopping, replaced = at("ds-rolling", 19.6), at("ds-rolling", RESTORED)
    (corrupt,) = [r for r in revisions(replaced) if r["metadata"]["name"] == "web-7c6847bf7b"]
    assert DAEMON_SET.pod_labels(replaced.deployment, [corrupt]) == "app=web,controller-revision-hash in (7c6847bf7b)"
    assert DAEMON_SET.in_use(stopping.deployment, corrupt, stopping.pods)
    assert not DAEMON_SET.in_use(replaced.deployment, corrupt, replaced.pods)


def test_the_controller_replaces_a_stuck_pod_unless_it_is_to_be_deleted_by_others() -> None:
    assert not DAEMON_SET.leaves_stuck_pods(daemon_set())
    assert DAEMON_SET.leaves_stuck_pods(daemon_set(type="OnDelete"))


def test_what_would_replace_no_pod_is_told_with_the_way_out() -> None:
    assert DAEMON_SET.why_no_rollout(daemon_set(), allow_on_delete=False) == ""
    assert "has no node to run a pod on" in DAEMON_SET.why_no_rollout(daemon_set(nodes=0), allow_on_delete=False)
    on_delete = daemon_set(type="OnDelete")
    assert "allow_on_delete: true allows it" in DAEMON_SET.why_no_rollout(on_delete, allow_on_delete=False)
    assert DAEMON_SET.why_no_rollout(on_delete, allow_on_delete=True) == ""


def test_what_it_certainly_costs_is_said() -> None:
    assert "as many pods as maxUnavailable (1) allows" in DAEMON_SET.warnings(daemon_set())[0]
    assert DAEMON_SET.warnings(daemon_set(rollingUpdate={"maxSurge": 1, "maxUnavailable": 0})) == []
    assert "only pods that someone deletes" in DAEMON_SET.warnings(daemon_set(type="OnDelete"))[0]


def test_its_settings_are_those_of_a_rolling_update() -> None:
    assert DAEMON_SET.settings(daemon_set()) == RollingSettings("RollingUpdate", 0, 1)
