"""What happens is followed in the background, and whatever stands in the way is said."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import pytest

from chaosimagecorrupt.kube.client import Cluster, Patience
from chaosimagecorrupt.kube.configuration import configuration_of
from chaosimagecorrupt.kube.requests import Request
from chaosimagecorrupt.kube.resources import Resource
from chaosimagecorrupt.kube.settings import Settings
from chaosimagecorrupt.kube.waiting import WatchSet, poll
from chaosimagecorrupt.simulator import Simulator
from chaosimagecorrupt.timeline.follower import MOST_PODS
from chaosimagecorrupt.timeline.operator import Operator
from chaosimagecorrupt.timeline.recorder import Recorder
from chaosimagecorrupt.timeline.timeline import changes
from chaosimagecorrupt.workload.target import Target
from chaosimagecorrupt.workload.view import Rollout

from ..fixtures_http import BAD, NS, Shop, soon
from ..servers import Scripted, hang

SERVING = Resource("operator.knative.dev", "v1beta1", "knativeservings")
OPERATOR = Operator("operator.knative.dev/v1beta1", "KnativeServing", "seed", NS, "Ready", "False")

Object = dict[str, Any]
Record = Callable[..., Recorder]
Allowed = Callable[..., Recorder]


class Following:
    """Follows as long as it is not closed."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        recorder.start()
        assert recorder.wait_until_following(5)

    def close(self) -> None:
        self._recorder.end()
        assert soon(lambda: not following())


@pytest.fixture
def record(cluster: Cluster, shop: Shop) -> Iterator[Record]:
    """Return what follows the shop's Deployment, and wait until it does."""
    made: list[Recorder] = []

    def begin(operator: Operator | None = None, name: str = shop.name) -> Recorder:
        made.append(Recorder(Target(name, NS, cluster), operator))
        made[-1].start()
        assert made[-1].wait_until_following(5)
        return made[-1]

    yield begin
    for recorder in made:
        recorder.end()
    assert soon(lambda: not following())


@pytest.fixture
def allowed(cluster: Cluster, simulator: Simulator, shop: Shop) -> Callable[..., Recorder]:
    """Return what follows the shop's Deployment as an account that may list and watch just what is named."""

    def begin(*rules: Object) -> Recorder:
        rbac = "/apis/rbac.authorization.k8s.io/v1/namespaces/" + NS
        group, name = "rbac.authorization.k8s.io", shop.name
        role = {"apiGroup": group, "kind": "Role", "name": name}
        account = {"kind": "ServiceAccount", "name": name, "namespace": NS}
        created = {
            f"/api/v1/namespaces/{NS}/serviceaccounts": {},
            f"{rbac}/roles": {"rules": list(rules)},
            f"{rbac}/rolebindings": {"roleRef": role, "subjects": [account]},
        }
        for path, body in created.items():
            cluster.send(Request("POST", path, "create", body={"metadata": {"name": name}, **body}))
        kubeconfig = str(simulator.account_kubeconfig(NS, name))
        return Recorder(Target(name, NS, Cluster(configuration_of(Settings(kubeconfig=kubeconfig)))))

    return begin


def following() -> list[str]:
    return [t.name for t in threading.enumerate() if t.name.startswith(("watch ", "timeline "))]


@pytest.fixture
def watching(record: Record, simulator: Simulator) -> Recorder:
    """What follows the shop's Deployment, with all its watches open."""
    before = len(simulator.requests)
    recorder = record()
    assert soon(lambda: sum("watch=true" in r.path for r in simulator.requests[before:]) == 4)
    return recorder


def saw(recorder: Recorder, kind: str, **state: Any) -> bool:
    """Whether an object of that kind was seen in that state, before long."""
    wanted = {k.replace("_", ":"): v for k, v in state.items()}.items()
    return recorder.wait(
        lambda t: any(wanted <= {k: str(v) for k, v in c.state.items()}.items() for c in changes(t, kind)), 5
    )


def test_everything_around_a_fault_is_followed(record: Record, shop: Shop) -> None:
    recorder = record()
    shop.set_image()
    shop.simulator.advance(5)
    assert saw(recorder, "Deployment", image_app=BAD, complete="False")
    assert saw(recorder, "ReplicaSet", image_app=BAD, totalReplicas="1")
    assert saw(recorder, "Pod", image_app=BAD, waiting_app="ErrImagePull")
    assert saw(recorder, "Event", reason="Pulling", count="1")


