"""The states of each object, one after the other."""

import itertools

from chaosimagecorrupt.simulator.conformance.histories import histories

from ..controller_cluster import PODS, STATEFUL_SETS, ControllerCluster, stateful_set
from .recorded import corrupted, record, restored


def test_a_history_has_each_state_once_after_the_other() -> None:
    recording = record(corrupted(restored))
    for history in histories(recording.observations):
        states = [state for _, state in history.states]
        assert all(one != two for one, two in itertools.pairwise(states))


def test_the_pods_of_a_stateful_set_are_known_by_their_name_and_revisions_by_their_order() -> None:
    def steps(cluster: ControllerCluster) -> None:
        cluster.delete(PODS, "web-1")

    found = histories(record(steps, workload=stateful_set(replicas=2), resource=STATEFUL_SETS).observations)
    groups = [history.group for history in found if history.kind == "Pod"]
    assert groups == ["StatefulSet 0 web-0", "StatefulSet 0 web-1", "StatefulSet 0 web-1"]
    assert [history.states[-1][1]["updateRevision"] for history in found if history.kind == "StatefulSet"] == [1]
