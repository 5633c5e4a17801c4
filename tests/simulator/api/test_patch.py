"""PATCH in its forms, and what a write may rest on."""

from typing import Any

import pytest

from chaosimagecorrupt.simulator.api.json_patch import merge_patch
from chaosimagecorrupt.simulator.api.strategic_merge_patch import strategic_merge_patch
from chaosimagecorrupt.simulator.kinds import Kinds
from chaosimagecorrupt.simulator.schema import schema_of
from chaosimagecorrupt.simulator.types import Json

from ..calls import DEPLOYMENTS, JSON_PATCH, MERGE, STRATEGIC, WEB, PureCalls, deployment, image_patch
from ..custom_resource import WIDGET, WIDGETS, define_widgets

POD = schema_of(Kinds().named("pods"))


@pytest.fixture
def calls() -> PureCalls:
    calls = PureCalls()
    calls("POST", DEPLOYMENTS, deployment())
    return calls


def merged(original: Json, patch: Json) -> Any:
    """A pod's spec with a strategic merge patch."""
    return strategic_merge_patch({"spec": original}, {"spec": patch}, POD)["spec"]


def named(*names: str, **more: Any) -> list[Json]:
    return [{"name": name, **more} for name in names]


def names(items: list[Json]) -> list[str]:
    return [item["name"] for item in items]


def test_containers_merge_by_name() -> None:
    before = {"containers": [{"name": "a", "image": "a:1", "tty": True}, {"name": "b", "image": "b:1"}]}
    after = merged(before, {"containers": [{"name": "a", "image": "a:2"}]})
    assert after["containers"] == [{"name": "a", "image": "a:2", "tty": True}, {"name": "b", "image": "b:1"}]


@pytest.mark.parametrize(
    ("member", "key"),
    [("initContainers", "name"), ("volumes", "name"), ("hostAliases", "ip"), ("imagePullSecrets", "name")],
)
def test_lists_of_a_pod_merge_by_their_key(member: str, key: str) -> None:
    before = {member: [{key: "a"}, {key: "b"}]}
    after = merged(before, {member: [{key: "c"}, {key: "a", "x": 1}]})
    assert after[member] == [{key: "c"}, {key: "a", "x": 1}, {key: "b"}]  # the patch's order, others woven in


@pytest.mark.parametrize(
    ("member", "key"), [("env", "name"), ("ports", "containerPort"), ("volumeMounts", "mountPath")]
)
def test_lists_of_a_container_merge_by_their_key(member: str, key: str) -> None:
    before = {"containers": [{"name": "a", member: [{key: 1, "old": 1}, {key: 2}]}]}
    after = merged(before, {"containers": [{"name": "a", member: [{key: 1, "new": 1}]}]})
    assert after["containers"][0][member] == [{key: 1, "old": 1, "new": 1}, {key: 2}]


def test_conditions_merge_by_type() -> None:
    before = {"status": {"conditions": [{"type": "Ready", "status": "True"}, {"type": "Other", "status": "True"}]}}
    patch = {"status": {"conditions": [{"type": "Ready", "status": "False"}]}}
    after = strategic_merge_patch(before, patch, POD)["status"]["conditions"]
    assert [condition["status"] for condition in after] == ["False", "True"]


def test_lists_without_a_key_are_replaced() -> None:
    before = {"containers": [{"name": "a", "args": ["x", "y"]}], "tolerations": [{"key": "a"}]}
    after = merged(before, {"containers": [{"name": "a", "args": ["z"]}], "tolerations": [{"key": "b"}]})
    assert (after["containers"][0]["args"], after["tolerations"]) == (["z"], [{"key": "b"}])


def test_null_removes_a_member() -> None:
    after = merged({"containers": [{"name": "a", "image": "x", "env": named("v")}]}, {
        "containers": [{"name": "a", "env": None}]
    })  # fmt: skip
    assert after["containers"] == [{"name": "a", "image": "x"}]


def test_null_where_nothing_was_leaves_nothing() -> None:
    assert merged({}, {"containers": [{"name": "a", "env": None}], "nodeName": None}) == {"containers": named("a")}


def test_an_item_is_deleted_by_directive() -> None:
    after = merged({"containers": named("a", "b")}, {"containers": [{"name": "a", "$patch": "delete"}]})
    assert names(after["containers"]) == ["b"]


def test_deleting_an_item_that_is_not_there_changes_nothing() -> None:
    after = merged({"containers": named("a")}, {"containers": [{"name": "z", "$patch": "delete"}]})
    assert names(after["containers"]) == ["a"]


def test_a_list_is_replaced_by_directive() -> None:
    after = merged({"containers": named("a", "b")}, {"containers": [{"$patch": "replace"}, {"name": "c"}]})
    assert after["containers"] == named("c")


def test_a_map_is_replaced_by_directive() -> None:
    after = merged({"nodeSelector": {"a": "1"}}, {"nodeSelector": {"$patch": "replace", "b": "2"}})
    assert after == {"nodeSelector": {"b": "2"}}


