"""What happens is followed in the background, and what cannot be followed is reported as missing."""

from contextlib import closing

import pytest

from chaosimagecorrupt.kube.client import Cluster
from chaosimagecorrupt.kube.requests import Request
from chaosimagecorrupt.kube.resources import Resource
from chaosimagecorrupt.timeline.follower import MOST_PODS
from chaosimagecorrupt.timeline.operator import Operator
from chaosimagecorrupt.timeline.recorder import Recorder
from chaosimagecorrupt.timeline.timeline import changes
from chaosimagecorrupt.workload.accepted import AcceptedCondition

from ..faulty_simulator import FaultySimulator
from ..fixtures_http import BAD, NS, Shop, soon
from .recording import Allowed, Record, RunningRecorder, saw

SERVING = Resource("operator.knative.dev", "v1beta1", "knativeservings")
READY = (AcceptedCondition("Ready", "False"),)
OPERATOR = Operator("operator.knative.dev/v1beta1", "KnativeServing", "seed", NS, READY)


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
    assert saw(recorder, "Resource", condition_Ready="('Unknown', '', None, '')")
    assert ["Resource", "KnativeServing seed"] in recorder.timeline()["objects"]


ODD_OPERATORS = {
    "not there": (
        Operator("operator.knative.dev/v1beta1", "KnativeServing", "none", NS, READY),
        "does not exist",
    ),
    "unknown kind": (
        Operator("operator.knative.dev/v1beta1", "Nothing", "x", NS, READY),
        "has no 'Nothing'",
    ),
    "unknown group": (Operator("no.such/v1", "X", "x", NS, READY), "is its CRD installed?"),
    "no version": (Operator("None", "X", "x", NS, READY), "not of the form"),
}


@pytest.mark.parametrize(("operator", "why"), ODD_OPERATORS.values(), ids=list(ODD_OPERATORS))
def test_an_operator_that_cannot_be_followed_is_left_out(record: Record, operator: Operator, why: str) -> None:
    found = record(operator).timeline()
    assert why in found["missing"][operator.source] and [c.kind for c in changes(found, "Deployment")]


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
    with closing(RunningRecorder(recorder)):
        found = recorder.timeline()["missing"]
        assert list(found) == [kind] and "does not allow to list" in found[kind]
        shop.scale(3)
        assert saw(recorder, "Deployment", replicas="3", complete="False")


def test_without_replica_sets_a_deployment_is_complete_by_its_own_status(allowed: Allowed) -> None:
    recorder = allowed(RULES["deployments"])
    with closing(RunningRecorder(recorder)):
        assert saw(recorder, "Deployment", complete="True")


def test_a_verb_that_is_not_granted_is_said_and_the_rest_is_followed(allowed: Allowed, shop: Shop) -> None:
    recorder = allowed(RULES["deployments"], RULES["Pod"] | {"verbs": ["list"]})
    with closing(RunningRecorder(recorder)):
        assert recorder.wait(lambda t: "does not allow to watch" in t["missing"].get("Pod", ""), 60)
        shop.scale(3)
        assert saw(recorder, "Deployment", replicas="3")


def test_webhooks_that_cannot_be_read_are_not_known(allowed: Allowed) -> None:
    recorder = allowed(*RULES.values())
    with closing(RunningRecorder(recorder)):
        assert soon(lambda: "does not allow" in recorder.webhooks_unknown) and recorder.webhooks is None


def test_a_deployment_that_is_not_there_is_said(record: Record) -> None:
    found = record(OPERATOR, name="nobody").timeline()
    assert "does not exist" in found["missing"]["Deployment"] and [c.kind for c in changes(found)] == ["Resource"]


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


def test_a_large_deployment_is_followed_by_its_pending_pods(
    record: Record, shop: Shop, simulator: FaultySimulator
) -> None:
    shop.scale(MOST_PODS + 1)
    recorder = record()
    listed = [r.path for r in simulator.requests if "/pods?" in r.path and "limit=500" in r.path]
    assert "fieldSelector=status.phase%3DPending" in listed[-1]
    assert "only Pending ones" in recorder.timeline()["limited"]["Pod"]


def test_webhooks_are_read(record: Record) -> None:
    recorder = record()
    assert soon(lambda: recorder.webhooks == [])
