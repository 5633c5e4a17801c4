"""An owner that puts the image of a StatefulSet or DaemonSet back by itself."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from chaosimagecorrupt.rollbacks import restore_image

from ..fixtures_http import soon
from .conftest import IMAGE
from .workload import CORRUPT, SETS, CreateWorkload, Workload


@contextmanager
def healer(web: Workload, once: Callable[[], object] = lambda: True) -> Iterator[list[int]]:
    """Have an owner put the image back whenever it is corrupt, once something else holds; yield its heals so far."""
    ended, heals = threading.Event(), list[int]()

    def heal() -> None:
        while not ended.wait(0.005):
            if web.image() == CORRUPT and once():
                web.set_image(IMAGE, "shop-operator")
                heals.append(1)

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
