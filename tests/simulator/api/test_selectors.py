"""Label and field selectors."""

import pytest

from ..calls import CONFIGS, DEPLOYMENTS, PODS, PureCalls, deployment, listed

pytestmark = pytest.mark.usefixtures("configs")


@pytest.mark.parametrize(
    ("selector", "names"),
    [
        ("app=x", "ab"),
        ("app==x", "ab"),
        ("app!=x", "c"),
        ("app=x,tier=front", "a"),
        ("app=x,app=y", ""),
        ("tier", "a"),
        ("!tier", "bc"),
        ("app in (x, y)", "abc"),
        ("app notin (x)", "c"),
        ("tier notin (front)", "bc"),
        ("tier!=front", "bc"),
        ("size>4", "c"),
        ("size<4", ""),
        ("app=", ""),
        ("tier in ()", ""),
        ("", "abc"),
    ],
)
def test_label_selectors(calls: PureCalls, selector: str, names: str) -> None:
    query = selector.replace(" ", "%20").replace("!", "%21").replace("=", "%3D").replace(">", "%3E").replace("<", "%3C")
    assert listed(calls, f"labelSelector={query}") == names


@pytest.mark.parametrize("selector", ["a in", "a in (", "a in (b", "=b", "a b", "a=b c", ",", "a>x", "in (a)"])
def test_label_selectors_that_do_not_parse(calls: PureCalls, selector: str) -> None:
    query = selector.replace(" ", "%20").replace("=", "%3D").replace(">", "%3E")
    answer = calls("GET", f"{CONFIGS}?labelSelector={query}")
    assert (answer.status, answer.body["reason"]) == (400, "BadRequest")


@pytest.mark.parametrize(
    ("selector", "names"), [("metadata.name%3Da", "a"), ("metadata.name!%3Da", "bc"), ("metadata.namespace%3Dx", "")]
)
def test_field_selectors(calls: PureCalls, selector: str, names: str) -> None:
    assert listed(calls, f"fieldSelector={selector}") == names


def test_field_selectors_that_a_kind_does_not_have(calls: PureCalls) -> None:
    known = 'only "metadata.name", "metadata.namespace"'
    assert calls("GET", f"{CONFIGS}?fieldSelector=data.x%3D1").message == (
        f'"data.x" is not a known field selector: {known}'
    )
    assert calls("GET", f"{CONFIGS}?fieldSelector=metadata.name").status == 400


def test_pods_are_selected_by_node_and_phase(calls: PureCalls) -> None:
    calls("POST", DEPLOYMENTS, deployment(replicas=1))
    calls.advance(5)
    (pod,) = calls("GET", PODS).body["items"]
    name, node = pod["metadata"]["name"], pod["spec"]["nodeName"]
    assert listed(calls, f"fieldSelector=spec.nodeName%3D{node},status.phase%3DRunning", PODS) == name
    assert listed(calls, "fieldSelector=status.phase%3DFailed", PODS) == ""


def test_events_are_selected_by_what_they_are_about(calls: PureCalls) -> None:
    calls("POST", DEPLOYMENTS, deployment())
    calls.advance(5)
    path = "/api/v1/namespaces/default/events"
    query = "fieldSelector=involvedObject.kind%3DDeployment,involvedObject.name%3Dweb,type%3DNormal"
    found = calls("GET", f"{path}?{query}").body["items"]
    assert {event["reason"] for event in found} == {"ScalingReplicaSet"}
