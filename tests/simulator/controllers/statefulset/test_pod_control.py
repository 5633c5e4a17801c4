"""The requests about Pods and claims, and the Events about them."""

import pytest

from ...api.workloads import CLAIM
from ...controller_cluster import NS, PODS, STATEFUL_SETS, ControllerCluster, stateful_set

CLAIMS = "persistentvolumeclaims"


def messages(cluster: ControllerCluster, reason: str) -> set[str]:
    return {event["message"] for event in cluster.events(reason)}


def test_events_say_what_was_created_and_deleted(cluster: ControllerCluster) -> None:
    cluster.create(stateful_set(replicas=2), STATEFUL_SETS)
    cluster.change(lambda obj: obj["spec"].update(replicas=1), resource=STATEFUL_SETS)
    assert messages(cluster, "SuccessfulCreate") == {
        "Create Pod web-0 in StatefulSet web successful",
        "Create Pod web-1 in StatefulSet web successful",
    }
    assert messages(cluster, "SuccessfulDelete") == {"Delete Pod web-1 in StatefulSet web successful"}


def test_a_claim_is_made_once_is_bound_and_outlives_its_pod(cluster: ControllerCluster) -> None:
    cluster.create(stateful_set(replicas=1, volumeClaimTemplates=[CLAIM]), STATEFUL_SETS)
    [claim] = cluster.store.list(CLAIMS)
    assert claim["status"] == {"phase": "Bound", "accessModes": ["ReadWriteOnce"], "capacity": {"storage": "1Gi"}}
    cluster.delete(PODS, "web-0")
    assert [each["metadata"]["uid"] for each in cluster.store.list(CLAIMS)] == [claim["metadata"]["uid"]]
    assert "Create Claim data-web-0 Pod web-0 in StatefulSet web success" in messages(cluster, "SuccessfulCreate")
    cluster.delete(STATEFUL_SETS, "web")
    assert len(cluster.store.list(CLAIMS)) == 1 and cluster.pods() == []


@pytest.mark.parametrize("policy", ["OrderedReady", "Parallel"])
def test_a_pod_that_a_quota_forbids_is_reported_and_tried_again(cluster: ControllerCluster, policy: str) -> None:
    quota = {"metadata": {"name": "few", "namespace": NS}, "spec": {"hard": {"pods": "1"}}}
    cluster.create(quota, "resourcequotas")
    cluster.create(stateful_set(replicas=2, podManagementPolicy=policy), STATEFUL_SETS)
    assert messages(cluster, "FailedCreate") == {
        'Create Pod web-1 in StatefulSet web failed error: pods "web-1" is forbidden: exceeded quota: few, '
        "requested: pods=1, used: pods=1, limited: pods=1"
    }
    cluster.change(lambda obj: obj["spec"]["hard"].update(pods="2"), "few", resource="resourcequotas", seconds=60)
    assert [pod["metadata"]["name"] for pod in cluster.pods()] == ["web-0", "web-1"]
