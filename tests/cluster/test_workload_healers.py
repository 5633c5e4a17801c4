"""An owner that puts the image of a StatefulSet or DaemonSet back by itself."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from chaosimagecorrupt.rollbacks import restore_image

from ..fixtures_http import soon
from .conftest import IMAGE, Object, Run
from .workload import CORRUPT, SETS, CreateWorkload, Workload


@contextmanager
def healer(
    web: Workload, once: Callable[[], object] = lambda: True, then: Callable[[], object] = lambda: None
) -> Iterator[list[int]]:
    """Have an owner put the image back whenever it is corrupt, once something else holds; yield its heals so far.

    Each time, something is called then.
    """
    ended, heals = threading.Event(), list[int]()

    def heal() -> None:
        while not ended.wait(0.02):
            if web.image() == CORRUPT and once():
                web.set_image(IMAGE, "shop-operator")
                heals.append(1)
                then()

    thread = threading.Thread(target=heal)
    thread.start()
    try:
        yield heals
    finally:
        ended.set()
        thread.join()


def a_pod_fails(web: Workload) -> Callable[[], bool]:
    """Return what tells whether a pod waits because it cannot pull its image."""

    def fails() -> bool:
        states = [s.get("state", {}) for p in web.pods() for s in p["status"].get("containerStatuses", [])]
        return any("Image" in s.get("waiting", {}).get("reason", "") for s in states)

    return fails


@pytest.mark.parametrize("late", [False, True], ids=["at once", "once a pod fails"])
@pytest.mark.parametrize("kind", SETS)
def test_what_an_owner_heals_is_healed_and_no_pod_stays_stuck(kind: str, late: bool, create: CreateWorkload) -> None:
    web = create(kind)
    before = web.pods_by_name()
    with healer(web, a_pod_fails(web) if late else lambda: True) as heals:
        web.corrupt()
        assert soon(lambda: heals, 60)
        result = restore_image("web", web.ns, kind=kind)
    assert (result["outcome"], result["containers"][0]["by"], result["warnings"]) == ("healed", "shop-operator", [])
    assert web.recovered(90)
    web.assert_no_trace()
    assert len(set(before.values()) & set(web.pods_by_name().values())) >= len(before) - 1


def activity(type_: str, module: str, func: str, web: Workload, /, **arguments: Any) -> Object:
    called = {"name": web.name, "ns": web.ns, "kind": web.kind, **arguments}
    provider = {"type": "python", "module": f"chaosimagecorrupt.{module}", "func": func, "arguments": called}
    return {"type": type_, "name": func, "provider": provider}


def experiment_on(web: Workload) -> Object:
    control = {"name": "image-corrupt", "provider": {"type": "python", "module": "chaosimagecorrupt.control"}}
    healed = {"type": "process", "path": "sh", "arguments": ["-c", "until [ -e healed ]; do sleep 0.05; done"]}
    method = [
        activity("action", "actions", "corrupt_image", web),
        activity("probe", "probes", "image_pull_failing", web, timeout=20),
        {"type": "action", "name": "wait", "provider": healed},
        activity("action", "rollbacks", "restore_image", web),
        activity("probe", "probes", "workload_recovered", web, timeout=60),
    ]
    return {"title": "an owner", "description": "-", "controls": [control], "method": method}


@pytest.mark.parametrize("late", [False, True], ids=["at once", "once a pod fails"])
@pytest.mark.parametrize("kind", SETS)
def test_the_verdict_says_who_healed_when_and_what_was_lost_until_all_pods_were_ready(
    kind: str, late: bool, create: CreateWorkload, place: Any, tmp_path: Path
) -> None:
    web = create(kind)
    path = tmp_path / "experiment.json"
    path.write_text(json.dumps(experiment_on(web)))
    chaos = Run(place.api.kubeconfig, tmp_path)
    with healer(web, a_pod_fails(web) if late else lambda: True, (tmp_path / "healed").touch) as heals:
        _, printed = chaos.finish(path)
    assert heals and web.recovered(0), printed
    web.assert_no_trace()
    (found,) = chaos.journal["image-corrupt"]["targets"]
    lost = len(set(web.pods_by_name().values()) - set(web.before.values()))
    assert found["verdict"] == ("Degraded" if lost else "Resilient"), (found, web.pods())
    assert found["recovery"]["healed_by"]["manager"] == "shop-operator"
    tried = "after a pod had tried" if late else "before a pod tried"
    assert "shop-operator put the original image back" in found["reasons"][1] and tried in found["reasons"][1]
    rows = {row["row"]: row["result"] for row in found["rubric"]}
    assert (rows["clean-rollout"], rows["rollout-not-complete"]) == ("pass", "pass"), found["rubric"]
    assert rows["serving"] == ("violation" if lost else "pass")
