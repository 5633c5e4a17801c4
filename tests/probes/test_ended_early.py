"""Probes that wait for what a fault causes end at once when the fault is gone, and the log says why."""

import logging
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from chaosimagecorrupt.actions import corrupt_image
from chaosimagecorrupt.errors import ImageCorruptError
from chaosimagecorrupt.kube.requests import Request
from chaosimagecorrupt.kube.resources import DEPLOYMENTS
from chaosimagecorrupt.probes import (
    deployment_recovered,
    image_pull_failing,
    images_pull_failing,
    pods_ready,
    progress_deadline_exceeded,
    progress_deadlines_exceeded,
    pull_backoff_growing,
    pull_backoffs_growing,
    recovery_seconds,
    resource_condition,
)
from chaosimagecorrupt.record.memory import MEMORY
from chaosimagecorrupt.timeline.recorder import Recorder

from ..fixtures_http import BAD, NS, Shop
from .restores import restored

ORIGINAL = "registry.k8s.io/pause:3.10"
TIMEOUT = 60
# a wait that ended at once took less than this, also on a busy machine
AT_ONCE = 30


@pytest.fixture
def faulty(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    """A Deployment that was corrupted just now; no pod has tried to pull yet."""
    monkeypatch.setenv("KUBECONFIG", str(shop.simulator.kubeconfig))
    shop.simulator.advance(10)
    corrupt_image(shop.name, NS, guard=False)
    yield shop


WAITS: dict[str, Callable[..., bool]] = {
    "pull": image_pull_failing,
    "deadline": progress_deadline_exceeded,
}


def supersede(shop: Shop) -> None:
    """Deploy a third image, as another client does."""
    containers = [{"name": "app", "image": BAD}]
    body = {"spec": {"template": {"spec": {"containers": containers}}}}
    path = f"{DEPLOYMENTS.path(NS, shop.name)}?fieldManager=ci"
    strategic = "application/strategic-merge-patch+json"
    shop.cluster.send(Request("PATCH", path, "deploy another image", body=body, content_type=strategic))


ENDS: dict[str, tuple[Callable[[Shop], object], str]] = {
    "healed": (lambda shop: shop.set_image(ORIGINAL), "put the original image back"),
    "superseded": (supersede, f"set another image: app has '{BAD}'"),
    "scaled to 0": (lambda shop: shop.scale(0), "the Deployment has 0 replicas"),
    "deleted": (lambda shop: shop.delete(), "the Deployment is gone"),
}


def assert_ends_at_once(
    caplog: pytest.LogCaptureFixture, why: str, wait: Callable[[], object], end: Callable[[], object] | None = None
) -> None:
    """Wait; meanwhile the fault is ended, unless it was before."""
    began = time.monotonic()
    later = threading.Timer(0.2, end or (lambda: None))
    later.start()
    with caplog.at_level(logging.INFO):
        assert not wait()
    later.join()
    assert time.monotonic() - began < AT_ONCE
    assert "not waiting any longer: " in caplog.text and why in caplog.text


@pytest.mark.parametrize("probe", WAITS)
@pytest.mark.parametrize("name", ENDS)
def test_a_wait_for_an_effect_ends_with_the_fault(
    faulty: Shop, caplog: pytest.LogCaptureFixture, probe: str, name: str
) -> None:
    end, why = ENDS[name]
    assert_ends_at_once(caplog, why, lambda: WAITS[probe](faulty.name, NS, timeout=TIMEOUT), lambda: end(faulty))


@pytest.mark.parametrize("probe", WAITS)
@pytest.mark.parametrize("name", ENDS)
def test_a_fault_that_is_over_is_not_waited_for(
    faulty: Shop, caplog: pytest.LogCaptureFixture, probe: str, name: str
) -> None:
    end, why = ENDS[name]
    end(faulty)
    assert_ends_at_once(caplog, why, lambda: WAITS[probe](faulty.name, NS, timeout=TIMEOUT))


def test_the_deadlines_of_many_are_not_waited_for_without_the_faults(
    faulty: Shop, caplog: pytest.LogCaptureFixture
) -> None:
    end, why = ENDS["healed"]

    def wait() -> bool:
        return progress_deadlines_exceeded(f"app={faulty.name}", NS, timeout=TIMEOUT)

    assert_ends_at_once(caplog, why, wait, lambda: end(faulty))


@pytest.mark.parametrize("name", ENDS)
def test_no_further_pull_is_waited_for_without_the_fault(
    faulty: Shop, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    end, _ = ENDS[name]
    end(faulty)
    assert_ends_at_once(caplog, "", lambda: pull_backoff_growing(faulty.name, NS, timeout=TIMEOUT))


@pytest.mark.parametrize("probe", [image_pull_failing, images_pull_failing])
def test_a_required_proof_is_no_error_when_an_owner_put_the_original_image_back(
    faulty: Shop, caplog: pytest.LogCaptureFixture, probe: Callable[..., bool]
) -> None:
    end, why = ENDS["healed"]
    selected = faulty.name if probe is image_pull_failing else f"app={faulty.name}"
    assert_ends_at_once(caplog, why, lambda: probe(selected, NS, timeout=TIMEOUT, required=True), lambda: end(faulty))


@pytest.mark.parametrize("name", [name for name in ENDS if name != "healed"])
@pytest.mark.parametrize("probe", [image_pull_failing, images_pull_failing])
def test_a_required_proof_that_cannot_come_is_an_error(faulty: Shop, probe: Callable[..., bool], name: str) -> None:
    end, _ = ENDS[name]
    end(faulty)
    selected = faulty.name if probe is image_pull_failing else f"app={faulty.name}"
    with pytest.raises(ImageCorruptError, match="no pod failed to pull its image within 60 s"):
        probe(selected, NS, timeout=TIMEOUT, required=True)


@pytest.fixture
def dry_run() -> Iterator[None]:
    MEMORY.set_dry_run(True)
    yield
    MEMORY.set_dry_run(False)


@pytest.mark.usefixtures("dry_run")
def test_in_a_dry_run_no_pull_is_waited_for(faulty: Shop) -> None:
    began = time.monotonic()
    assert not pull_backoff_growing(faulty.name, NS, timeout=TIMEOUT)
    assert not pull_backoffs_growing(f"app={faulty.name}", NS, timeout=TIMEOUT)
    assert time.monotonic() - began < AT_ONCE


def test_what_this_run_did_not_corrupt_may_fail_yet(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KUBECONFIG", str(shop.simulator.kubeconfig))
    shop.simulator.advance(10)

    def roll_out() -> None:
        shop.set_image()
        shop.simulator.advance(10)

    later = threading.Timer(0.2, roll_out)
    later.start()
    assert image_pull_failing(shop.name, NS, timeout=TIMEOUT)
    later.join()


@pytest.mark.parametrize("name", ENDS)
def test_an_operator_has_nothing_to_report_without_the_fault(
    faulty: Shop, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    operator = Shop(faulty.simulator, faulty.cluster)
    faulty.simulator.advance(10)
    end, why = ENDS[name]

    def wait() -> bool:
        return resource_condition(
            "apps/v1", "Deployment", operator.name, "Progressing", "False", ns=NS, timeout=TIMEOUT
        )

    assert_ends_at_once(caplog, why, wait, lambda: end(faulty))


def test_after_the_restore_an_operator_is_waited_for(faulty: Shop) -> None:
    restored(faulty)
    operator = Shop(faulty.simulator, faulty.cluster)
    later = threading.Timer(0.2, lambda: faulty.simulator.advance(20))
    later.start()
    assert resource_condition("apps/v1", "Deployment", operator.name, "Available", ns=NS, timeout=TIMEOUT)
    later.join()


@pytest.mark.parametrize("probe", [deployment_recovered, pods_ready])
def test_no_recovery_of_a_deployment_that_is_scaled_to_0_is_waited_for(
    faulty: Shop, caplog: pytest.LogCaptureFixture, probe: Callable[..., bool]
) -> None:
    why = "the Deployment has 0 replicas"
    assert_ends_at_once(caplog, why, lambda: probe(faulty.name, NS, timeout=TIMEOUT), lambda: faulty.scale(0))


def test_the_seconds_of_a_recovery_that_cannot_come_are_an_error_at_once(recorder: Recorder, slow: Shop) -> None:
    slow.scale(0)
    restored(slow, ago=0)
    began = time.monotonic()
    with pytest.raises(ImageCorruptError, match="did not recover: the Deployment has 0 replicas"):
        recovery_seconds(slow.name, NS, timeout=TIMEOUT)
    assert time.monotonic() - began < AT_ONCE


def test_the_seconds_of_a_deployment_that_was_created_again_are_those_that_were_observed(
    recorder: Recorder, slow: Shop
) -> None:
    slow.delete()
    slow.simulator.advance(20)
    slow.create()
    slow.simulator.advance(20)
    began = time.monotonic()
    assert recovery_seconds(slow.name, NS, timeout=TIMEOUT) >= 0
    assert time.monotonic() - began < AT_ONCE
