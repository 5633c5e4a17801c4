"""The preflight of room reads what admission adds to a pod, but no more than is needed."""

import time
from typing import Any

import pytest

from chaosimagecorrupt.preflight.model import Check, Level
from chaosimagecorrupt.preflight.room import check_room
from chaosimagecorrupt.workload.target import Target

from ..in_process_client import Place
from ..restricted_client import RestrictedClient
from ..simulated_cluster import IMAGE, NS
from .deployments import Object

KATA = {
    "apiVersion": "node.k8s.io/v1",
    "kind": "RuntimeClass",
    "metadata": {"name": "kata"},
    "handler": "kata",
    "overhead": {"podFixed": {"cpu": "250m"}},
}
USUAL = {
    "apiVersion": "scheduling.k8s.io/v1",
    "kind": "PriorityClass",
    "metadata": {"name": "usual"},
    "value": 1,
    "globalDefault": True,
}
SELECTED = {"matchExpressions": [{"scopeName": "PriorityClass", "operator": "In", "values": ["usual"]}]}


def quota(hard: Object, used: Object, **spec: Object) -> Object:
    status = {"hard": hard, "used": used}
    metadata = {"name": "full", "namespace": NS}
    return {
        "apiVersion": "v1", "kind": "ResourceQuota", "metadata": metadata, "spec": {"hard": hard, **spec},
        "status": status,
    }  # fmt: skip


def limit_range(**item: Object) -> Object:
    spec = {"limits": [{"type": "Container", **item}]}
    return {"apiVersion": "v1", "kind": "LimitRange", "metadata": {"name": "range", "namespace": NS}, "spec": spec}


CPU = quota({"requests.cpu": "1"}, {"requests.cpu": "800m"})
# beside it, the Deployment's one pod makes that usage true
OTHER = {
    "apiVersion": "v1",
    "kind": "Pod",
    "metadata": {"name": "other", "namespace": NS},
    "spec": {"containers": [{"name": "app", "image": IMAGE, "resources": {"requests": {"cpu": "600m"}}}]},
}


def room(*objects: Object, forbidden: tuple[str, ...] = (), **pod: Any) -> list[Check]:
    """Check the room of a Deployment `web`, whose only container requests 200m CPU."""
    container = {"name": "app", "image": IMAGE, "resources": {"requests": {"cpu": "200m"}}}
    labels = {"app": "web"}
    template = {"metadata": {"labels": labels}, "spec": {"containers": [container], **pod}}
    web = {
        "apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web", "namespace": NS},
        "spec": {"selector": {"matchLabels": labels}, "template": template},
    }  # fmt: skip
    target = Target("web", NS, RestrictedClient(Place(time.time(), [*objects, web]), "room", *forbidden))
    return check_room(target, target.get())


def not_ok(checks: list[Check]) -> list[tuple[str, Level]]:
    return [(c.name, c.level) for c in checks if c.level is not Level.OK]


def test_a_namespace_without_limits_has_room() -> None:
    assert [(c.name, c.level) for c in room()] == [("limit range", "ok"), ("quota", "ok")]


def test_the_overhead_of_the_runtime_class_counts() -> None:
    assert not_ok(room(OTHER, CPU, KATA)) == []
    assert not_ok(room(OTHER, CPU, KATA, runtimeClassName="kata")) == [("quota", "blocker")]


def test_a_runtime_class_that_is_not_there_is_a_blocker() -> None:
    found = room(runtimeClassName="gvisor")
    assert not_ok(found) == [("runtime class", "blocker")]
    assert "RuntimeClass gvisor does not exist" in found[1].text


def test_the_default_priority_class_counts_if_a_quota_selects_by_it() -> None:
    full = quota({"pods": "1"}, {"pods": "1"}, scopeSelector=SELECTED)
    assert not_ok(room(full)) == []
    assert not_ok(room(full, USUAL)) == [("quota", "blocker")]
    assert not_ok(room(full, USUAL, {**USUAL, "metadata": {"name": "low"}}, priorityClassName="low")) == []


def test_defaults_of_limit_ranges_count_and_their_bounds_are_checked() -> None:
    memory = quota({"requests.memory": "2Gi"}, {"requests.memory": "0"})
    assert not_ok(room(memory)) == [("quota", "blocker")]  # a quota on memory refuses pods that request none
    assert not_ok(room(memory, limit_range(defaultRequest={"memory": "1Gi"}))) == []
    assert not_ok(room(limit_range(max={"cpu": "1"}))) == []  # the default limit is the maximum
    assert not_ok(room(limit_range(max={"cpu": "100m"})))[0] == ("limit range", "blocker")


@pytest.mark.parametrize(
    ("forbidden", "name"),
    [
        ("list limitranges", "limit range"),
        ("list resourcequotas", "quota"),
        ("get runtimeclasses", "runtime class"),
        ("list priorityclasses", "priority class"),
    ],
)
def test_what_may_not_be_read_is_not_known_and_the_rest_is_checked(forbidden: str, name: str) -> None:
    scoped = quota({"pods": "9"}, {"pods": "1"}, scopeSelector=SELECTED)
    checks = room(scoped, KATA, forbidden=(forbidden,), runtimeClassName="kata")
    assert not_ok(checks) == [(name, "warning")]
    assert {c.name for c in checks} == {"limit range", "quota", name}


def test_what_does_not_matter_is_not_read() -> None:
    assert not_ok(room(CPU, forbidden=("get runtimeclasses", "list priorityclasses"))) == []
