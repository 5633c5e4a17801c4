"""A Deployment is read, decided on and patched; a conflict with another client means to decide again."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest

from chaosimagecorrupt.errors import ClusterError, NotFound, Refused, Unreachable
from chaosimagecorrupt.kube.timing import CLIENT_TIMING
from chaosimagecorrupt.workload.target import Target, whoami

from ..in_process_client import InProcessClient, Place, web_place
from ..simulated_cluster import NS

PATH = f"/apis/apps/v1/namespaces/{NS}/deployments/web"

Object = Any


@dataclass(frozen=True)
class Labels:
    """A decision to set labels; with the resourceVersion that it was decided on."""

    patch: Mapping[str, Any] | None
    earlier: "Labels | None" = None


def labelled(deployment: Object, earlier: Labels | None) -> Labels:
    """Decide to set a label."""
    version = deployment["metadata"]["resourceVersion"]
    return Labels({"metadata": {"resourceVersion": version, "labels": {"ours": "set"}}}, earlier)


def nothing(deployment: Object, earlier: Labels | None) -> Labels:
    """Decide to send nothing."""
    return Labels(None, earlier)


@pytest.fixture
def place() -> Place:
    return web_place()


@pytest.fixture
def client(place: Place) -> InProcessClient:
    return InProcessClient(place, "process")


@pytest.fixture
def target(client: InProcessClient) -> Target:
    return Target("web", NS, client)


def set_label(place: Place, value: str) -> None:
    """Change the Deployment as another client does."""
    status, _ = place.ask("PATCH", PATH, {"metadata": {"labels": {"theirs": value}}}, "application/merge-patch+json")
    assert status == 200


def labels(place: Place) -> dict[str, str]:
    return dict(place.ask("GET", PATH).body["metadata"].get("labels") or {})


def test_the_decision_is_stored_and_returned_with_the_deployment(place: Place, target: Target) -> None:
    decision, after = target.patch(labelled)
    assert decision.earlier is None and after["metadata"]["labels"] == labels(place) == {"ours": "set"}


def test_nothing_is_sent_when_nothing_is_decided(client: InProcessClient, target: Target) -> None:
    before = target.get()
    assert target.patch(nothing) == (Labels(None), before)
    assert client.writes == 0


def test_a_dry_run_stores_nothing(place: Place, target: Target) -> None:
    _, after = target.patch(labelled, dry_run=True)
    assert (after["metadata"]["labels"], labels(place)) == ({"ours": "set"}, {})


def test_after_a_conflict_the_earlier_decision_is_handed_in(
    place: Place, client: InProcessClient, target: Target
) -> None:
    client.meanwhile = {2: partial(set_label, place, "1")}
    decision, _ = target.patch(labelled)
    assert decision.earlier is not None and decision.earlier.earlier is None
    assert decision.patch != decision.earlier.patch  # it was decided on the version that the other client made
    assert labels(place) == {"ours": "set", "theirs": "1"}
    assert not target.maybe_stored(Refused("no"))


def test_it_gives_up_after_the_attempts_with_a_refusal_that_says_so(
    place: Place, client: InProcessClient, target: Target
) -> None:
    attempts = CLIENT_TIMING.conflict_attempts
    client.meanwhile = {2 * n: partial(set_label, place, str(n)) for n in range(1, attempts + 1)}
    gave_up = (
        f"^Deployment {NS}/web is being changed all the time by another client; gave up after {attempts} attempts$"
    )
    with pytest.raises(Refused, match=gave_up):
        target.patch(labelled)
    assert (client.writes, labels(place)) == (0, {"theirs": str(attempts)})


def test_a_lost_answer_is_a_conflict_with_ourselves_that_may_have_been_stored(
    place: Place, client: InProcessClient, target: Target
) -> None:
    client.troubles = [None, "lose"]
    decision, _ = target.patch(labelled)
    assert decision.earlier is not None and target.maybe_stored(Refused("no"))
    assert labels(place) == {"ours": "set"}


def test_a_deployment_that_was_listed_is_not_read_again(client: InProcessClient, target: Target) -> None:
    listed, before = target.get(), client.left
    target.patch(labelled, listed=listed)
    assert before - client.left == 1


def test_a_listed_deployment_that_has_changed_since_is_read_again(place: Place, target: Target) -> None:
    listed = target.get()
    set_label(place, "1")
    decision, _ = target.patch(labelled, listed=listed)
    assert decision.earlier is not None and labels(place) == {"ours": "set", "theirs": "1"}


@pytest.mark.parametrize(("trouble", "error"), [("drop", Unreachable), ("403", ClusterError)])
def test_another_error_is_raised_without_a_second_decision(
    client: InProcessClient, target: Target, trouble: str, error: type[Exception]
) -> None:
    client.troubles = [None, *[trouble] * 3]
    decided: list[Object] = []

    def decide(deployment: Object, earlier: Labels | None) -> Labels:
        decided.append(deployment)
        return labelled(deployment, earlier)

    with pytest.raises(error):
        target.patch(decide)
    assert len(decided) == 1


def test_the_replica_sets_are_those_that_the_selector_matches(target: Target) -> None:
    deployment = target.get()
    assert [(r["metadata"].get("ownerReferences") or [])[0]["name"] for r in target.revisions(deployment)] == ["web"]
    deployment["spec"]["selector"] = {"matchLabels": {"app": "another"}}
    assert target.revisions(deployment) == []


def test_a_missing_deployment_is_an_error_that_names_those_that_are_there(client: InProcessClient) -> None:
    with pytest.raises(NotFound, match=f'Deployment "wbe" is not in namespace "{NS}"; found there: web'):
        Target("wbe", NS, client).get()


def test_a_name_that_no_deployment_can_have_is_refused_before_anything_is_connected() -> None:
    with pytest.raises(Refused, match=r"^name: "):
        Target.of("../pods", NS, {"KUBERNETES_HOST": "https://nowhere.invalid"})


def test_a_listed_deployment_is_a_target_by_its_name(client: InProcessClient, target: Target) -> None:
    found = Target.found(target.get(), client)
    assert (str(found), found.cluster) == (f"Deployment {NS}/web", client)


def test_the_record_names_user_and_host() -> None:
    user, _, host = whoami().partition("@")
    assert user and host