def test_it_begins_with_what_is_there(record: Record, shop: Shop) -> None:
    first = [(c.kind, c.state.get("complete"), c.state.get("ready")) for c in changes(record().timeline())]
    assert first == [("ReplicaSet", None, None), ("Deployment", True, None), ("Pod", None, True), ("Pod", None, True)]


def test_the_operators_resource_is_followed(record: Record, cluster: Cluster) -> None:
    recorder = record(OPERATOR)
    patch = {"status": {"conditions": [{"type": "Ready", "status": "Unknown"}]}}
    path = SERVING.path(NS, "seed") + "/status"
    cluster.send(Request("PATCH", path, "patch", body=patch, content_type="application/merge-patch+json"))
    assert saw(recorder, "Resource", condition_Ready="['Unknown', '', None, '']")
    assert ["Resource", "KnativeServing seed"] in recorder.timeline()["objects"]


ODD_OPERATORS = {
    "not there": (
        Operator("operator.knative.dev/v1beta1", "KnativeServing", "none", NS, "Ready", "False"),
        "is not there",
    ),
    "unknown kind": (
        Operator("operator.knative.dev/v1beta1", "Nothing", "x", NS, "Ready", "False"),
        "has no 'Nothing'",
    ),
    "unknown group": (Operator("no.such/v1", "X", "x", NS, "Ready", "False"), "is its CRD installed?"),
    "no version": (Operator("None", "X", "x", NS, "Ready", "False"), "not of the form"),
}


@pytest.mark.parametrize(("operator", "why"), ODD_OPERATORS.values(), ids=list(ODD_OPERATORS))
def test_an_operator_that_cannot_be_followed_is_left_out(record: Record, operator: Operator, why: str) -> None:
    found = record(operator).timeline()
    assert why in found["missing"]["Resource"] and [c.kind for c in changes(found, "Deployment")]


READ = ["list", "watch"]
RULES = {
    "deployments": {"apiGroups": ["apps"], "resources": ["deployments"], "verbs": READ},
    "ReplicaSet": {"apiGroups": ["apps"], "resources": ["replicasets"], "verbs": READ},
    "Pod": {"apiGroups": [""], "resources": ["pods"], "verbs": READ},
    "Event": {"apiGroups": [""], "resources": ["events"], "verbs": READ},
}


@pytest.mark.parametrize("kind", ["Pod", "Event", "ReplicaSet"])
def test_what_the_role_does_not_allow_is_left_out_with_the_reason(kind: str, allowed: Allowed, shop: Shop) -> None:
    recorder = allowed(*(rule for name, rule in RULES.items() if name != kind))
    with closing(Following(recorder)):
        found = recorder.timeline()["missing"]
        assert list(found) == [kind] and "does not allow to list" in found[kind]
        shop.scale(3)
        assert saw(recorder, "Deployment", replicas="3", complete="False")


def test_without_replica_sets_a_deployment_is_complete_by_its_own_status(allowed: Allowed) -> None:
    recorder = allowed(RULES["deployments"])
    with closing(Following(recorder)):
        assert saw(recorder, "Deployment", complete="True")


def test_a_verb_that_is_not_granted_is_said_and_the_rest_is_followed(allowed: Allowed, shop: Shop) -> None:
    recorder = allowed(RULES["deployments"], RULES["Pod"] | {"verbs": ["list"]})
    with closing(Following(recorder)):
        assert recorder.wait(lambda t: "does not allow to watch" in t["missing"].get("Pod", ""), 60)
        shop.scale(3)
        assert saw(recorder, "Deployment", replicas="3")


def test_webhooks_that_cannot_be_read_are_not_known(allowed: Allowed) -> None:
    recorder = allowed(*RULES.values())
    with closing(Following(recorder)):
        assert soon(lambda: "does not allow" in recorder.webhooks_unknown) and recorder.webhooks is None


def test_a_deployment_that_is_not_there_is_said(record: Record) -> None:
    found = record(OPERATOR, name="nobody").timeline()
    assert "is not there" in found["missing"]["Deployment"] and [c.kind for c in changes(found)] == ["Resource"]


