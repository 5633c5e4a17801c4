"""The status of a DaemonSet."""

from chaosimagecorrupt.simulator.controllers.daemonset.rollout import Look
from chaosimagecorrupt.simulator.controllers.daemonset.status import is_outdated, status_of
from chaosimagecorrupt.simulator.types import Object

from ..statefulset.test_pods import ready
from .test_pods import node, web

OWNER: Object = {**web(nodeSelector={"on": "yes"}), "status": {"observedGeneration": 1, "collisionCount": 2}}
OWNER["metadata"]["generation"] = 3
NODES = [node(name, {"on": "yes"}) for name in "abc"] + [node("d")]


def pod(on: str, revision_hash: str, **status: object) -> Object:
    metadata = {"name": f"web-{on}", "labels": {"controller-revision-hash": revision_hash}}
    return {"metadata": {**metadata, "creationTimestamp": "x"}, "spec": {"nodeName": on}, "status": status}


def test_nodes_are_counted_by_the_oldest_pod_of_each() -> None:
    up = ready()["status"]
    pods = [pod("a", "new", **up), pod("b", "old", phase="Pending"), pod("d", "new", **up)]
    status = status_of(Look(OWNER, pods, NODES, "new", 2e9), raise_generation=True)
    assert status == {
        "observedGeneration": 3,
        "collisionCount": 2,
        "currentNumberScheduled": 2,
        "numberMisscheduled": 1,
        "desiredNumberScheduled": 3,
        "numberReady": 1,
        "updatedNumberScheduled": 1,
        "numberAvailable": 1,
        "numberUnavailable": 2,
    }


def test_the_generation_is_raised_only_when_its_work_was_begun() -> None:
    look = Look(OWNER, [], NODES, "new", 2e9)
    assert status_of(look, raise_generation=False)["observedGeneration"] == 1


def test_a_status_is_written_when_a_count_differs_or_the_generation_is_newer() -> None:
    status = status_of(Look(OWNER, [], NODES, "new", 2e9), raise_generation=True)
    assert is_outdated(OWNER, status)
    assert not is_outdated({**OWNER, "status": status}, status)
    assert is_outdated({**OWNER, "status": {**status, "numberReady": 1}}, status)
