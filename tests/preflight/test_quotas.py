"""The preflight of ResourceQuotas: room for the new pods, as the API server computes it."""

import pytest

from chaosimagecorrupt.preflight.model import Check
from chaosimagecorrupt.preflight.pod_resources import admitted
from chaosimagecorrupt.preflight.quotas import check_quotas

from .deployments import RECREATE, Object, made, quota, rolling, sized

EVERY = {"requests": {"cpu": "250m", "memory": "1Gi", "ephemeral-storage": "1Gi", "nvidia.com/gpu": "1"}}
EVERY["limits"] = {**EVERY["requests"], "cpu": "1"}


def levels(checks: list[Check]) -> list[str]:
    return [check.level for check in checks]


QUOTAS = [
    (quota(pods=("3", "4")), "ok"),
    (quota(pods=("4", "4")), "blocker"),
    (quota(**{"count/pods": ("4", "4")}), "blocker"),
    (quota(**{"count/replicasets.apps": ("2", "3")}), "ok"),
    (quota(**{"count/replicasets.apps": ("3", "3")}), "blocker"),
    (quota(**{"count/deployments.apps": ("1", "1")}), "ok"),
    (quota(**{"requests.cpu": ("1", "1250m")}), "ok"),
    (quota(**{"requests.cpu": ("1001m", "1250m")}), "blocker"),
    (quota(cpu=("1001m", "1250m")), "blocker"),
    (quota(**{"limits.cpu": ("4", "4500m")}), "blocker"),
    (quota(**{"limits.cpu": ("4", "5")}), "ok"),
    (quota(memory=("1Gi", "2Gi")), "ok"),
    (quota(**{"limits.memory": ("4Gi", "4Gi")}), "blocker"),
    (quota(**{"ephemeral-storage": ("4Gi", "4Gi")}), "blocker"),
    (quota(**{"requests.nvidia.com/gpu": ("4", "4")}), "blocker"),
    (quota(**{"requests.amd.com/gpu": ("4", "4")}), "ok"),
    (quota(**{"requests.storage": ("4Gi", "4Gi")}), "ok"),
    (quota(services=("4", "4")), "ok"),
]


@pytest.mark.parametrize(("found", "level"), QUOTAS)
def test_a_quota_that_leaves_no_room_for_the_surge_pod_is_a_blocker(found: Object, level: str) -> None:
    assert levels(check_quotas(sized(app=EVERY), [found])) == [level]


def test_a_quota_is_named_with_what_is_used_and_what_is_needed() -> None:
    (line,) = check_quotas(sized(app=EVERY), [quota(**{"requests.cpu": ("1001m", "1250m")})])
    assert line.text.startswith("limits has 1001m of 1250m requests.cpu used and a new pod needs 250m")


@pytest.mark.parametrize(
    ("used", "level"),
    [("4", "warning"), ("5", "blocker")],
    ids=["a stopped pod makes room", "also without the stopped pod it is full"],
)
def test_a_quota_that_the_stopped_pods_make_room_in_is_a_warning(used: str, level: str) -> None:
    assert levels(check_quotas(made(4, rolling(0, 1)), [quota(pods=(used, "4"))])) == [level]


def test_a_rollout_that_stops_all_pods_has_their_room() -> None:
    assert levels(check_quotas(made(4, RECREATE), [quota(pods=("7", "4"))])) == ["warning"]


@pytest.mark.parametrize("strategy", [rolling(1, 0), RECREATE], ids=["rolling", "recreate"])
def test_no_stopped_pod_makes_room_for_a_replica_set(strategy: Object) -> None:
    assert levels(check_quotas(made(4, strategy), [quota(**{"count/replicasets.apps": ("3", "3")})])) == ["blocker"]


@pytest.mark.parametrize("resource", ["cpu", "requests.memory", "limits.cpu"])
def test_a_quota_of_cpu_or_memory_refuses_pods_that_do_not_say_what_they_need(resource: str) -> None:
    found = sized(app=EVERY, proxy={})
    (line,) = check_quotas(found, [quota(**{resource: ("0", "1000Gi")})])
    assert (line.level, line.text.split(": no image")[0].endswith(" in proxy")) == ("blocker", True)


def test_a_pod_that_needs_nothing_is_let_through_although_too_much_is_used() -> None:
    assert levels(check_quotas(sized(app={"requests": {"cpu": "0"}}), [quota(cpu=("2", "1"))])) == ["ok"]


def test_a_pod_that_is_sized_as_a_whole_need_not_say_it_for_each_container() -> None:
    found = sized(app={})
    found["spec"]["template"]["spec"]["resources"] = {"requests": {"cpu": "1"}}
    assert levels(check_quotas(found, [quota(cpu=("0", "2"))])) == ["ok"]


def test_a_quota_of_other_resources_does_not_refuse_pods_without_them() -> None:
    full = quota(**{"ephemeral-storage": ("1", "1"), "requests.nvidia.com/gpu": ("1", "1")})
    assert levels(check_quotas(sized(app={}), [full])) == ["ok"]


def test_the_status_counts_and_not_the_spec() -> None:
    found = quota(pods=("4", "5"))
    found["spec"]["hard"] = {"pods": "4"}
    assert levels(check_quotas(made(4, rolling(1, 0)), [found])) == ["ok"]
    found["status"] = {}
    assert levels(check_quotas(made(4, rolling(1, 0)), [found])) == ["ok"]


def test_a_quota_that_is_not_counted_yet_is_a_warning() -> None:
    found = quota(pods=("4", "5"))
    found["status"]["used"] = {}
    (line,) = check_quotas(made(), [found])
    assert (line.level, "has no usage of pods in its status yet" in line.text) == ("warning", True)


def test_defaults_of_limit_ranges_and_overhead_count() -> None:
    found, full = sized(app={}), quota(cpu=("1", "1500m"))
    ranges = [{"metadata": {}, "spec": {"limits": [{"type": "Container", "defaultRequest": {"cpu": "400m"}}]}}]
    assert levels(check_quotas(found, [full], admitted(found, ranges))) == ["ok"]
    assert levels(check_quotas(found, [full], admitted(found, ranges, {"cpu": "101m"}))) == ["blocker"]


def test_a_quota_out_of_scope_asks_containers_for_nothing() -> None:
    assert levels(check_quotas(sized(app={}), [quota(scopes=["Terminating"], cpu=("0", "1"))])) == ["ok"]


def test_every_quota_that_is_full_has_a_line() -> None:
    full = quota(pods=("4", "4"), cpu=("1", "1"))
    assert levels(check_quotas(sized(app=EVERY), [full, quota(pods=("0", "9")), full])) == ["blocker"] * 4
