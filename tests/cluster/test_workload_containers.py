"""Several corrupted containers of one StatefulSet or DaemonSet, each by an injection of its own."""

import json

import pytest

from chaosimagecorrupt.record.memory import MEMORY
from chaosimagecorrupt.rollbacks import restore_image

from .conftest import IMAGE, OTHER_IMAGE
from .workload import CORRUPT, PREFIX, CreateWorkload, Workload

BOTH = {"app": IMAGE, "sidecar": OTHER_IMAGE}
SECOND = "registry.invalid/second:chaos"

KINDS = {
    "StatefulSet, ordered": ("StatefulSet", {}),
    "StatefulSet, parallel": ("StatefulSet", {"podManagementPolicy": "Parallel"}),
    "DaemonSet": ("DaemonSet", {}),
}
pytestmark = pytest.mark.parametrize(("kind", "spec"), KINDS.values(), ids=KINDS)


@pytest.fixture
def web(kind: str, spec: dict[str, str], create: CreateWorkload) -> Workload:
    """One with two containers, both corrupted."""
    found = create(kind, pod={"containers": [{"name": n, "image": i} for n, i in BOTH.items()]}, **spec)
    found.corrupt(container_name="app")
    assert found.pull_fails("app")
    found.corrupt(container_name="sidecar", image=SECOND)
    return found


def recorded(web: Workload) -> list[str]:
    return sorted(json.loads(web.record().get(PREFIX + "image-corrupt", "{}")))


def assert_recovered_without_a_trace(web: Workload) -> None:
    assert web.recovered(90)
    web.assert_no_trace(**BOTH)
    assert SECOND not in json.dumps([r["data"] for r in web.revisions()])
    assert len(set(web.before.values()) & set(web.pods_by_name().values())) == len(web.before) - 1


@pytest.mark.parametrize("forgotten", [False, True], ids=["by this process", "by others"])
@pytest.mark.parametrize("first", ["app", "sidecar"])
def test_one_is_restored_and_then_the_other_and_no_pod_stays_stuck(web: Workload, first: str, forgotten: bool) -> None:
    if forgotten:
        MEMORY.forget()
    other = {"app": "sidecar", "sidecar": "app"}[first]
    done = restore_image(web.name, web.ns, container_name=first, kind=web.kind)
    assert ([c["container"] for c in done["containers"]], recorded(web)) == ([first], [other])
    assert {n: web.image(n) for n in BOTH} == {**BOTH, other: {"app": CORRUPT, "sidecar": SECOND}[other]}
    assert web.recovered(0) is False
    done = restore_image(web.name, web.ns, kind=web.kind)
    assert ([c["container"] for c in done["containers"]], done["warnings"]) == ([other], [])
    assert_recovered_without_a_trace(web)


def test_both_are_restored_at_once_and_no_pod_stays_stuck(web: Workload) -> None:
    done = restore_image(web.name, web.ns, kind=web.kind)
    assert {c["container"]: c["outcome"] for c in done["containers"]} == dict.fromkeys(BOTH, "restored")
    assert done["warnings"] == []
    assert_recovered_without_a_trace(web)
