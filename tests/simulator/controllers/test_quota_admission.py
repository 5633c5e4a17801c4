"""Which new objects quotas refuse, in the API server's words; and that the preflight foresees the same."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chaosimagecorrupt.preflight.limit_ranges import check_limit_ranges
from chaosimagecorrupt.preflight.model import Level
from chaosimagecorrupt.preflight.pod_resources import admitted
from chaosimagecorrupt.preflight.quotas import check_quotas as foreseen
from chaosimagecorrupt.simulator.controllers.admission import admit_pod
from chaosimagecorrupt.simulator.controllers.errors import StatusError
from chaosimagecorrupt.simulator.controllers.quota_admission import charge_quotas, check_quotas
from chaosimagecorrupt.simulator.store import Store
from chaosimagecorrupt.simulator.types import Object

from ..controller_cluster import GOOD, NS

NOW = 1_700_000_000.0
POD: Object = {"metadata": {"name": "web-1", "namespace": NS}, "spec": {"containers": [{"name": "app", "image": GOOD}]}}


def quota(hard: Object, used: Object, name: str = "q", **spec: Any) -> Object:
    metadata = {"name": name, "namespace": NS}
    return {"metadata": metadata, "spec": {"hard": hard, **spec}, "status": {"hard": hard, "used": used}}


def stored(*quotas: Object) -> Store:
    store = Store(lambda: NOW)
    for each in quotas:
        store.create("resourcequotas", each)
    return store


def sized(**resources: Object) -> Object:
    return {**POD, "spec": {"containers": [{"name": "app", "image": GOOD, "resources": resources}]}}


@pytest.mark.parametrize(
    ("hard", "used", "pod", "why"),
    [
        ({"pods": "2"}, {"pods": "2"}, POD, "exceeded quota: q, requested: pods=1, used: pods=2, limited: pods=2"),
        (
            {"requests.cpu": "1", "pods": "9", "limits.cpu": "1"},
            {"requests.cpu": "800m", "pods": "1", "limits.cpu": "1"},
            sized(requests={"cpu": "250m"}, limits={"cpu": "0.5"}),
            "exceeded quota: q, requested: limits.cpu=500m,requests.cpu=250m, used: limits.cpu=1,requests.cpu=800m, "
            "limited: limits.cpu=1,requests.cpu=1",
        ),
        ({"memory": "1Gi"}, {"memory": "0"}, POD, "failed quota: q: must specify memory for: app"),
        (
            {"pods": "2", "cpu": "1"},
            {},
            sized(requests={"cpu": "1"}),
            "status unknown for quota: q, resources: cpu,pods",
        ),
    ],
)
def test_a_pod_without_room_is_forbidden(hard: Object, used: Object, pod: Object, why: str) -> None:
    with pytest.raises(StatusError) as refusal:
        check_quotas(stored(quota(hard, used)), "pods", pod, NOW)
    assert str(refusal.value) == f'pods "web-1" is forbidden: {why}'


def test_other_objects_are_counted_and_events_are_not() -> None:
    store = stored(
        quota({"count/configmaps": "0", "count/events": "0"}, {"count/configmaps": "0", "count/events": "0"})
    )
    with pytest.raises(
        StatusError, match='configmaps "a" is forbidden: exceeded quota: q, requested: count/configmaps'
    ):
        check_quotas(store, "configmaps", {"metadata": {"name": "a", "namespace": NS}}, NOW)
    assert check_quotas(store, "events", {"metadata": {"name": "a", "namespace": NS}}, NOW) == {}
    assert check_quotas(store, "namespaces", {"metadata": {"name": "a"}}, NOW) == {}


def test_what_is_created_is_charged() -> None:
    store = stored(quota({"pods": "2", "services": "1"}, {"pods": "1", "services": "0"}))
    charge_quotas(store, NS, check_quotas(store, "pods", POD, NOW))
    assert store.list("resourcequotas")[0]["status"]["used"] == {"pods": "2", "services": "0"}


def test_a_quota_of_other_pods_says_nothing() -> None:
    nothing = quota({"pods": "0"}, {"pods": "0"}, scopes=["Terminating"])
    assert check_quotas(stored(nothing), "pods", POD, NOW) == {}


# What the API server refuses and what the preflight foresees, of random Pods, quotas and LimitRanges
CPU = st.sampled_from(["0", "100m", "0.5", "1", "1500m", "2"])
MEMORY = st.sampled_from(["0", "64Mi", "100M", "1Gi", "1.5Gi"])
AMOUNTS = st.fixed_dictionaries({}, optional={"cpu": CPU, "memory": MEMORY, "ephemeral-storage": MEMORY})
OF_CONTAINERS = st.fixed_dictionaries({}, optional={"requests": AMOUNTS, "limits": AMOUNTS})
COUNTED = [
    "pods", "count/pods", "cpu", "memory", "requests.cpu", "requests.memory", "limits.cpu", "limits.memory",
    "requests.ephemeral-storage",
]  # fmt: skip
NUMBERS = st.sampled_from(["0", "1", "2", "500m", "1Gi", "2Gi", "10"])
SCOPES = st.sampled_from(["Terminating", "NotTerminating", "BestEffort", "NotBestEffort", "PriorityClass"])
SELECTORS = st.fixed_dictionaries(
    {"scopeName": st.just("PriorityClass"), "operator": st.sampled_from(["In", "NotIn"]), "values": st.just(["high"])}
)


def is_valid(container: Object) -> bool:
    """Whether no request is above its limit; no template has such a container."""
    pod = admitted({"spec": {"template": {"spec": {"containers": [container]}}}})  # type: ignore[typeddict-item]  # all that admission reads
    (found,) = pod.containers
    return all(amount <= found.limits.get(name, amount) for name, amount in found.requests.items())


@st.composite
def containers(draw: st.DrawFn, prefix: str, least: int, most: int) -> list[Object]:
    found = draw(st.lists(OF_CONTAINERS, min_size=least, max_size=most))
    named = [{"name": f"{prefix}{index}", "image": GOOD, "resources": each} for index, each in enumerate(found)]
    return [each if is_valid(each) else {**each, "resources": {}} for each in named]


@st.composite
def specs(draw: st.DrawFn) -> Object:
    init = draw(containers("init", 0, 2))
    for container in init:
        if draw(st.booleans()):
            container["restartPolicy"] = "Always"
    spec: Object = {"containers": draw(containers("app", 1, 3)), "initContainers": init}
    if draw(st.booleans()):
        spec["priorityClassName"] = draw(st.sampled_from(["high", "low"]))
    return spec


@st.composite
def quotas(draw: st.DrawFn) -> Object:
    hard = draw(st.dictionaries(st.sampled_from(COUNTED), NUMBERS, min_size=1, max_size=4))
    used = {name: draw(NUMBERS) for name in hard if draw(st.integers(0, 9))}
    scopes = draw(st.lists(SCOPES, max_size=2, unique=True))
    selectors = draw(st.lists(SELECTORS, max_size=1))
    return quota(hard, used, scopes=scopes, scopeSelector={"matchExpressions": selectors})


@st.composite
def limit_ranges(draw: st.DrawFn) -> Object:
    members = ["default", "defaultRequest", "min", "max"]
    item = {member: draw(AMOUNTS) for member in members if draw(st.integers(0, 2)) == 0}
    kind = draw(st.sampled_from(["Container", "Pod"]))
    if kind == "Pod":
        item = {member: value for member, value in item.items() if member in ("min", "max")}
    return {"metadata": {"name": "l", "namespace": NS}, "spec": {"limits": [{"type": kind, **item}]}}


def refusals(store: Store, spec: Object) -> tuple[bool, bool]:
    """Whether the simulator refuses a Pod because of LimitRanges, and because of quotas."""
    try:
        pod = admit_pod(store, {**POD, "spec": spec})
    except StatusError:
        return True, False
    try:
        check_quotas(store, "pods", pod, NOW)
    except StatusError:
        return False, True
    return False, False


@given(specs(), st.lists(quotas(), max_size=2), st.lists(limit_ranges(), max_size=2))
def test_the_preflight_foresees_what_the_api_server_refuses(
    spec: Object, of: list[Object], ranges: list[Object]
) -> None:
    store = stored(*({**each, "metadata": {**each["metadata"], "name": f"q{i}"}} for i, each in enumerate(of)))
    for index, each in enumerate(ranges):
        store.create("limitranges", {**each, "metadata": {**each["metadata"], "name": f"l{index}"}})
    rolling = {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}}
    deployment: Any = {"metadata": {"name": "web"}, "spec": {"strategy": rolling, "template": {"spec": spec}}}
    pod = admitted(deployment, store.list("limitranges"))
    by_limits = any(check.level is Level.BLOCKER for check in check_limit_ranges(pod, store.list("limitranges")))
    by_quotas = any(check.level is not Level.OK for check in foreseen(deployment, store.list("resourcequotas"), pod))
    assert refusals(store, spec) == (by_limits, by_quotas and not by_limits)
