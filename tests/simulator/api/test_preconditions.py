"""What a write may rest on."""

import pytest

from ..calls import CONFIGS, MERGE, STRATEGIC, WEB, PureCalls, deployment, image_patch
from ..custom_resource import WIDGET, WIDGETS, define_widgets

pytestmark = pytest.mark.usefixtures("web")


def test_a_current_version_lets_a_patch_through(calls: PureCalls) -> None:
    version = calls("GET", WEB).body["metadata"]["resourceVersion"]
    patch = {**image_patch("b:1"), "metadata": {"resourceVersion": version}}
    assert calls("PATCH", WEB, patch, STRATEGIC).status == 200
    assert calls("PATCH", WEB, patch, STRATEGIC).status == 409


def test_a_patch_of_another_uid_is_invalid(calls: PureCalls) -> None:
    answer = calls("PATCH", WEB, {"metadata": {"uid": "another"}}, MERGE)
    assert (answer.status, answer.fields) == (422, ["metadata.uid"])


def test_a_put_of_another_uid_is_a_conflict(calls: PureCalls) -> None:
    obj = calls("GET", WEB).body
    obj["metadata"]["uid"] = "another"
    answer = calls("PUT", WEB, obj)
    assert (answer.status, "Precondition failed: UID in precondition: another" in answer.message) == (409, True)


def test_a_put_without_a_version_overwrites_a_deployment(calls: PureCalls) -> None:
    assert calls("PUT", WEB, deployment(replicas=5)).body["spec"]["replicas"] == 5


def test_a_put_without_a_version_is_refused_for_a_custom_resource(calls: PureCalls) -> None:
    define_widgets(calls)
    calls("POST", WIDGETS, WIDGET)
    answer = calls("PUT", f"{WIDGETS}/one", WIDGET)
    assert (answer.status, answer.fields) == (422, ["metadata.resourceVersion"])


def test_a_put_with_a_stale_version_is_a_conflict(calls: PureCalls) -> None:
    stale = calls("GET", WEB).body
    calls("PATCH", WEB, image_patch("b:1"), STRATEGIC)
    assert calls("PUT", WEB, stale).status == 409


def test_an_object_of_another_kind_is_refused(calls: PureCalls) -> None:
    assert calls("POST", CONFIGS, deployment()).status == 400


def test_an_object_of_another_namespace_is_refused(calls: PureCalls) -> None:
    answer = calls("POST", CONFIGS, {"metadata": {"name": "a", "namespace": "other"}})
    assert "does not match the namespace sent on the request" in answer.message
