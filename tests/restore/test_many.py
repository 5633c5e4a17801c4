"""Many Deployments are restored; one that fails does not keep the others from it."""

from typing import Any

import pytest

from chaosimagecorrupt.fault.inject import Injection
from chaosimagecorrupt.fault.spec import FaultSpec
from chaosimagecorrupt.record.annotations import RECORD
from chaosimagecorrupt.record.memory import MEMORY
from chaosimagecorrupt.record.snapshot import Snapshot
from chaosimagecorrupt.restore.many import Todo, restore_all, todo_of, todo_of_faults
from chaosimagecorrupt.restore.restore import restore
from chaosimagecorrupt.workload.target import Target

from ..in_process_client import SETTLE, InProcessClient, Place, web_place
from ..manifests import NOW, a_deployment, corrupted
from ..simulated_cluster import CORRUPT, IMAGE, NS
from ..traces import images, traces
from .corrupted_web import CorruptedWeb

LONG_AGO, IN_A_CENTURY = NOW - 10 * 365 * 86400, NOW + 100 * 365 * 86400


def ids(*deployments: Any, expired_only: bool) -> list[tuple[str, list[str] | None]]:
    """Return the name and the injections of each Deployment that is to be restored."""
    todo = todo_of(InProcessClient(web_place(), "p"), map(Snapshot, deployments), NOW, expired_only=expired_only)
    return [(chosen.target.name, chosen.injection_ids) for chosen in todo]


def test_every_deployment_is_to_be_restored_with_all_injections() -> None:
    found = [corrupted(a_deployment("a")), corrupted(a_deployment("b"), now=IN_A_CENTURY)]
    assert ids(*found, expired_only=False) == [("a", None), ("b", None)]


def test_of_the_expired_only_those_whose_ttl_is_over() -> None:
    both = corrupted(a_deployment(containers={"a": IMAGE, "b": IMAGE}), "a", now=LONG_AGO, injection_id="old")
    both = corrupted(both, "b", now=IN_A_CENTURY, injection_id="new")
    later = corrupted(a_deployment("later"), now=IN_A_CENTURY)
    assert ids(both, later, expired_only=True) == [("web", ["old"])]


def test_a_listed_deployment_is_restored_with_the_record_that_was_parsed_when_it_was_found() -> None:
    found = Snapshot(corrupted(a_deployment()))
    [chosen] = todo_of(InProcessClient(web_place(), "p"), [found], NOW, expired_only=False)
    assert chosen.listed is found


@pytest.mark.parametrize("expired_only", [True, False])
def test_a_deployment_that_has_lost_its_record_is_to_be_restored_at_once(expired_only: bool) -> None:
    lost = corrupted(a_deployment(), now=IN_A_CENTURY)
    lost["metadata"]["annotations"] = {}
    assert RECORD not in lost["metadata"]["annotations"]
    assert ids(lost, expired_only=expired_only) == [("web", None)]


@pytest.mark.parametrize("concurrency", [1, 3])
def test_one_that_fails_is_reported_in_its_place_and_the_others_are_restored(concurrency: int) -> None:
    webs = [CorruptedWeb(), CorruptedWeb("patch deployments"), CorruptedWeb()]
    done = list(restore_all([Todo(web.target, None) for web in webs], concurrency=concurrency))
    assert [d["outcome"] for d in done] == ["restored", "failed", "restored"]
    assert "the role does not allow it" in str(dict(done[1])["error"])
    assert (webs[0].traces(), webs[2].traces()) == ([], [])


def test_only_the_injections_named_are_undone() -> None:
    web = CorruptedWeb()
    [done] = restore_all([Todo(web.target, ["another"])])
    assert done["outcome"] == "nothing-to-restore"
    [done] = restore_all([Todo(web.target, [web.entry.id])])
    assert (done["outcome"], web.image()) == ("restored", IMAGE)


def test_nothing_to_restore_is_no_error() -> None:
    assert list(restore_all([])) == []


@pytest.mark.parametrize("at", [3, 4, 5])
def test_a_restore_that_was_interrupted_in_its_clean_up_is_gone_on_with(at: int) -> None:
    place = web_place()
    target = Target("web", NS, process := InProcessClient(place, "process"))
    Injection(target, FaultSpec(None, CORRUPT, 60.0)).inject()
    place.clock.advance(SETTLE)
    process.troubles = [*[None] * at, "interrupt"]  # read, patched, the fields and the Event, and then the traces
    with pytest.raises(KeyboardInterrupt):
        restore(target)
    assert restored_traces(place) != []

    [chosen] = todo_of_faults(MEMORY.faults())
    [done] = restore_all([chosen])
    assert (done["outcome"], dict(done)["warnings"]) == ("nothing-to-restore", [])
    assert (restored_traces(place), todo_of_faults(MEMORY.faults())) == ([], [])


def restored_traces(place: Place) -> list[str]:
    """Return what is left of the fault, once its image is back."""
    deployment: Any = place.world.store.get("deployments.apps", NS, "web")
    assert images(deployment)["app"] == IMAGE
    return traces(deployment, place.world.store.list("replicasets.apps", NS), [CORRUPT])
