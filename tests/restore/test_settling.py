"""A clean-up begins with the workload as it is once its controller has observed the restore."""

import copy
import time

from chaosimagecorrupt.kube.waiting import WatchSet
from chaosimagecorrupt.record.snapshot import Snapshot
from chaosimagecorrupt.restore.settling import once_observed

from ..recorded import at
from ..recorded_cluster import RecordedCluster


def test_the_latest_state_counts_and_not_the_one_that_was_read_before() -> None:
    cluster = RecordedCluster(copy.deepcopy(at("sts-rolling", 30.0)))
    before = Snapshot(at("sts-rolling", 19.0).deployment)
    found = once_observed(WatchSet(cluster), cluster.target, before, time.monotonic())
    assert found.deployment["metadata"]["generation"] == 3 and not found.record


def test_when_the_time_is_over_it_is_as_it_is() -> None:
    cluster = RecordedCluster(copy.deepcopy(at("sts-rolling", 19.93)))
    assert cluster.moment.deployment["status"]["observedGeneration"] == 2
    found = once_observed(WatchSet(cluster), cluster.target, Snapshot(cluster.moment.deployment), time.monotonic())
    assert found.deployment["metadata"]["generation"] == 3
