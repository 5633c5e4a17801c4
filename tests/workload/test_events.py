"""Emitting Events: nothing depends on them, so one that fails is only logged."""

import json
import logging
import time
from collections.abc import Iterator
from typing import Any

import logzero
import pytest

from chaosimagecorrupt.kube.client import ONE_ATTEMPT, Cluster
from chaosimagecorrupt.kube.configuration import configuration_of
from chaosimagecorrupt.kube.events import EventText
from chaosimagecorrupt.kube.settings import Settings
from chaosimagecorrupt.workload.events import emit
from chaosimagecorrupt.workload.target import Target

from ..faulty_simulator import FaultySimulator
from ..in_process_client import InProcessClient, web_place
from ..messages import Messages
from ..restricted_client import RestrictedClient
from ..simulated_cluster import NS

PATH, EVENTS = f"/apis/apps/v1/namespaces/{NS}/deployments/web", f"/apis/events.k8s.io/v1/namespaces/{NS}/events"
TEXTS = [EventText("ImageCorrupted", "CorruptImage", "first"), EventText("ImageRestored", "RestoreImage", "second")]


@pytest.fixture
def messages() -> Iterator[Messages]:
    handler = Messages()
    handler.setFormatter(logging.Formatter("%(levelname)s %(message)s"))
    logzero.logger.addHandler(handler)
    yield handler
    logzero.logger.removeHandler(handler)


def emitted(forbidden: str = "nothing", troubles: list[str | None] | None = None) -> list[str]:
    """Emit two Events; return the notes of those that are there then."""
    place = web_place()
    client: InProcessClient = RestrictedClient(place, "emitter", forbidden)
    client.troubles = troubles or []
    emit(Target("web", NS, client), place.ask("GET", PATH).body, TEXTS)
    ours = place.ask("GET", EVENTS, fieldSelector="reportingController=chaosimagecorrupt").body["items"]
    return sorted(e["note"] for e in ours)


def test_events_are_there_for_all_to_see(messages: Messages) -> None:
    assert (emitted(), messages.said) == (["first", "second"], [])


def test_a_role_that_does_not_allow_them_costs_a_debug_line_for_each(messages: Messages) -> None:
    assert emitted("create events.events.k8s.io") == []
    assert [(line[:5], "ImageRestored" in line) for line in messages.said] == [("DEBUG", False), ("DEBUG", True)]


def test_an_api_server_that_is_away_is_asked_only_once(messages: Messages) -> None:
    assert emitted(troubles=["drop"] * 3) == []
    assert [line[:5] for line in messages.said] == ["DEBUG"]


@pytest.fixture
def deaf() -> Iterator[FaultySimulator]:
    """A cluster that takes requests and answers none."""
    with FaultySimulator([]) as simulator:
        simulator.faults.silence(3600.0)
        yield simulator


def test_an_api_server_that_does_not_answer_is_waited_for_no_longer_than_the_patience(deaf: FaultySimulator) -> None:
    cluster = Cluster(configuration_of(Settings(kubeconfig=str(deaf.kubeconfig))))
    deployment: Any = json.loads('{"metadata": {"name": "web", "namespace": "default", "uid": "u"}}')
    began = time.monotonic()
    emit(Target("web", "default", cluster), deployment, TEXTS)
    assert time.monotonic() - began < ONE_ATTEMPT.connect + ONE_ATTEMPT.read + 1.0
