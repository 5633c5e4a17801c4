"""What a restore leaves behind is removed; what cannot be removed is a warning that says what to do."""

import time
from contextlib import suppress
from typing import Any

import pytest

from chaosimagecorrupt.errors import Unreachable
from chaosimagecorrupt.fault.inject import Injection
from chaosimagecorrupt.fault.spec import FaultSpec
from chaosimagecorrupt.record.annotations import read_record
from chaosimagecorrupt.record.find import recorded_workloads
from chaosimagecorrupt.record.memory import MEMORY
from chaosimagecorrupt.restore.clean_up import clean_up
from chaosimagecorrupt.restore.many import restore_all, todo_of
from chaosimagecorrupt.restore.restore import restore
from chaosimagecorrupt.workload.statefulset import STATEFUL_SET
from chaosimagecorrupt.workload.target import Target

from ..in_process_client import SETTLE, InProcessClient, Place
from ..simulated_cluster import CORRUPT, IMAGE, NS
from .corrupted_web import CorruptedWeb

Object = Any


def test_nothing_is_left_and_no_warning() -> None:
    web = CorruptedWeb()
    assert restore(web.target)["warnings"] == []
    assert web.traces() == []


def test_replica_sets_that_the_role_does_not_let_us_list_are_a_warning() -> None:
    web = CorruptedWeb("list replicasets")
    [warning] = restore(web.target)["warnings"]
    assert warning.startswith("traces of the fault may be left, because the cluster could not be searched for them: ")
    assert (web.image(), web.corrupt_replica_set() != "") == (IMAGE, True)


def test_the_rollout_history_stays_when_it_is_not_to_be_cleaned() -> None:
    web = CorruptedWeb()
    name = web.corrupt_replica_set()
    assert restore(web.target, clean_history=False)["warnings"] == []
    assert web.corrupt_replica_set() == name
    assert [t for t in web.traces() if not t.startswith("ReplicaSet")] == []


def test_what_one_process_left_is_removed_by_the_next() -> None:
    web = CorruptedWeb()
    restore(web.target, clean_history=False)
    web.settle()
    assert clean_up(web.target, [web.entry], clean_history=True) == []
    assert web.traces() == []


def test_a_deployment_that_is_gone_leaves_nothing_to_clean() -> None:
    web = CorruptedWeb()
    web.delete()
    assert clean_up(web.target, [web.entry], clean_history=True) == []


def test_an_api_server_that_does_not_answer_is_an_error_so_that_the_caller_can_try_again() -> None:
    web = CorruptedWeb()
    web.client.troubles = ["drop"] * 3
    with pytest.raises(Unreachable):
        clean_up(web.target, [web.entry], clean_history=True)


def a_stateful_set() -> Object:
    labels = {"app": "web"}
    pod = {"containers": [{"name": "app", "image": IMAGE}]}
    template = {"metadata": {"labels": labels}, "spec": pod}
    spec = {"replicas": 2, "serviceName": "web", "selector": {"matchLabels": labels}, "template": template}
    return {"apiVersion": "apps/v1", "kind": "StatefulSet", "metadata": {"name": "web", "namespace": NS}, "spec": spec}


@pytest.mark.parametrize("at", range(2, 14))
def test_wherever_the_restore_of_a_stateful_set_ends_a_sweep_finds_what_is_left(at: int) -> None:
    place = Place(time.time(), [a_stateful_set()])
    process, others = InProcessClient(place, "process"), InProcessClient(place, "others")
    target = Target("web", NS, process, STATEFUL_SET)
    Injection(target, FaultSpec(None, CORRUPT, 60.0)).inject()
    place.clock.advance(SETTLE)
    process.troubles = [*[None] * at, "interrupt"]
    with suppress(KeyboardInterrupt):
        restore(target)
    MEMORY.forget()

    restore_all(todo_of(others, recorded_workloads(others, None, None), place.clock.now(), expired_only=True))
    found: Object = place.world.store.get("statefulsets.apps", NS, "web")
    revisions: Object = place.world.store.list("controllerrevisions.apps", NS)
    assert [e["manager"] for e in found["metadata"]["managedFields"] if "chaos" in e["manager"]] == []
    assert (read_record(found), found["metadata"].get("labels"), len(revisions)) == ({}, None, 1)
    place.clock.advance(SETTLE)
    settled: Object = place.world.store.get("statefulsets.apps", NS, "web")
    assert STATEFUL_SET.recovered(settled, ())
