"""What many Deployments report during the fault."""

import pytest

from chaosimagecorrupt.actions import corrupt_image
from chaosimagecorrupt.errors import Refused
from chaosimagecorrupt.probes import deployments_available, progress_deadlines_exceeded, pull_backoffs_growing

from ..fixtures_http import NS, Shop


@pytest.fixture
def faulty(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> Shop:
    """A Deployment with a deadline of ten seconds, corrupted by this run."""
    monkeypatch.setenv("KUBECONFIG", str(shop.simulator.kubeconfig))
    shop.patch({"spec": {"progressDeadlineSeconds": 10}})
    shop.simulator.advance(5)
    corrupt_image(shop.name, NS, guard=False)
    shop.simulator.advance(5)
    return shop


def test_a_deadline_is_exceeded_once_the_controller_says_so(faulty: Shop) -> None:
    assert not progress_deadlines_exceeded(f"app={faulty.name}", NS)
    faulty.simulator.advance(20)
    assert progress_deadlines_exceeded(f"app={faulty.name}", NS)


def test_during_the_fault_the_old_pods_keep_all_available(faulty: Shop) -> None:
    assert deployments_available(f"app={faulty.name}", NS)
    faulty.patch({"spec": {"strategy": {"type": "Recreate", "rollingUpdate": None}}})
    faulty.set_image()
    faulty.simulator.advance(60)
    assert not deployments_available(f"app={faulty.name}", NS)


def test_without_one_that_has_replicas_nothing_is_available(faulty: Shop) -> None:
    faulty.scale(0)
    with pytest.raises(Refused, match="no Deployment that has replicas matches"):
        deployments_available(f"app={faulty.name}", NS)


def test_of_a_deployment_that_is_not_corrupted_nothing_is_reported(faulty: Shop) -> None:
    other = Shop(faulty.simulator, faulty.cluster)
    assert not progress_deadlines_exceeded(f"app={other.name}", NS)
    assert not pull_backoffs_growing(f"app={other.name}", NS, timeout=0)
