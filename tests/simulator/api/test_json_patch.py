"""JSON patches and JSON merge patches."""

from typing import Any

import pytest

from chaosimagecorrupt.simulator.api.json_patch import merge_patch
from chaosimagecorrupt.simulator.types import Object

from ..calls import JSON_PATCH, MERGE, WEB, PureCalls

pytestmark = pytest.mark.usefixtures("web")


def names(items: list[Object]) -> list[str]:
    return [item["name"] for item in items]


def test_a_merge_patch_replaces_lists(calls: PureCalls) -> None:
    side = [{"name": "side", "image": "side:1"}]
    patch = {"spec": {"template": {"spec": {"containers": side}}}}
    containers = calls("PATCH", WEB, patch, MERGE).body["spec"]["template"]["spec"]["containers"]
    assert names(containers) == ["side"]


@pytest.mark.parametrize(
    ("original", "patch", "result"),
    [
        ({"a": "b"}, {"a": "c"}, {"a": "c"}),
        ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
        ({"a": "b"}, {"a": None}, {}),
        ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
        ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
        (["a", "b"], ["c", "d"], ["c", "d"]),
        ({"a": "foo"}, "bar", "bar"),
        ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
    ],
)
def test_the_examples_of_rfc_7386(original: Any, patch: Any, result: Any) -> None:
    assert merge_patch(original, patch) == result


def test_a_json_patch_whose_test_holds(calls: PureCalls) -> None:
    path = "/spec/template/spec/containers/0/image"
    patch = [{"op": "test", "path": path, "value": "example.org/app:v1"}, {"op": "replace", "path": path, "value": "x"}]
    containers = calls("PATCH", WEB, patch, JSON_PATCH).body["spec"]["template"]["spec"]["containers"]
    assert containers[0]["image"] == "x"


def test_a_json_patch_of_what_is_not_there(calls: PureCalls) -> None:
    assert calls("PATCH", WEB, [{"op": "remove", "path": "/spec/nope"}], JSON_PATCH).status == 422


@pytest.mark.parametrize("patch", [{"op": "add"}, [{"op": "levitate", "path": "/a"}], [1]])
def test_what_is_no_json_patch(calls: PureCalls, patch: Any) -> None:
    assert calls("PATCH", WEB, patch, JSON_PATCH).status == 400
