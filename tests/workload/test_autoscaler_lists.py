"""What scales a Deployment is read from the cluster."""

import time
from typing import Any

import pytest

from chaosimagecorrupt.errors import Forbidden
from chaosimagecorrupt.workload.autoscaler_lists import read_autoscalers
from chaosimagecorrupt.workload.target import Target

from ..in_process_client import Place
from ..restricted_client import RestrictedClient
from ..simulated_cluster import IMAGE, NS

Object = Any
REFERENCE = {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"}


def scaler(name: str, **spec: Object) -> Object:
    return {"metadata": {"name": name, "namespace": NS}, "spec": {"scaleTargetRef": REFERENCE, **spec}}


def web(*objects: Object, forbidden: str = "nothing") -> Target:
    labels = {"app": "web"}
    pod = {"containers": [{"name": "app", "image": IMAGE}]}
    spec = {"selector": {"matchLabels": labels}, "template": {"metadata": {"labels": labels}, "spec": pod}}
    deployment = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web", "namespace": NS}}
    place = Place(time.time(), [*objects, {**deployment, "spec": spec}])
    return Target("web", NS, RestrictedClient(place, "autoscalers", forbidden))


HPA = {"apiVersion": "autoscaling/v2", "kind": "HorizontalPodAutoscaler", **scaler("a", maxReplicas=5)}
SCALED = {"apiVersion": "keda.sh/v1alpha1", "kind": "ScaledObject", **scaler("s")}


def test_both_kinds_are_read() -> None:
    target = web(HPA, SCALED)
    assert [each.name for each in read_autoscalers(target, target.get())] == ["a", "s"]


def test_a_cluster_without_keda_has_no_scaled_object() -> None:
    target = web(HPA)
    assert [each.name for each in read_autoscalers(target, target.get())] == ["a"]


def test_without_the_right_it_is_not_known() -> None:
    target = web(SCALED, forbidden="list scaledobjects")
    with pytest.raises(Forbidden):
        read_autoscalers(target, target.get())
