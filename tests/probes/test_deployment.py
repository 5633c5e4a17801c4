"""The state of a rollout by the Deployment's own conditions and counts, before and during a fault."""

import pytest

from chaosimagecorrupt.probes import (
    deployment_available,
    deployment_progressing,
    pods_ready,
    progress_deadline_exceeded,
    progress_deadline_set,
    serving_pods,
)

from ..fixtures_http import NS, Shop


@pytest.fixture
def healthy(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> Shop:
    """A Deployment whose pods are ready."""
    monkeypatch.setenv("KUBECONFIG", str(shop.simulator.kubeconfig))
    return shop


def test_a_healthy_deployment(healthy: Shop) -> None:
    name = healthy.name
    assert deployment_available(name, NS) and deployment_progressing(name, NS) and pods_ready(name, NS)
    assert not progress_deadline_exceeded(name, NS) and serving_pods(name, NS) == 2


def test_a_deployment_past_its_progress_deadline(healthy: Shop) -> None:
    healthy.patch({"spec": {"progressDeadlineSeconds": 10}})
    healthy.set_image()
    healthy.simulator.advance(20)
    assert progress_deadline_exceeded(healthy.name, NS, timeout=5) and not deployment_progressing(healthy.name, NS)
    assert deployment_available(healthy.name, NS) and not pods_ready(healthy.name, NS)


@pytest.mark.parametrize(("seconds", "expected"), [(600, True), (2147483647, False)])
def test_the_largest_deadline_is_none(healthy: Shop, seconds: int, expected: bool) -> None:
    healthy.patch({"spec": {"progressDeadlineSeconds": seconds}})
    assert progress_deadline_set(healthy.name, NS) is expected
