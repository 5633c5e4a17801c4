"""What scales a Deployment: HorizontalPodAutoscalers and KEDA's ScaledObjects."""

from collections.abc import Sequence
from typing import Any

import pytest

from chaosimagecorrupt.workload.autoscalers import find_autoscalers

from ..manifests import a_deployment
from ..simulated_cluster import NS

Object = Any
REFERENCE = {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"}


def scaler(name: str, reference: Object = REFERENCE, annotations: Object = None, **spec: Object) -> Object:
    return {
        "metadata": {"name": name, "namespace": NS, "annotations": annotations or {}},
        "spec": {"scaleTargetRef": reference, **spec},
    }


def found(autoscalers: Sequence[Object], scaled_objects: Sequence[Object] = ()) -> list[str]:
    return [str(each) for each in find_autoscalers(a_deployment(), autoscalers, scaled_objects)]


@pytest.mark.parametrize(
    ("spec", "text"),
    [
        ({"maxReplicas": 5}, "HorizontalPodAutoscaler a (1 to 5 pods)"),
        ({"minReplicas": 3, "maxReplicas": 5}, "HorizontalPodAutoscaler a (3 to 5 pods)"),
        ({"minReplicas": 0, "maxReplicas": 5}, "HorizontalPodAutoscaler a (0 to 5 pods)"),
    ],
)
def test_an_autoscaler_is_named_with_its_bounds(spec: Object, text: str) -> None:
    assert found([scaler("a", **spec)]) == [text]


@pytest.mark.parametrize("reference", [{**REFERENCE, "name": "other"}, {**REFERENCE, "kind": "StatefulSet"}])
def test_what_scales_something_else_is_not_named(reference: Object) -> None:
    assert found([scaler("a", reference, maxReplicas=5)], [scaler("a", reference)]) == []


KEDA = [
    ({}, "0 to 100 pods"),
    ({"minReplicaCount": 2, "maxReplicaCount": 7}, "2 to 7 pods"),
    ({"minReplicaCount": 2, "idleReplicaCount": 0}, "0 to 100 pods"),
    ({"annotations": {"autoscaling.keda.sh/paused": "true"}}, "0 to 100 pods, paused"),
    ({"annotations": {"autoscaling.keda.sh/paused": "false"}}, "0 to 100 pods"),
    ({"annotations": {"autoscaling.keda.sh/paused-replicas": "3"}}, "0 to 100 pods, paused"),
]


@pytest.mark.parametrize(("given", "text"), KEDA)
def test_a_scaled_object_has_kedas_defaults(given: Object, text: str) -> None:
    assert found([], [scaler("s", **given)]) == [f"ScaledObject s ({text})"]


def test_a_scaled_object_needs_no_kind() -> None:
    assert found([], [scaler("s", {"name": "web"})]) == ["ScaledObject s (0 to 100 pods)"]


def test_the_autoscaler_that_keda_made_is_not_named_beside_its_scaled_object() -> None:
    made = scaler("keda-hpa-s", maxReplicas=100)
    made["metadata"]["ownerReferences"] = [{"apiVersion": "keda.sh/v1alpha1", "kind": "ScaledObject", "name": "s"}]
    assert found([made], [scaler("s")]) == ["ScaledObject s (0 to 100 pods)"]
    assert found([made]) == ["HorizontalPodAutoscaler keda-hpa-s (1 to 100 pods)"]


def test_a_scaler_without_a_target_and_with_an_odd_name_is_no_problem() -> None:
    assert found([{"metadata": {"name": "a"}}], [scaler("s\n\x1b")]) == ["ScaledObject s\\n\\x1b (0 to 100 pods)"]
