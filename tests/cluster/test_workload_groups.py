"""Many StatefulSets or DaemonSets at once: all of them, or none; and all of them come back."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from chaosimagecorrupt.actions import corrupt_images
from chaosimagecorrupt.errors import ImageCorruptError, Refused
from chaosimagecorrupt.probes import corrupted_deployments, images_pull_failing
from chaosimagecorrupt.record.memory import MEMORY
from chaosimagecorrupt.rollbacks import restore_images

from .conftest import IMAGE, Object, Run
from .workload import CORRUPT, SETS, CreateWorkload, Workload

SHOP = "part-of=shop"
NAMES = ("a", "b", "c")
# what a run of them needs; the roles of deploy/ allow it too
ALL = {
    "apiGroups": ["apps"],
    "resources": ["statefulsets", "daemonsets", "controllerrevisions"],
    "verbs": ["get", "list", "watch", "delete"],
}
PODS = {"apiGroups": [""], "resources": ["pods"], "verbs": ["get", "list", "watch", "delete"]}

Shop = dict[str, Workload]
pytestmark = pytest.mark.parametrize("kind", SETS)


@pytest.fixture
def shop(kind: str, create: CreateWorkload) -> Shop:
    """Three of a kind with a label in common."""
    replicas = {"replicas": 2} if kind == "StatefulSet" else {}
    return {name: create(kind, name, labels={"part-of": "shop"}, **replicas) for name in NAMES}


def images(shop: Shop) -> dict[str, str]:
    return {name: workload.image() for name, workload in shop.items()}


def uids(shop: Shop) -> dict[str, dict[str, str]]:
    return {name: workload.pods_by_name() for name, workload in shop.items()}


def assert_as_it_was(shop: Shop) -> None:
    for workload in shop.values():
        assert workload.recovered(90)
        workload.assert_no_trace()


def assert_one_pod_each_was_replaced(shop: Shop, before: dict[str, dict[str, str]]) -> None:
    for name, workload in shop.items():
        was, now = before[name], workload.pods_by_name()
        assert set(now) == set(was) or workload.kind == "DaemonSet"  # whose pods have new names
        assert len(set(was.values()) & set(now.values())) == len(was) - 1


def test_all_are_corrupted_proven_restored_and_no_pod_stays_stuck(kind: str, shop: Shop) -> None:
    ns, before = shop["a"].ns, uids(shop)
    done = corrupt_images(SHOP, ns, kind=kind, guard=False)
    assert [(t["kind"], t["deployment"]) for t in done["targets"]] == [(kind, name) for name in NAMES]
    assert images(shop) == dict.fromkeys(NAMES, CORRUPT)
    assert images_pull_failing(SHOP, ns, kind=kind)
    assert corrupted_deployments(SHOP, ns, kind=kind) == 3

    result = restore_images(SHOP, ns, kind=kind)
    assert (result["restored"], result["failed"]) == (3, 0)
    assert [d["warnings"] for d in result["deployments"]] == [[], [], []]
    assert_as_it_was(shop)
    assert_one_pod_each_was_replaced(shop, before)


def test_one_that_is_refused_keeps_all_of_them_from_being_touched(kind: str, shop: Shop, place: Any) -> None:
    shop["b"].patch({"spec": {"updateStrategy": {"type": "OnDelete", "rollingUpdate": None}}})
    assert shop["b"].recovered()
    before, there, logs = uids(shop), {name: w.get() for name, w in shop.items()}, place.guard_logs()
    with pytest.raises(Refused, match=rf"1 of 3 {kind}s are refused, so none was touched: .*/b has the update"):
        corrupt_images(SHOP, shop["a"].ns, kind=kind)
    assert {name: w.get() for name, w in shop.items()} == there
    assert (uids(shop), place.guard_logs()) == (before, logs)


@pytest.mark.parametrize("concurrency", [1, 10])
def test_one_that_fails_has_the_others_undone_and_no_pod_stays_stuck(
    kind: str, shop: Shop, place: Any, account: Callable[..., None], concurrency: int
) -> None:
    before = uids(shop)
    patch = {
        "apiGroups": ["apps"],
        "resources": [f"{kind.lower()}s"],
        "verbs": ["patch"],
        "resourceNames": ["a", "c"],
    }
    account(ALL, PODS, patch)
    with pytest.raises(ImageCorruptError, match=rf"1 of 3 {kind}s could not be corrupted: .*The others are as they"):
        corrupt_images(SHOP, shop["a"].ns, kind=kind, concurrency=concurrency)
    assert place.guards_ended()
    assert [f for f in MEMORY.faults() if f.entries] == []
    assert_as_it_was(shop)
    assert shop["b"].pods_by_name() == before["b"]


def test_the_guard_undoes_all_of_them_after_the_ttl(kind: str, shop: Shop, place: Any) -> None:
    before = uids(shop)
    corrupt_images(SHOP, shop["a"].ns, kind=kind, ttl="4s")
    assert images_pull_failing(SHOP, shop["a"].ns, kind=kind)
    MEMORY.forget()  # as if the process had been killed
    assert place.guards_ended()
    assert_as_it_was(shop)
    assert_one_pod_each_was_replaced(shop, before)
    assert images(shop) == dict.fromkeys(NAMES, IMAGE)


def test_the_control_restores_all_of_them_at_the_end_and_judges_each(
    kind: str, shop: Shop, place: Any, tmp_path: Path
) -> None:
    before, ns = uids(shop), shop["a"].ns
    group = {"label_selector": SHOP, "ns": ns, "kind": kind}
    experiment = tmp_path / "group.json"
    experiment.write_text(
        json.dumps(
            {
                "title": "a group",
                "description": "-",
                "controls": [{"name": "image-corrupt", "provider": provider("control")}],
                "method": [
                    {"type": "action", "name": "corrupt", "provider": provider("actions", "corrupt_images", **group)},
                    {"type": "probe", "name": "pulls", "provider": provider("probes", "images_pull_failing", **group)},
                ],
            }
        )
    )
    chaos = Run(place.api.kubeconfig, tmp_path)
    code, printed = chaos.finish(experiment)
    assert (code, chaos.journal["status"], chaos.output("pulls")) == (0, "completed", True), printed
    assert place.guards_ended()
    assert_as_it_was(shop)
    assert_one_pod_each_was_replaced(shop, before)
    found = chaos.journal["image-corrupt"]["targets"]
    assert [(t["kind"], t["deployment"], t["verdict"]) for t in found] == [(kind, n, "Degraded") for n in NAMES]


def provider(module: str, func: str = "", **arguments: str) -> Object:
    called = {"func": func, "arguments": arguments} if func else {}
    return {"type": "python", "module": f"chaosimagecorrupt.{module}", **called}
