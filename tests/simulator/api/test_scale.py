"""The scale subresource."""

from typing import Any

import pytest

from ..calls import DEPLOYMENTS, MERGE, WEB, PureCalls, created, deployment
from ..custom_resource import WIDGET, WIDGETS, define_widgets

EXPRESSIONS = [
    {"key": "app", "operator": "In", "values": ["web", "x"]},
    {"key": "app", "operator": "NotIn", "values": ["y"]},
    {"key": "app", "operator": "Exists"},
    {"key": "gone", "operator": "DoesNotExist"},
]


def test_the_scale_of_a_deployment(calls: PureCalls) -> None:
    created(calls)
    calls.advance(5)
    scale = calls("GET", f"{WEB}/scale").body
    assert (scale["kind"], scale["spec"], scale["status"]) == (
        "Scale",
        {"replicas": 2},
        {"replicas": 2, "selector": "app=web"},
    )
    scale["spec"]["replicas"] = 4
    assert calls("PUT", f"{WEB}/scale", scale).body["spec"] == {"replicas": 4}
    assert calls("PUT", f"{WEB}/scale", scale).status == 409
    assert calls("GET", WEB).body["metadata"]["generation"] == 2


@pytest.mark.parametrize(("replicas", "status"), [(-1, 422), ("x", 400), (True, 400)])
def test_scales_that_make_no_sense(calls: PureCalls, replicas: Any, status: int) -> None:
    created(calls)
    assert calls("PATCH", f"{WEB}/scale", {"spec": {"replicas": replicas}}, MERGE).status == status


def test_a_custom_resource_scales(calls: PureCalls) -> None:
    define_widgets(calls)
    calls("POST", WIDGETS, WIDGET)
    assert calls("PATCH", f"{WIDGETS}/one/scale", {"spec": {"replicas": 4}}, MERGE).body["spec"] == {"replicas": 4}
    assert calls("GET", f"{WIDGETS}/one").body["spec"] == {"size": 3, "replicas": 4}


def test_a_deployment_selected_by_expressions_shows_them_in_its_scale(calls: PureCalls) -> None:
    obj = deployment(selector={"matchExpressions": EXPRESSIONS})
    assert calls("POST", DEPLOYMENTS, obj).status == 201
    selector = calls("GET", f"{WEB}/scale").body["status"]["selector"]
    assert selector == "app in (web,x),app notin (y),app,!gone"


def test_scales_are_objects(calls: PureCalls) -> None:
    calls("POST", DEPLOYMENTS, deployment())
    assert calls("PUT", f"{WEB}/scale", [1]).status == 400
    assert calls("PATCH", f"{WEB}/scale?dryRun=All", {"spec": {"replicas": 9}}, MERGE).body["spec"] == {"replicas": 9}
    assert calls("GET", f"{WEB}/scale").body["spec"] == {"replicas": 2}
