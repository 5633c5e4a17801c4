"""Which Pods are deleted first."""

import pytest

from chaosimagecorrupt.simulator.controllers.replicaset.active_pods import pods_to_delete
from chaosimagecorrupt.simulator.types import Object


def ranked(name: str, phase: str = "Running", node: str = "a", age: int = 0, **more: object) -> Object:
    conditions = [{"type": "Ready", "status": "True", "lastTransitionTime": f"2026-01-01T00:00:{59 - age:02}Z"}]
    status = {"phase": phase, "conditions": conditions if more.pop("ready", True) else []}
    restarts = more.pop("restarts", 0)
    status["containerStatuses"] = [{"restartCount": restarts}]
    metadata = {"name": name, "uid": name, "creationTimestamp": "2026-01-01T00:00:00Z"}
    annotations = {"controller.kubernetes.io/pod-deletion-cost": str(more.pop("cost", 0))}
    return {"metadata": {**metadata, "annotations": annotations}, "spec": {"nodeName": node}, "status": status}


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (ranked("a", node=""), ranked("b")),
        (ranked("a", "Pending"), ranked("b")),
        (ranked("a", ready=False), ranked("b")),
        (ranked("a", cost=-1), ranked("b")),
        (ranked("a", age=0), ranked("b", age=50)),
        (ranked("a", restarts=3), ranked("b")),
        (ranked("a"), ranked("b")),
    ],
    ids=["unbound", "pending", "unready", "cheap", "younger", "restarted", "randomness"],
)
def test_the_less_useful_pod_is_deleted_first(first: Object, second: Object) -> None:
    now = 1767225660.0
    for pods in ([first, second], [second, first]):
        assert pods_to_delete(pods, 1, now, lambda pod: pod["metadata"]["uid"]) == [first]


def test_of_pods_on_a_crowded_node_one_is_deleted_first() -> None:
    crowded, alone = [ranked("b"), ranked("c")], ranked("a", node="z")
    doomed = pods_to_delete([alone, *crowded], 1, 1767225660.0, lambda pod: pod["metadata"]["uid"])
    assert doomed == [crowded[0]]
