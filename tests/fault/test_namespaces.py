"""The Namespace and the environment decide on consent too; each Namespace is read once."""

import pytest

from chaosimagecorrupt.errors import Refused, Unreachable
from chaosimagecorrupt.fault.consent import PROTECTED_NAMESPACES, REQUIRE_OPT_IN
from chaosimagecorrupt.fault.namespaces import consent_of, with_namespace, with_namespaces

from ..in_process_client import ATTEMPTS, InProcessClient, web_place
from ..restricted_client import RestrictedClient
from ..simulated_cluster import NS


def test_the_environment_decides_what_is_protected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PROTECTED_NAMESPACES, "prod-*")
    monkeypatch.setenv(REQUIRE_OPT_IN, "true")
    consent = consent_of(True)
    assert (consent.settings.patterns[-1], consent.settings.opt_in_required) == ("prod-*", True)
    assert consent.allow_protected and consent.namespace is None
    monkeypatch.setenv(PROTECTED_NAMESPACES, "[")
    with pytest.raises(Refused, match=f"^{PROTECTED_NAMESPACES}: "):
        consent_of()


def test_the_namespace_is_read() -> None:
    consent = with_namespace(consent_of(), InProcessClient(web_place(), "process"), NS)
    assert consent.namespace is not None and consent.namespace["metadata"]["name"] == NS
    assert consent.unreadable == ""


def test_a_role_that_does_not_allow_it_is_named() -> None:
    consent = with_namespace(consent_of(), RestrictedClient(web_place(), "process", "get namespaces"), NS)
    assert consent.namespace is None and "get namespaces" in consent.unreadable


def test_a_namespace_that_is_not_there_is_not_taken_for_one_without_marks() -> None:
    consent = with_namespace(consent_of(), InProcessClient(web_place(), "process"), "nowhere")
    assert consent.namespace is None and "404" in consent.unreadable


def test_an_api_server_that_does_not_answer_is_an_error() -> None:
    client = InProcessClient(web_place(), "process")
    client.troubles = ["drop"] * ATTEMPTS
    with pytest.raises(Unreachable):
        with_namespace(consent_of(), client, NS)


def test_each_namespace_is_read_once() -> None:
    client = InProcessClient(web_place(), "process")
    before = client.left
    found = with_namespaces(consent_of(), client, [NS, "default", NS], 1)
    assert (list(found), before - client.left) == (["default", NS], 2)
