"""Without a proof, what the pods show instead is told: another cause, or a pull that hangs."""

from collections.abc import Iterator
from typing import Any

import pytest

from chaosimagecorrupt.actions import corrupt_image
from chaosimagecorrupt.errors import ImageCorruptError
from chaosimagecorrupt.kube.client import Cluster
from chaosimagecorrupt.kube.configuration import configuration_of
from chaosimagecorrupt.kube.settings import Settings
from chaosimagecorrupt.kube.timing import ClientTiming
from chaosimagecorrupt.probes import image_pull_failing, images_pull_failing
from chaosimagecorrupt.probes._no_proof import log_no_proof, why_no_proof
from chaosimagecorrupt.workload.target import Target

from ..fixtures_http import NS, Shop


@pytest.fixture
def place(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    monkeypatch.setenv("KUBECONFIG", str(shop.simulator.kubeconfig))
    yield shop
    shop.simulator.world.images.blocked = False


def target_of(shop: Shop) -> Target:
    """The Deployment, read by the cluster's own clock."""
    timing = ClientTiming(now=shop.simulator.world.clock.now)
    settings = Settings(kubeconfig=str(shop.simulator.kubeconfig))
    return Target(shop.name, NS, Cluster(configuration_of(settings), timing=timing))


def corrupted(shop: Shop, seconds: float = 5, **arguments: Any) -> None:
    corrupt_image(shop.name, NS, guard=False, **arguments)
    shop.simulator.advance(seconds)


@pytest.mark.parametrize(
    ("cause", "reported", "other"),
    [
        ("dns", "name does not resolve", "not-found"),
        ("not-found", "not found", "dns"),
        ("digest", "not found", "unauthorized"),
        ("invalid", "invalid reference", "never"),
    ],
)
def test_each_cause_is_told_from_the_others(place: Shop, cause: str, reported: str, other: str) -> None:
    corrupted(place, cause=cause)
    for name in (cause, reported, None):
        assert image_pull_failing(place.name, NS, timeout=0, cause=name, required=True)
        assert images_pull_failing(f"app={place.name}", NS, timeout=0, cause=name)
    assert not image_pull_failing(place.name, NS, timeout=0, cause=other)
    assert not images_pull_failing(f"app={place.name}", NS, timeout=0, cause=other)


@pytest.mark.parametrize(
    ("registry", "reported"),
    [
        ("unauthorized.test", "unauthorized"),
        ("forbidden.test", "forbidden"),
        ("rate-limited.test", "rate limited"),
        ("error.test", "registry error"),
        ("tls.test", "TLS"),
        ("refused.test", "connection refused"),
    ],
)
def test_what_a_registry_answers_is_reported(place: Shop, registry: str, reported: str) -> None:
    corrupted(place, image=f"{registry}/app:v1")
    assert image_pull_failing(place.name, NS, timeout=0, cause=reported)
    assert f"waits: ErrImagePull ({reported})" in why_no_proof(target_of(place))


def test_another_cause_fails_an_activity_that_requires_one_with_what_was_found(place: Shop) -> None:
    corrupted(place)
    why = (
        r"no pod failed to pull its image with the cause 'not found' within 0 s: Pod .*: app waits: ErrImagePull \(name"
    )
    with pytest.raises(ImageCorruptError, match=why):
        image_pull_failing(place.name, NS, timeout=0, cause="not-found", required=True)


def test_a_proof_of_the_wrong_cause_is_remembered_all_the_same(place: Shop, log: pytest.LogCaptureFixture) -> None:
    corrupted(place)
    assert not image_pull_failing(place.name, NS, timeout=0, cause="not-found")
    assert "app waits: ErrImagePull (name does not resolve)" in log.text


def test_a_pull_that_hangs_is_said(place: Shop, log: pytest.LogCaptureFixture) -> None:
    corrupted(place, 20, image="hangs.test/app:v1")
    assert why_no_proof(target_of(place)) == ""
    place.advance(20)
    assert "nothing has come of its pull for" in why_no_proof(target_of(place))
    log_no_proof(target_of(place))
    assert "it hangs, or waits for one that does" in log.text
    with pytest.raises(ImageCorruptError, match=r"within 0 s: Pod .*: nothing has come of its pull for"):
        image_pull_failing(place.name, NS, timeout=0, required=True)


def test_nothing_is_said_of_pods_that_start_or_cannot_be_read(place: Shop) -> None:
    assert why_no_proof(target_of(place)) == ""
    place.delete()
    assert why_no_proof(target_of(place)) == ""
