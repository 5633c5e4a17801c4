"""Many Deployments at once: all of them, or none."""

import json
import os
import re
import signal
import threading
import time
from typing import Any

import pytest

from chaosimagecorrupt.actions import corrupt_image, corrupt_images
from chaosimagecorrupt.concurrency import map_concurrently
from chaosimagecorrupt.errors import ImageCorruptError, Refused
from chaosimagecorrupt.kube.client import Patience, connect
from chaosimagecorrupt.probes import (
    corrupted_deployments,
    deployments_recovered,
    deployments_recovery,
    images_pull_failing,
)
from chaosimagecorrupt.record.memory import MEMORY
from chaosimagecorrupt.rollbacks import restore_image, restore_images

from .conftest import IMAGE, OTHER_IMAGE

CORRUPT = "registry.invalid/nonexistent:chaos"
SHOP = "part-of=shop"
NAMES = ["a", "b", "c"]


@pytest.fixture
def shop(place: Any) -> Any:
    """Three Deployments with a label in common, and one without it."""
    for name in [*NAMES, "other"]:
        part_of = {} if name == "other" else {"part-of": "shop"}
        place.deploy(name, replicas=1, metadata={"labels": {"app": name, **part_of}}, settled=False)
    for name in NAMES:
        place.settle(name)
    return place


def images(place: Any) -> Any:
    return {name: place.image(name=name) for name in [*NAMES, "other"]}


def as_it_was(place: Any) -> Any:
    """Whether no Deployment is corrupted, and no trace of the fault is left."""
    traces = [place.record(name) for name in NAMES]
    owners = json.dumps([place.get(name)["metadata"]["managedFields"] for name in NAMES])
    sets = json.dumps([s["spec"] for s in place.api.replica_sets(place.ns)])
    return (
        images(place) == dict.fromkeys([*NAMES, "other"], IMAGE)
        and not any(traces)
        and ("chaosimagecorrupt" not in owners and CORRUPT not in sets)
    )


def test_every_one_that_matches_is_corrupted_proven_restored_and_recovers(shop: Any) -> None:
    done = corrupt_images(SHOP, shop.ns, guard=False)
    assert (done["matched"], [t["deployment"] for t in done["targets"]]) == (3, NAMES)
    assert images(shop) == {**dict.fromkeys(NAMES, CORRUPT), "other": IMAGE}
    assert images_pull_failing(SHOP, shop.ns)
    assert corrupted_deployments(SHOP, shop.ns) == 3
    result = restore_images(SHOP, shop.ns)
    assert (result["restored"], result["failed"]) == (3, 0)
    assert deployments_recovered(SHOP, shop.ns)
    assert corrupted_deployments(ns=shop.ns) == 0
    assert as_it_was(shop)


def test_the_recovery_of_a_group_has_a_worst_and_a_median(shop: Any) -> None:
    corrupt_images(SHOP, shop.ns, guard=False)
    restore_images(SHOP, shop.ns)
    found = deployments_recovery(SHOP, shop.ns)
    seconds = found["seconds"]
    assert sorted(seconds) == [f"{shop.ns}/{name}" for name in NAMES]
    assert (found["worst"], found["median"]) == (max(seconds.values()), sorted(seconds.values())[1])
    assert seconds[found["slowest"]] == found["worst"]


def test_the_seed_in_the_journal_repeats_the_choice(shop: Any) -> None:
    first = corrupt_images(SHOP, shop.ns, fraction=0.5, dry_run=True)
    again = [corrupt_images(SHOP, shop.ns, fraction=0.5, seed=first["seed"], dry_run=True) for _ in range(3)]
    assert all(a["targets"][0]["deployment"] == first["targets"][0]["deployment"] for a in again)
    assert (len(first["targets"]), first["matched"]) == (2, 3)


def test_a_dry_run_changes_nothing(shop: Any) -> None:
    before = [shop.get(name) for name in NAMES]
    done = corrupt_images(SHOP, shop.ns, dry_run=True)
    assert (len(done["targets"]), done["guard_log"]) == (3, None)
    assert [shop.get(name) for name in NAMES] == before


def test_more_than_max_targets_touches_nothing(shop: Any) -> None:
    with shop.untouched("a"), pytest.raises(Refused, match="max_targets: 3 Deployments would be corrupted"):
        corrupt_images(SHOP, shop.ns, max_targets=2)


def test_one_that_must_not_be_touched_keeps_all_of_them_from_being(shop: Any) -> None:
    shop.api.patch(shop.ns, "b", {"spec": {"paused": True}})
    with shop.untouched("a"), shop.untouched("c"), pytest.raises(Refused, match=r"1 of 3 .*/b is paused"):
        corrupt_images(SHOP, shop.ns)


