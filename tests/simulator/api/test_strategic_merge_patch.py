"""Strategic merge patches."""

from typing import Any

import pytest

from chaosimagecorrupt.simulator.api.strategic_merge_patch import strategic_merge_patch
from chaosimagecorrupt.simulator.kinds import Kinds
from chaosimagecorrupt.simulator.schema import schema_of
from chaosimagecorrupt.simulator.types import Object

from ..calls import (
    DEPLOYMENTS,
    STRATEGIC,
    WEB,
    PureCalls,
    deployment,
)

POD = schema_of(Kinds().named("pods"))
pytestmark = pytest.mark.usefixtures("web")


def merged(original: Object, patch: Object) -> Any:
    """A pod's spec with a strategic merge patch."""
    return strategic_merge_patch({"spec": original}, {"spec": patch}, POD)["spec"]


def named(*names: str, **more: Any) -> list[Object]:
    return [{"name": name, **more} for name in names]


def names(items: list[Object]) -> list[str]:
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


def test_a_strategic_patch_is_an_object(calls: PureCalls) -> None:
    calls("POST", DEPLOYMENTS, deployment())
    assert calls("PATCH", WEB, [1], STRATEGIC).status == 400


@pytest.mark.parametrize(
    "items", [[{"name": "a", "$patch": "merge"}], [{"name": "a", "$patch": "odd"}]], ids=["merge", "odd"]
)
def test_directives_of_items_that_do_not_exist(calls: PureCalls, items: Any) -> None:
    calls("POST", DEPLOYMENTS, deployment())
    patch = {"spec": {"template": {"spec": {"containers": items}}}}
    assert calls("PATCH", WEB, patch, STRATEGIC).status == 400


def test_retained_keys_do_not_take_others(calls: PureCalls) -> None:
    calls("POST", DEPLOYMENTS, deployment())
    patch = {"spec": {"strategy": {"$retainKeys": ["type"], "type": "Recreate", "rollingUpdate": {"maxSurge": 1}}}}
    answer = calls("PATCH", WEB, patch, STRATEGIC)
    assert (answer.status, "not in the retainKeys list" in answer.message) == (400, True)
