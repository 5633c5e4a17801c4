"""Which Deployments a probe of many is about, and that all share one timeout."""

import time

import pytest

from chaosimagecorrupt.concurrency import CONCURRENCY
from chaosimagecorrupt.errors import ClusterError, ImageCorruptError, Refused
from chaosimagecorrupt.kube.client import Cluster
from chaosimagecorrupt.probes._targets import corrupted_targets, map_in_time, matching_targets
from chaosimagecorrupt.workload.target import Target

from ..fixtures_http import NS, Shop


def test_those_that_match_and_count_are_found(shop: Shop, cluster: Cluster) -> None:
    found = matching_targets(cluster, f"app={shop.name}", NS, lambda deployment, _: deployment["spec"]["replicas"])
    assert [t.name for t in found] == [shop.name]


def test_without_one_that_counts_the_probe_is_refused(shop: Shop, cluster: Cluster) -> None:
    with pytest.raises(Refused, match=f"no Deployment that has replicas matches 'app={shop.name}'"):
        matching_targets(cluster, f"app={shop.name}", NS, lambda deployment, target: False)


@pytest.mark.parametrize("selector", ["", "a in", "a=b,,"])
def test_a_selector_that_selects_nothing_in_particular_is_an_error(cluster: Cluster, selector: str) -> None:
    with pytest.raises((Refused, ClusterError)):
        corrupted_targets(cluster, selector, NS)


def test_only_what_carries_a_record_is_corrupted(slow: Shop, cluster: Cluster) -> None:
    other = Shop(slow.simulator, slow.cluster)
    assert [t.name for t in corrupted_targets(cluster, f"app={slow.name}", NS)] == [slow.name]
    assert corrupted_targets(cluster, f"app={other.name}", NS) == []


def test_one_timeout_is_for_all(cluster: Cluster) -> None:
    def probe(target: Target, left: float) -> float:
        time.sleep(0.05)  # a probe that takes a while, so that less is left for the next
        return left

    # twice as many as are probed at a time
    found = map_in_time([Target(f"web-{n}", NS, cluster) for n in range(2 * CONCURRENCY)], "30s", probe)
    assert 29 < found[0] <= 30 and found[-1] <= found[0] - 0.04
    assert set(map_in_time([Target("web", NS, cluster)], 0, probe)) == {0.0}


def test_a_timeout_that_is_no_duration_is_refused(cluster: Cluster) -> None:
    with pytest.raises(ImageCorruptError, match="timeout: 'soon' is not a duration"):
        map_in_time([Target("web", NS, cluster)], "soon", lambda target, left: left)