def test_a_fault_that_is_in_place_already_stays_when_the_group_is_refused(shop: Any) -> None:
    corrupt_image("b", shop.ns, guard=False)
    with pytest.raises(Refused, match="already corrupted"):
        corrupt_images(SHOP, shop.ns)
    assert images(shop) == {"a": IMAGE, "b": CORRUPT, "c": IMAGE, "other": IMAGE}
    restore_image("b", shop.ns)


@pytest.mark.parametrize("concurrency", [1, 10])
def test_one_that_fails_has_the_others_restored(shop: Any, simulator: Any, concurrency: Any) -> None:
    def pause(_: Any) -> None:
        found = simulator.world.store.get("deployments.apps", shop.ns, "b")
        simulator.world.store.update("deployments.apps", {**found, "spec": {**found["spec"], "paused": True}})

    simulator.faults.hook("before", pause, "PATCH", r"deployments/b\?")
    with pytest.raises(ImageCorruptError, match=r"1 of 3 Deployments could not be corrupted.*The others are as they"):
        corrupt_images(SHOP, shop.ns, concurrency=concurrency)
    assert shop.guards_ended()
    assert as_it_was(shop)
    assert [f for f in MEMORY.faults() if f.entries] == []


def test_one_that_may_be_corrupted_all_the_same_is_restored_too(
    shop: Any, simulator: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connect(), "patience", Patience(retry_for=0.3))
    simulator.faults.drop("after", "PATCH", r"deployments/b\?")
    simulator.faults.answer(503, "GET", r"deployments/b$", times=10)
    simulator.faults.answer(503, "PATCH", r"deployments/b\?", nth=2, times=2)
    with pytest.raises(ImageCorruptError, match="could not be corrupted"):
        corrupt_images(SHOP, shop.ns, concurrency=1, guard=False)
    simulator.faults.clear()
    restore_images(ns=shop.ns)
    assert as_it_was(shop)


def test_one_guard_undoes_all_of_them_after_the_ttl(shop: Any) -> None:
    done = corrupt_images(SHOP, shop.ns, ttl="2s")
    assert len(shop.guard_logs()) == 1 and str(shop.guard_logs()[0]) == done["guard_log"]
    assert shop.guards_ended()
    assert as_it_was(shop)


def test_the_guard_restores_all_of_them_when_it_is_told_to_end(shop: Any) -> None:
    done = corrupt_images(SHOP, shop.ns)
    [pid] = set(re.findall(r"process (\d+)", shop.guard_logs()[0].read_text()))
    os.kill(int(pid), signal.SIGTERM)
    assert shop.guards_ended(), done
    assert as_it_was(shop)


def test_the_guard_of_a_group_ends_once_someone_restores_all_of_them(shop: Any) -> None:
    corrupt_images(SHOP, shop.ns)
    restore_images(SHOP, shop.ns)
    assert shop.guards_ended()
    assert as_it_was(shop)


def test_someone_elses_image_in_a_group_stays(shop: Any) -> None:
    corrupt_images(SHOP, shop.ns, guard=False)
    shop.api.set_image(shop.ns, "b", OTHER_IMAGE)
    outcomes = {d["deployment"]: d["outcome"] for d in restore_images(SHOP, shop.ns)["deployments"]}
    assert outcomes == {"a": "restored", "b": "superseded", "c": "restored"}
    assert images(shop) == {"a": IMAGE, "b": OTHER_IMAGE, "c": IMAGE, "other": IMAGE}


def test_a_rollback_restores_only_what_this_run_has_corrupted(shop: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    corrupt_image("other", shop.ns, guard=False)
    MEMORY.forget()
    corrupt_images(SHOP, shop.ns, guard=False)
    assert restore_images(ns=shop.ns, this_run_only=True)["restored"] == 3
    assert images(shop) == {**dict.fromkeys(NAMES, IMAGE), "other": CORRUPT}
    restore_image("other", shop.ns)


def test_an_interruption_in_the_middle_undoes_what_is_in_place(shop: Any, simulator: Any) -> None:
    def interrupt(request: pytest.FixtureRequest) -> None:
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(0.5)

    simulator.faults.hook("before", interrupt, "PATCH", r"deployments/b\?")
    with pytest.raises(KeyboardInterrupt):
        corrupt_images(SHOP, shop.ns, concurrency=1)
    assert as_it_was(shop)
    assert shop.guards_ended()


def test_calls_are_made_a_few_at_a_time() -> None:
    running, most = [], []
    held = threading.Event()

    def call(item: Any) -> Any:
        running.append(item)
        most.append(len(running))
        held.wait(0.01)
        running.remove(item)
        return item * 2

    assert list(map_concurrently(call, range(20), 3)) == [2 * n for n in range(20)]
    assert max(most) <= 3


def test_a_selector_that_does_not_parse_is_an_error_that_says_so(place: Any) -> None:
    with pytest.raises(ImageCorruptError, match="unable to parse"):
        corrupt_images("a in (", place.ns)
