"""In a dry run of Chaos Toolkit nothing is injected, no probe waits for what follows from a fault, and none fails."""

import time
from collections.abc import Iterator

import pytest

from chaosimagecorrupt.actions import corrupt_image, corrupt_images
from chaosimagecorrupt.errors import ImageCorruptError
from chaosimagecorrupt.probes import (
    deployments_recovery,
    image_pull_failing,
    images_pull_failing,
    progress_deadline_exceeded,
    reconcile_cycles,
    recovery_seconds,
    resource_condition,
)
from chaosimagecorrupt.record.memory import MEMORY

from ..fixtures_http import NS, Shop


@pytest.fixture
def dry(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    """A Deployment, in a dry run."""
    monkeypatch.setenv("KUBECONFIG", str(shop.simulator.kubeconfig))
    MEMORY.forget()
    MEMORY.set_dry_run(True)
    yield shop
    MEMORY.set_dry_run(False)


def test_nothing_is_injected(dry: Shop) -> None:
    before = dry.get()["metadata"]["generation"]
    assert corrupt_image(dry.name, NS)["guard_log"] is None
    assert corrupt_images(f"app={dry.name}", NS)["guard_log"] is None
    assert dry.get()["metadata"]["generation"] == before and MEMORY.faults() == []


def test_no_probe_waits(dry: Shop) -> None:
    began = time.monotonic()
    assert not image_pull_failing(dry.name, NS, timeout=60, required=True)
    assert not images_pull_failing(f"app={dry.name}", NS, timeout=60, required=True)
    assert not progress_deadline_exceeded(dry.name, NS, timeout=60)
    operator = ("operator.knative.dev/v1beta1", "KnativeServing", "seed", "Ready")
    assert not resource_condition(*operator, status="False", ns=NS, timeout=60)
    assert time.monotonic() - began < 30


def test_what_follows_from_a_fault_is_zero(dry: Shop) -> None:
    assert (recovery_seconds(dry.name, NS), reconcile_cycles(dry.name, NS)) == (0, 0)
    assert deployments_recovery(f"app={dry.name}", NS)["targets"] == 0


def test_a_duration_that_is_none_is_refused_all_the_same(dry: Shop) -> None:
    with pytest.raises(ImageCorruptError, match="timeout: 'soon' is not a duration"):
        image_pull_failing(dry.name, NS, timeout="soon")  # type: ignore[arg-type]  # as in an experiment


def test_a_proof_that_is_required_and_missing_fails_the_activity(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KUBECONFIG", str(shop.simulator.kubeconfig))
    assert not image_pull_failing(shop.name, NS, timeout=0)
    for probe, of in ((image_pull_failing, shop.name), (images_pull_failing, f"app={shop.name}")):
        with pytest.raises(ImageCorruptError, match=r"no pod failed to pull its image within 0\.1 s"):
            probe(of, NS, timeout="100ms", required=True)  # type: ignore[arg-type]  # as in an experiment
