"""Whether the pauses between pulls grow is waited for, and no longer than a pull can come."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from chaosimagecorrupt.actions import corrupt_image
from chaosimagecorrupt.errors import ImageCorruptError, Refused
from chaosimagecorrupt.probes import pull_backoff_growing, pull_backoffs_growing
from chaosimagecorrupt.rollbacks import restore_image
from chaosimagecorrupt.timeline.recorder import Recorder

from ..fixtures_http import NS, Shop, soon

# seconds of the cluster, after which three pulls are over, or two
THREE, TWO = 60, 20


@pytest.fixture
def corrupt(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> Shop:
    """A Deployment that was corrupted a moment ago."""
    monkeypatch.setenv("KUBECONFIG", str(shop.simulator.kubeconfig))
    corrupt_image(shop.name, NS, guard=False)
    shop.simulator.advance(5)
    return shop


@contextmanager
def passing(shop: Shop) -> Iterator[None]:
    """Let the cluster's time pass a second at a time, so that each pull is observed."""
    ended = threading.Event()

    def advance() -> None:
        while not ended.wait(0.02):
            shop.simulator.advance(1)

    thread = threading.Thread(target=advance)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def test_it_waits_for_the_third_pull(corrupt: Shop) -> None:
    with passing(corrupt):
        assert pull_backoff_growing(corrupt.name, NS, timeout=30)


def test_two_pulls_are_not_enough(corrupt: Shop) -> None:
    corrupt.simulator.advance(TWO)
    assert not pull_backoff_growing(corrupt.name, NS, timeout=0)


def test_the_first_of_two_pulls_is_known_by_the_event(corrupt: Shop) -> None:
    corrupt.simulator.advance(TWO)
    with passing(corrupt):
        assert pull_backoff_growing(corrupt.name, NS, timeout=30)


def test_the_controls_timeline_has_the_pulls_before_it(recorder: Recorder, corrupt: Shop) -> None:
    for _ in range(THREE):
        corrupt.simulator.advance(1)
    assert recorder.wait(lambda t: "Pulling" in str(t["changes"]), 5)
    assert pull_backoff_growing(corrupt.name, NS, timeout=5)
    assert pull_backoffs_growing(f"app={corrupt.name}", NS, timeout=5)


def test_without_a_fault_nothing_is_waited_for(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KUBECONFIG", str(shop.simulator.kubeconfig))
    began = time.monotonic()
    assert not pull_backoff_growing(shop.name, NS, timeout=60)
    assert not pull_backoffs_growing(f"app={shop.name}", NS, timeout=60)
    assert time.monotonic() - began < 15


ENDS: dict[str, Callable[[Shop], Any]] = {
    "the restore": lambda shop: restore_image(shop.name, NS),
    "another image": lambda shop: shop.set_image("localhost/app:v3"),
    "scaling to 0": lambda shop: shop.scale(0),
    "deletion": lambda shop: shop.delete(),
}


@pytest.mark.parametrize("end", ENDS)
def test_the_wait_ends_when_no_further_pull_comes(end: str, corrupt: Shop) -> None:
    answers: list[bool] = []
    waiting = threading.Thread(target=lambda: answers.append(pull_backoff_growing(corrupt.name, NS, timeout=60)))
    began, before = time.monotonic(), len(corrupt.simulator.requests)
    waiting.start()

    def follows_events() -> bool:
        paths = [r.path for r in corrupt.simulator.requests[before:]]
        return any("events" in path and "watch=true" in path for path in paths)

    assert soon(follows_events)
    ENDS[end](corrupt)
    waiting.join(30)
    assert answers == [False] and time.monotonic() - began < 30


def test_an_image_that_no_runtime_parses_is_never_pulled(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KUBECONFIG", str(shop.simulator.kubeconfig))
    corrupt_image(shop.name, NS, image="registry.invalid/Not/Lowercase:1", guard=False)
    shop.simulator.advance(5)
    began = time.monotonic()
    assert not pull_backoff_growing(shop.name, NS, timeout=60) and time.monotonic() - began < 30


def test_a_container_that_is_not_corrupted_is_refused(corrupt: Shop) -> None:
    with pytest.raises(Refused, match="container_name: 'side' is not corrupted; app is"):
        pull_backoff_growing(corrupt.name, NS, container_name="side")


def test_a_deployment_that_is_not_there_is_an_error(corrupt: Shop) -> None:
    with pytest.raises(ImageCorruptError, match="nobody"):
        pull_backoff_growing("nobody", NS)
