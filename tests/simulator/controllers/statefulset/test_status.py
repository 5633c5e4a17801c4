"""The status of a StatefulSet."""

from typing import Any

import pytest

from chaosimagecorrupt.simulator.controllers.statefulset.pods import new_pod
from chaosimagecorrupt.simulator.controllers.statefulset.status import completed, is_outdated, status_of
from chaosimagecorrupt.simulator.types import Object

from ...controller_cluster import stateful_set
from .test_pods import ready

WEB: Object = {**stateful_set(), "metadata": {**stateful_set()["metadata"], "uid": "1", "generation": 4}}


def pod(ordinal: int, revision: str, **more: Any) -> Object:
    made = new_pod(WEB, WEB["spec"]["template"], revision, ordinal)
    return {**made, "metadata": {**made["metadata"], **more}, "status": ready()["status"]}


def test_what_is_only_to_be_created_does_not_count_and_what_goes_counts_for_no_revision() -> None:
    going = pod(2, "old", deletionTimestamp="2026-01-01T00:00:00Z")
    missing = new_pod(WEB, WEB["spec"]["template"], "new", 3)
    assert status_of(WEB, [pod(0, "old"), pod(1, "new"), going, missing], "old", "new", 0, 2e9) == {
        "observedGeneration": 4,
        "replicas": 3,
        "readyReplicas": 3,
        "availableReplicas": 3,
        "currentReplicas": 1,
        "updatedReplicas": 1,
        "currentRevision": "old",
        "updateRevision": "new",
        "collisionCount": 0,
    }


@pytest.mark.parametrize(("strategy", "revision"), [("RollingUpdate", "new"), ("OnDelete", "old")])
def test_a_rollout_ends_when_all_pods_are_new_and_ready(strategy: str, revision: str) -> None:
    owner = {**WEB, "spec": {**WEB["spec"], "updateStrategy": {"type": strategy}}}
    status = status_of(owner, [pod(number, "new") for number in range(3)], "old", "new", 0, 2e9)
    assert completed(owner, status)["currentRevision"] == revision
    assert completed(owner, {**status, "readyReplicas": 2})["currentRevision"] == "old"


def test_a_status_is_written_when_it_differs_or_is_of_a_newer_generation() -> None:
    status = status_of(WEB, [pod(0, "a")], "a", "a", 0, 2e9)
    assert not is_outdated({**WEB, "status": status}, status)
    assert is_outdated({**WEB, "status": {**status, "observedGeneration": 3}}, status)
    assert is_outdated({**WEB, "status": {**status, "readyReplicas": 2}}, status)
    assert not is_outdated({**WEB, "status": {**status, "conditions": []}}, status)
