"""The pod that checks a pull is created once and deleted, whatever becomes of the requests."""

from typing import Any

import pytest

from chaosimagecorrupt.errors import ClusterError, ImageCorruptError, Refused
from chaosimagecorrupt.kube.client import Cluster
from chaosimagecorrupt.workload.pull_check import PullAnswer, check_pull
from chaosimagecorrupt.workload.pull_pod import PULL_CHECK
from chaosimagecorrupt.workload.target import Target

from ..fixtures_http import NS, Shop

IMAGE = "registry.k8s.io/pause:3.10"
PODS = rf"/namespaces/{NS}/pods\?"


def check(cluster: Cluster, shop: Shop, seconds: float = 60) -> PullAnswer:
    target = Target(shop.name, NS, cluster)
    return check_pull(target, target.get(), "app", IMAGE, seconds)


def check_pods(shop: Shop) -> list[Any]:
    """The pods of checks that are there once the kubelet had time to stop them."""
    shop.advance(5)
    store, uid = shop.simulator.world.store, shop.get()["metadata"]["uid"]
    pods = shop.simulator.call(lambda: store.list("pods", NS))
    return [p for p in pods if (p["metadata"].get("labels") or {}).get(PULL_CHECK) == uid]


def pulled_at_once(shop: Shop) -> None:
    """Let five seconds go by after each attempt to create a pod."""
    shop.simulator.faults.hook("after", lambda request: shop.advance(5), "POST", PODS, times=None)


def pulling_forever(shop: Shop) -> None:
    """Let time stand still once the kubelet has begun to pull."""
    store, uid = shop.simulator.world.store, shop.get()["metadata"]["uid"]

    def pulls(pod: Any) -> bool:
        ready = {"type": "PodReadyToStartContainers", "status": "True"}
        conditions = pod["status"].get("conditions", ())
        own = (pod["metadata"].get("labels") or {}).get(PULL_CHECK) == uid
        return own and any(ready.items() <= condition.items() for condition in conditions)

    def advance(_: object) -> None:
        while not any(map(pulls, store.list("pods", NS))):
            shop.advance(0.01)

    shop.simulator.faults.hook("after", advance, "POST", PODS)


def test_a_pull_is_shown_and_no_pod_is_left(cluster: Cluster, shop: Shop) -> None:
    pulled_at_once(shop)
    assert check(cluster, shop) == PullAnswer(True, "the image is pulled")
    assert not check_pods(shop)


def test_an_answer_that_is_lost_loses_no_pod_and_makes_no_second_one(cluster: Cluster, shop: Shop) -> None:
    pulled_at_once(shop)
    shop.simulator.faults.drop("after", "POST", PODS)
    assert check(cluster, shop).pullable
    assert not check_pods(shop)


def test_a_pod_whose_creation_is_never_answered_is_deleted(cluster: Cluster, shop: Shop) -> None:
    shop.simulator.faults.drop("after", "POST", PODS, times=None)
    with pytest.raises(ClusterError, match="could not create pods"):
        check(cluster, shop)
    assert not check_pods(shop)


def test_a_pull_that_takes_longer_than_the_wait_is_an_answer(cluster: Cluster, shop: Shop) -> None:
    pulling_forever(shop)
    assert check(cluster, shop, 0.5) == PullAnswer(False, "not pulled within 0.5 s: ContainerCreating")
    assert not check_pods(shop)


def test_a_pod_that_no_kubelet_reports_on_is_no_answer(cluster: Cluster, shop: Shop) -> None:
    with pytest.raises(ImageCorruptError, match=r"was not tried by Pod .*: the kubelet has not reported yet"):
        check(cluster, shop, 0.5)
    assert not check_pods(shop)


def test_a_pod_that_is_deleted_meanwhile_is_no_answer(cluster: Cluster, shop: Shop) -> None:
    def delete(_: object) -> None:
        store = shop.simulator.world.store
        for pod in store.list("pods", NS):
            if PULL_CHECK in (pod["metadata"].get("labels") or {}):
                store.delete("pods", NS, pod["metadata"]["name"])

    shop.simulator.faults.hook("after", delete, "POST", PODS)
    with pytest.raises(ImageCorruptError, match=r"was not tried by Pod .*: it was deleted"):
        check(cluster, shop)


def test_a_deployment_whose_selector_takes_any_pod_is_refused(cluster: Cluster, shop: Shop) -> None:
    target = Target(shop.name, NS, cluster)
    deployment = target.get()
    not_other = {"key": "app", "operator": "NotIn", "values": ["other"]}
    deployment["spec"]["selector"] = {"matchExpressions": [not_other]}
    with pytest.raises(Refused, match="its selector matches any pod"):
        check_pull(target, deployment, "app", IMAGE, 60)
    assert not check_pods(shop)