def test_a_watch_that_was_listed_again_is_a_gap(watching: Recorder, shop: Shop) -> None:
    shop.simulator.faults.expire_watches()
    shop.scale(3)
    assert saw(watching, "Deployment", replicas="3")
    assert watching.wait(lambda t: {g[2] for g in t["gaps"]} == {"Deployment", "ReplicaSet", "Pod", "Event"}, 60)
    assert all(since <= until and how == "lost" for since, until, _, how in watching.timeline()["gaps"])


def test_what_came_late_is_a_gap_too(watching: Recorder, shop: Shop) -> None:
    shop.simulator.faults.answer(503, path="watch=true", times=4)
    shop.simulator.faults.close_watches()
    assert watching.wait(lambda t: [g[3] for g in t["gaps"]] == ["late"] * 4, 60)


def test_what_was_deleted_in_a_gap_is_gone(watching: Recorder, shop: Shop) -> None:
    refused = shop.simulator.faults.answer(503, path="watch=true", times=None)
    shop.simulator.faults.close_watches()
    assert soon(lambda: refused.struck)
    shop.delete()
    shop.simulator.faults.expire_watches()
    shop.simulator.faults.clear()
    assert saw(watching, "Deployment", gone="True")


def test_a_large_deployment_is_followed_by_its_pending_pods(record: Record, shop: Shop, simulator: Simulator) -> None:
    shop.scale(MOST_PODS + 1)
    recorder = record()
    listed = [r.path for r in simulator.requests if "/pods?" in r.path and "limit=500" in r.path]
    assert "fieldSelector=status.phase%3DPending" in listed[-1]
    assert "only Pending ones" in recorder.timeline()["limited"]["Pod"]


def test_webhooks_are_read(record: Record) -> None:
    recorder = record()
    assert soon(lambda: recorder.webhooks == [])


def test_nobody_waits_for_an_api_server_that_does_not_answer() -> None:
    with Scripted(hang) as server:
        cluster = Cluster(configuration_of(Settings(host=server.url)), Patience(read=1, retry_for=0))
        recorder, began = Recorder(Target("web", NS, cluster)), time.monotonic()
        recorder.start()
        assert not recorder.wait_until_following(0.05) and not recorder.wait(lambda t: bool(t["changes"]), 0.05)
        assert recorder.timeline()["changes"] == [] and time.monotonic() - began < 15
        assert recorder.wait_until_following(60) and "not reachable" in recorder.timeline()["missing"]["Deployment"]
        recorder.end()


def test_it_rests_until_nothing_more_comes(watching: Recorder, shop: Shop) -> None:
    for replicas in range(3, 20):
        shop.scale(replicas)
    watching.rest(0.1, 5)
    assert [c.state["replicas"] for c in changes(watching.timeline(), "Deployment")][-1] == 19


def test_a_rest_ends_in_time_when_news_keep_coming(watching: Recorder, shop: Shop) -> None:
    writing = threading.Thread(target=lambda: [shop.scale(n) for n in range(3, 100)])
    writing.start()
    watching.rest(1, 0.1)
    assert writing.is_alive()
    writing.join()


def test_a_wait_that_is_in_vain_ends_in_time(record: Record) -> None:
    began = time.monotonic()
    assert not record().wait(lambda timeline: False, 0.1) and time.monotonic() - began < 15


def test_ending_it_leaves_nothing_behind(record: Record) -> None:
    recorder = record()
    assert soon(lambda: len(following()) == 5)
    recorder.end()
    recorder.end()
    assert soon(lambda: not following())


def test_it_may_be_ended_before_it_begins(cluster: Cluster, shop: Shop) -> None:
    Recorder(Target(shop.name, NS, cluster)).end()


def test_probes_that_wait_look_through_the_watches_that_are_there(
    watching: Recorder, cluster: Cluster, shop: Shop, simulator: Simulator
) -> None:
    before = len(simulator.requests)
    watch_set = WatchSet(watching.target.cluster)
    looking = poll(watch_set, Rollout(watch_set, NS, shop.name, replica_sets=True), shop.name, 10)
    with closing(looking):
        next(looking)
        shop.scale(3)
        simulator.advance(1)
        assert any(view.deployment["spec"]["replicas"] == 3 for view in looking)
    assert not [r.path for r in simulator.requests[before:] if "watch=true" in r.path]
    assert saw(watching, "Deployment", replicas="3")