def test_a_map_is_emptied_by_directive() -> None:
    assert merged({"nodeSelector": {"a": "1"}}, {"nodeSelector": {"$patch": "delete"}}) == {"nodeSelector": {}}


def test_an_unknown_directive_is_refused(calls: PureCalls) -> None:
    answer = calls("PATCH", WEB, {"spec": {"$patch": "shuffle"}}, STRATEGIC)
    assert (answer.status, answer.message) == (400, "Unknown patch type found: shuffle")


def test_an_item_without_its_key_is_refused(calls: PureCalls) -> None:
    patch = {"spec": {"template": {"spec": {"containers": [{"image": "b:1"}]}}}}
    answer = calls("PATCH", WEB, patch, STRATEGIC)
    assert (answer.status, "does not contain declared merge key: name" in answer.message) == (400, True)


def test_element_order_sorts_what_it_names() -> None:
    patch = {"$setElementOrder/containers": named("c", "a"), "containers": [{"name": "c", "image": "c:1"}]}
    after = merged({"containers": named("a", "b", "c")}, patch)
    assert names(after["containers"]) == ["b", "c", "a"]  # b was before c
    assert after["containers"][1] == {"name": "c", "image": "c:1"}


def test_element_order_alone_keeps_the_items() -> None:
    after = merged({"containers": named("a", "b")}, {"$setElementOrder/containers": named("b", "a")})
    assert names(after["containers"]) == ["b", "a"]


def test_new_items_of_a_patch_come_in_their_place() -> None:
    patch = {"$setElementOrder/env": named("A", "N", "B"), "env": [{"name": "N", "value": "n"}]}
    before = {"containers": [{"name": "c", "env": named("A", "B")}]}
    after = merged(before, {"containers": [{"name": "c", **patch}]})
    assert names(after["containers"][0]["env"]) == ["A", "N", "B"]


def test_retained_keys_drop_the_others(calls: PureCalls) -> None:
    patch = {"spec": {"strategy": {"$retainKeys": ["type"], "type": "Recreate"}}}
    assert calls("PATCH", WEB, patch, STRATEGIC).body["spec"]["strategy"] == {"type": "Recreate"}


def test_without_retained_keys_the_leftover_is_refused(calls: PureCalls) -> None:
    answer = calls("PATCH", WEB, {"spec": {"strategy": {"type": "Recreate"}}}, STRATEGIC)
    assert (answer.status, answer.fields) == (422, ["spec.strategy.rollingUpdate"])


def test_a_volume_that_changes_its_source_retains_keys() -> None:
    before = {"volumes": [{"name": "v", "emptyDir": {}}]}
    patch = {"volumes": [{"$retainKeys": ["name", "secret"], "name": "v", "secret": {"secretName": "s"}}]}
    assert merged(before, patch)["volumes"] == [{"name": "v", "secret": {"secretName": "s"}}]


def test_scalars_are_merged_and_deleted_one_by_one() -> None:
    metadata = {"finalizers": ["a", "b"]}
    patch = {"finalizers": ["c"], "$deleteFromPrimitiveList/finalizers": ["a"]}
    after = strategic_merge_patch({"metadata": metadata}, {"metadata": patch}, POD)
    assert sorted(after["metadata"]["finalizers"]) == ["b", "c"]


def test_the_original_is_not_changed() -> None:
    original = {"containers": [{"name": "a", "env": named("x")}]}
    merged(original, {"containers": [{"name": "a", "env": [{"name": "x", "value": "1"}]}]})
    assert original == {"containers": [{"name": "a", "env": named("x")}]}


def test_a_custom_resource_takes_no_strategic_merge_patch(calls: PureCalls) -> None:
    define_widgets(calls)
    calls("POST", WIDGETS, WIDGET)
    assert calls("PATCH", f"{WIDGETS}/one", {"spec": {"size": 4}}, STRATEGIC).status == 415
    assert calls("PATCH", f"{WIDGETS}/one", {"spec": {"size": 4}}, MERGE).body["spec"] == {"size": 4}


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


def test_a_body_that_does_not_parse(calls: PureCalls) -> None:
    assert calls("PATCH", WEB, b"{", MERGE).status == 400


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
def test_what_moves_the_generation_of_a_deployment(calls: PureCalls, patch: Json, moves: int) -> None:
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
    seen = []
    calls.store.subscribe(seen.append)
    revision = calls.store.revision
    assert calls("PATCH", f"{WEB}?dryRun=All", image_patch("b:1"), STRATEGIC).status == 200
    assert (calls.store.revision, seen) == (revision, [])


def test_the_name_of_an_object_cannot_be_patched(calls: PureCalls) -> None:
    answer = calls("PATCH", WEB, {"metadata": {"name": "other"}}, MERGE)
    assert (answer.status, "does not match the name on the URL" in answer.message) == (400, True)
