"""What a PATCH changes, and what it leaves alone."""

import pytest

from chaosimagecorrupt.simulator.types import Object
from chaosimagecorrupt.simulator.watch_cache import Change

from ..calls import APPLY, DEPLOYMENTS, MERGE, STRATEGIC, WEB, PureCalls, deployment, image_patch
from ..custom_resource import WIDGET, WIDGETS, define_widgets

pytestmark = pytest.mark.usefixtures("web")


def test_a_custom_resource_takes_no_strategic_merge_patch(calls: PureCalls) -> None:
    define_widgets(calls)
    calls("POST", WIDGETS, WIDGET)
    assert calls("PATCH", f"{WIDGETS}/one", {"spec": {"size": 4}}, STRATEGIC).status == 415
    assert calls("PATCH", f"{WIDGETS}/one", {"spec": {"size": 4}}, MERGE).body["spec"] == {"size": 4}


def test_a_body_that_does_not_parse(calls: PureCalls) -> None:
    assert calls("PATCH", WEB, b"{", MERGE).status == 400


def test_a_patch_that_changes_nothing_makes_no_version(calls: PureCalls) -> None:
    before = calls("GET", WEB).body
    assert calls("PATCH", WEB, image_patch("example.org/app:v1"), STRATEGIC).body == before


@pytest.mark.parametrize(
    ("patch", "moves"),
    [
        ({"spec": {"replicas": 7}}, 1),
        ({"metadata": {"labels": {"a": "b"}}}, 0),
        ({"metadata": {"annotations": {"a": "b"}}}, 1),  # as recorded: Deployments alone do this
        ({"status": {"replicas": 70}}, 0),
    ],
)
def test_what_moves_the_generation_of_a_deployment(calls: PureCalls, patch: Object, moves: int) -> None:
    assert calls("PATCH", WEB, patch, MERGE).body["metadata"]["generation"] == 1 + moves


def test_annotations_do_not_move_the_generation_of_a_custom_resource(calls: PureCalls) -> None:
    define_widgets(calls)
    calls("POST", WIDGETS, WIDGET)
    patch = {"metadata": {"annotations": {"a": "b"}}, "status": {"a": 1}}
    assert calls("PATCH", f"{WIDGETS}/one", patch, MERGE).body["metadata"]["generation"] == 1
    assert calls("PATCH", f"{WIDGETS}/one", {"spec": {"size": 9}}, MERGE).body["metadata"]["generation"] == 2


def test_the_status_is_written_through_its_subresource_only(calls: PureCalls) -> None:
    calls("PATCH", f"{WEB}/status", {"status": {"replicas": 3}, "spec": {"replicas": 9}}, MERGE)
    after = calls("PATCH", WEB, {"status": {"replicas": 8}}, MERGE).body
    assert (after["status"], after["spec"]["replicas"]) == ({"replicas": 3}, 2)


def test_metadata_that_the_server_sets_cannot_be_changed(calls: PureCalls) -> None:
    before = calls("GET", WEB).body["metadata"]
    patch = {"metadata": {"creationTimestamp": "2000-01-01T00:00:00Z", "generation": 99}}
    after = calls("PATCH", WEB, patch, MERGE).body["metadata"]
    assert (after["creationTimestamp"], after["generation"]) == (before["creationTimestamp"], before["generation"])


def test_a_dry_run_of_a_patch_makes_no_version_and_no_event(calls: PureCalls) -> None:
    changes: list[Change] = []
    calls.store.subscribe(changes.append)
    revision = calls.store.revision
    assert calls("PATCH", f"{WEB}?dryRun=All", image_patch("b:1"), STRATEGIC).status == 200
    assert (calls.store.revision, changes) == (revision, [])


def test_the_name_of_an_object_cannot_be_patched(calls: PureCalls) -> None:
    answer = calls("PATCH", WEB, {"metadata": {"name": "other"}}, MERGE)
    assert (answer.status, "does not match the name on the URL" in answer.message) == (400, True)


@pytest.mark.parametrize("body", [b"[]", b"just text", b"a: [", b"kind: Deployment"])
def test_what_cannot_be_applied(calls: PureCalls, body: bytes) -> None:
    assert calls("PATCH", f"{WEB}?fieldManager=me", body, APPLY).status == 400


def test_a_status_patch_is_validated_too(calls: PureCalls) -> None:
    calls("POST", DEPLOYMENTS, deployment())
    assert calls("PATCH", f"{WEB}/status", {"status": {"replicas": "x"}}, MERGE).status == 400
