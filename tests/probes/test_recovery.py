"""How long a recovery took, on a cluster whose clock is not ours: it stands still unless it is told to go on."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from chaosimagecorrupt.actions import corrupt_image
from chaosimagecorrupt.errors import ImageCorruptError
from chaosimagecorrupt.kube.client import Cluster
from chaosimagecorrupt.probes import (
    deployment_recovered,
    deployments_recovered,
    deployments_recovery,
    reconcile_cycles,
    recovery_seconds,
)
from chaosimagecorrupt.probes._timeline import was_restored
from chaosimagecorrupt.record.memory import MEMORY, Fault
from chaosimagecorrupt.rollbacks import restore_image
from chaosimagecorrupt.timeline.recorder import Recorder, recorder_of
from chaosimagecorrupt.verdict import Facts, judge
from chaosimagecorrupt.workload.target import Target

from ..fixtures_http import NS, Shop, soon

SLOW: dict[str, Any] = {"strategy": {"type": "Recreate", "rollingUpdate": None}, "minReadySeconds": 6}


@pytest.fixture
def slow(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    """A Deployment that was corrupted; it takes at least six seconds to recover."""
    monkeypatch.setenv("KUBECONFIG", str(shop.simulator.kubeconfig))
    shop.patch({"spec": SLOW})
    shop.simulator.advance(10)
    corrupt_image(shop.name, NS, guard=False)
    shop.simulator.advance(5)
    yield shop


@pytest.fixture
def told(shop: Shop, cluster: Cluster) -> Iterator[Recorder]:
    """Follows the Deployment as the control does, from before the fault."""
    recorder = Recorder(Target(shop.name, NS, cluster))
    recorder.start()
    assert recorder.wait_until_following(5)
    yield recorder
    recorder.end()


def remember(shop: Shop, *, ago: float = 0, on_server: str | None = None) -> Fault:
    """Move the restore that this process remembers into the past, or to another time by the API server's clock."""
    key, fault = next((k, f) for k, f in MEMORY._faults.items() if f.name == shop.name)
    assert fault.restored_at is not None
    changed = replace(fault, restored_at=fault.restored_at - ago, recovered_at=None)
    MEMORY._faults[key] = replace(changed, restored_on_server=on_server or fault.restored_on_server)
    return MEMORY._faults[key]


def restored(shop: Shop, ago: float = 30) -> Fault:
    """Restore it, and let its clock go on until it has recovered; by our clock that is some seconds ago."""
    restore_image(shop.name, NS, clean_history=False)
    shop.simulator.advance(20)
    return remember(shop, ago=ago)


def healed(shop: Shop) -> Fault:
    """Have somebody else put the image back, and find that when it has recovered."""
    shop.set_image("registry.k8s.io/pause:3.10")
    shop.simulator.advance(20)
    restore_image(shop.name, NS, clean_history=False)
    shop.simulator.advance(1)
    return next(f for f in MEMORY.faults() if f.name == shop.name)


def test_a_late_look_compares_the_clusters_times_with_each_other(slow: Shop) -> None:
    restored(slow)
    assert 6 <= recovery_seconds(slow.name, NS, timeout=5) <= 9


def test_a_look_of_another_probe_does_not_end_the_recovery_late(slow: Shop) -> None:
    restored(slow)
    assert deployment_recovered(slow.name, NS)
    assert 6 <= recovery_seconds(slow.name, NS, timeout=5) <= 9


def test_the_probes_of_a_group_do_not_count_the_time_until_they_look(slow: Shop) -> None:
    restored(slow)
    assert deployments_recovered(f"app={slow.name}", NS)
    assert 6 <= deployments_recovery(f"app={slow.name}", NS)["worst"] <= 9


def test_a_recovery_never_lasted_longer_than_until_it_was_seen(slow: Shop) -> None:
    restored(slow, ago=2)
    assert 2 <= recovery_seconds(slow.name, NS, timeout=5) < 6


def test_what_no_condition_tells_is_clocked_to_the_look(slow: Shop) -> None:
    restored(slow)
    remember(slow, on_server="2099-01-01T00:00:00Z")
    assert recovery_seconds(slow.name, NS, timeout=5) >= 30


def test_what_somebody_else_put_back_is_clocked_from_then(slow: Shop) -> None:
    healed(slow)
    assert 6 <= recovery_seconds(slow.name, NS, timeout=5) <= 9


def test_what_somebody_else_put_back_and_no_condition_tells_is_an_error(slow: Shop) -> None:
    healed(slow)
    remember(slow, on_server="2099-01-01T00:00:00Z")
    with pytest.raises(ImageCorruptError, match="nothing tells how long that took"):
        recovery_seconds(slow.name, NS, timeout=5)


def elsewhere(shop: Shop) -> None:
    """Restore it as another process does, of which this one knows nothing."""
    before = dict(MEMORY._faults)
    MEMORY._faults.clear()
    restore_image(shop.name, NS, clean_history=False)
    MEMORY._faults.update(before)
    shop.simulator.advance(20)


def test_what_the_control_saw_is_what_the_probe_measures(told: Recorder, slow: Shop) -> None:
    restored(slow, ago=0)
    facts = Facts(slow.name, tuple(MEMORY.faults()[-1].entries.values()))
    assert recovery_seconds(slow.name, NS, timeout=5) == judge(told.timeline(), facts).recovery["seconds"]


def test_a_recovery_from_another_processs_restore_is_measured_when_the_control_saw_it(
    told: Recorder, slow: Shop
) -> None:
    elsewhere(slow)
    assert soon(lambda: was_restored(Target(slow.name, NS, told.target.cluster)))
    assert recovery_seconds(slow.name, NS, timeout=5) >= 0
    assert deployments_recovery(f"app={slow.name}", NS, timeout=5)["targets"] == 1


def test_cycles_are_without_scaling_and_without_what_another_process_of_ours_restored(
    told: Recorder, slow: Shop
) -> None:
    slow.scale(3)
    elsewhere(slow)
    assert reconcile_cycles(slow.name, NS) == 0
    slow.patch({"metadata": {"annotations": {"example.com/a": "1"}}})
    assert reconcile_cycles(slow.name, NS) == 1


def test_without_the_control_a_number_of_generations_is_all_there_is(slow: Shop) -> None:
    slow.scale(3)
    assert reconcile_cycles(slow.name, NS) == 1


def test_who_is_no_longer_followed_is_not_asked(told: Recorder) -> None:
    assert recorder_of(told.target) is told
    told.end()
    assert recorder_of(told.target) is None
