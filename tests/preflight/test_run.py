"""The preflight reads what its checks need, reports what it cannot read, and changes nothing."""

import time
from typing import Any

import pytest

from chaosimagecorrupt.errors import NotFound, Refused, Unreachable
from chaosimagecorrupt.fault.inject import Injection
from chaosimagecorrupt.fault.namespaces import consent_of, with_namespace
from chaosimagecorrupt.fault.spec import FaultSpec
from chaosimagecorrupt.preflight.model import Check, Level
from chaosimagecorrupt.preflight.rights import RIGHTS
from chaosimagecorrupt.preflight.run import inspect
from chaosimagecorrupt.workload.target import Target

from ..in_process_client import ATTEMPTS, Place
from ..restricted_client import RestrictedClient
from ..simulated_cluster import CORRUPT, IMAGE, NS

Object = dict[str, Any]


class Web(RestrictedClient):
    """A connection whose role does not allow some requests, to a cluster with a Deployment `web`.

    Args:
        forbidden: the start of what a request does, such as `list resourcequotas`.
        spec: of the Deployment, besides the defaults.
    """

    def __init__(self, *forbidden: str, **spec: Any) -> None:
        labels = {"app": "web"}
        template = {"metadata": {"labels": labels}, "spec": {"containers": [{"name": "app", "image": IMAGE}]}}
        spec = {"replicas": 2, "progressDeadlineSeconds": 60, **spec}
        spec |= {"selector": {"matchLabels": labels}, "template": template}
        metadata = {"name": "web", "namespace": NS}
        place = Place(
            time.time(), [{"apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata, "spec": spec}]
        )
        super().__init__(place, "preflight", *forbidden)
        self.place = place

    def stored(self) -> object:
        """Return the Deployment as it is stored."""
        return self.place.world.store.get("deployments.apps", NS, "web")


def lines(web: Web, name: str = "web", **changed: Any) -> list[Check]:
    arguments: Object = {"container_name": None, "image": CORRUPT, "ttl": 300.0, **changed}
    return inspect(Target(name, NS, web), **arguments)


def not_ok(checks: list[Check]) -> dict[str, Level]:
    return {c.name: c.level for c in checks if c.level is not Level.OK}


def test_a_deployment_that_is_ready_has_a_line_for_each_check_and_stays_as_it_is() -> None:
    web = Web()
    before = web.stored()
    found = lines(web)
    assert (not_ok(found), web.stored()) == ({}, before)
    assert [c.name for c in found][:2] == ["rights", "target"] and found[-1].name == "dry run"


def test_a_blocker_of_the_deployment_itself_needs_no_dry_run() -> None:
    found = lines(Web("patch deployments"), container_name="nope")
    assert not_ok(found) == {"target": Level.BLOCKER, "dry run": Level.WARNING}
    assert found[-1].text == "not tried, because of the blocker above"


def test_a_deployment_that_may_not_be_read_is_a_blocker_after_the_rights() -> None:
    *rights, last = lines(Web("get deployments"))
    assert {c.name for c in rights} == {"rights"}
    assert (last.name, last.level) == ("target", Level.BLOCKER) and "the role does not allow it" in last.text


@pytest.mark.parametrize(
    ("forbidden", "name"),
    [
        ("check the rights", "rights"),
        ("list resourcequotas", "quota"),
        ("list limitranges", "limit range"),
        ("list services", "webhooks"),
        ("list poddisruptionbudgets", "disruption budget"),
        ("list horizontalpodautoscalers", "autoscaler"),
        ("list scaledobjects", "autoscaler"),
    ],
)
def test_what_cannot_be_read_is_a_warning_and_the_rest_is_checked(forbidden: str, name: str) -> None:
    found = lines(Web(forbidden))
    assert not_ok(found) == {name: Level.WARNING}
    [text] = [c.text for c in found if c.name == name]
    assert text.startswith("cannot be read: ")


def test_a_namespace_that_cannot_be_read_is_a_warning_unless_an_opt_in_is_required(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    web = Web("get namespaces")
    assert not_ok(lines(web)) == {"consent": Level.WARNING}
    monkeypatch.setenv("IMAGE_CORRUPT_REQUIRE_OPT_IN", "true")
    assert not_ok(lines(web)) == {"consent": Level.BLOCKER, "dry run": Level.WARNING}


def test_a_namespace_that_its_owner_protects_is_a_blocker_with_the_same_words_as_the_fault() -> None:
    web = Web()
    mark = {"metadata": {"labels": {"chaos.operatorchaos.io/protected": "true"}}}
    web.place.ask("PATCH", f"/api/v1/namespaces/{NS}", mark, "application/merge-patch+json", fieldManager="owner")
    [line] = [check for check in lines(web) if check.name == "consent"]
    with pytest.raises(Refused) as refusal:
        Injection(
            Target("web", NS, web), FaultSpec(None, CORRUPT, 60.0), consent=with_namespace(consent_of(), web, NS)
        ).inject()
    assert (line.level, line.text) == (Level.BLOCKER, str(refusal.value))


def test_a_patch_that_the_api_server_does_not_accept_is_a_blocker() -> None:
    found = lines(Web("patch deployments"))
    assert not_ok(found) == {"dry run": Level.BLOCKER} and found[-1].text.startswith("not accepted: ")


@pytest.mark.parametrize(
    "answered", [0, len(RIGHTS), len(RIGHTS) + 1, len(RIGHTS) + 2], ids=["rights", "target", "consent", "limit range"]
)
def test_an_api_server_that_goes_away_ends_the_preflight_at_once(answered: int) -> None:
    web = Web()
    before, web.troubles = web.left, [None] * answered + ["drop"] * ATTEMPTS
    with pytest.raises(Unreachable):
        lines(web)
    assert before - web.left == answered + ATTEMPTS


def test_a_deployment_that_is_not_there_is_an_error_that_names_those_that_are() -> None:
    with pytest.raises(NotFound, match='"wbe" is not in namespace "shop"; found there: web'):
        lines(Web(), name="wbe")
