"""Deployments, through the adapter that other kinds have too."""

from typing import Any

import pytest

from chaosimagecorrupt.workload.deployment import DEPLOYMENT
from chaosimagecorrupt.workload.kind import RollingSettings, WorkloadCounts

from ..manifests import a_deployment, a_replica_set
from ..recorded import at, flips


@pytest.mark.parametrize("name", ["rolling-update", "recreate"])
def test_without_replica_sets_its_own_status_decides_on_the_recovery(name: str) -> None:
    with_sets = flips(name, lambda m: DEPLOYMENT.recovered(m.deployment, m.replica_sets))
    without = flips(name, lambda m: DEPLOYMENT.recovered(m.deployment, None))
    assert len(with_sets) == len(without) and with_sets[-1] == pytest.approx(without[-1], abs=0.5)


def test_the_pods_are_not_all_ready_before_the_replica_set_of_the_present_template_is_there() -> None:
    web = a_deployment()
    assert not DEPLOYMENT.pods_all_ready(web, [])
    assert DEPLOYMENT.pods_all_ready(web, [a_replica_set(web)])


def test_its_counts_and_settings_are_those_of_its_status_and_spec() -> None:
    moment = at("rolling-update", 20)
    assert DEPLOYMENT.counts(moment.deployment) == WorkloadCounts(2, 3, 2, 1, 2, 1)
    assert DEPLOYMENT.settings(a_deployment()) == RollingSettings("RollingUpdate", "25%", "25%")


def test_a_replica_set_is_in_use_until_it_is_scaled_to_0_and_its_controller_has_seen_it() -> None:
    web = a_deployment()
    there = a_replica_set(web)
    assert DEPLOYMENT.in_use(web, there, None)
    there["spec"]["replicas"], there["status"] = 0, {"observedGeneration": 1}
    assert not DEPLOYMENT.in_use(web, there, None)
    there["status"] = {}
    assert DEPLOYMENT.in_use(web, there, None)


def test_no_rollout_starts_while_it_is_paused_or_without_replicas() -> None:
    def why(**spec: Any) -> str:
        return DEPLOYMENT.why_no_rollout(a_deployment(**spec), allow_on_delete=False)

    assert why() == ""
    assert why(paused=True).endswith("kubectl rollout resume deployment/web -n shop")
    assert why(replicas=0).endswith("kubectl scale deployment/web -n shop --replicas=1")


def test_recreate_stops_all_pods_and_that_is_said() -> None:
    assert DEPLOYMENT.warnings(a_deployment()) == []
    assert "nothing serves" in DEPLOYMENT.warnings(a_deployment(strategy={"type": "Recreate"}))[0]
    assert not DEPLOYMENT.leaves_stuck_pods(a_deployment())
