"""Tables, which kubectl prints."""

import pytest

from ..calls import CONFIGS, DEPLOYMENTS, JSON, MERGE, PODS, WEB, PureCalls, deployment
from ..custom_resource import WIDGET, WIDGETS, define_widgets

TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json"
pytestmark = pytest.mark.usefixtures("configs")


def test_a_table_of_deployments(calls: PureCalls) -> None:
    calls("POST", DEPLOYMENTS, deployment())
    calls.advance(5)
    table = calls("GET", WEB, accept=TABLE).body
    names = [column["name"] for column in table["columnDefinitions"] if not column["priority"]]
    assert names == ["Name", "Ready", "Up-to-date", "Available", "Age"]
    assert table["rows"][0]["cells"][:4] == ["web", "2/2", 2, 2]
    assert table["rows"][0]["object"]["kind"] == "PartialObjectMetadata"


def test_a_table_of_pods_shows_why_they_wait(calls: PureCalls) -> None:
    calls("POST", DEPLOYMENTS, deployment(image="registry.invalid/x:chaos", replicas=1))
    calls.advance(3)
    (row,) = calls("GET", PODS, accept=TABLE).body["rows"]
    assert row["cells"][1:4] == ["0/1", "ErrImagePull", "0"]


def test_a_table_of_custom_resources_has_their_columns(calls: PureCalls) -> None:
    define_widgets(calls)
    calls("POST", WIDGETS, WIDGET)
    status = {"status": {"conditions": [{"type": "Ready", "status": "False"}]}}
    calls("PATCH", f"{WIDGETS}/one/status", status, MERGE)
    table = calls("GET", WIDGETS, accept=TABLE).body
    assert [column["name"] for column in table["columnDefinitions"]] == ["Name", "Size", "Ready"]
    assert table["rows"][0]["cells"] == ["one", 3, "False"]


def test_a_table_can_hold_the_objects(calls: PureCalls) -> None:
    table = calls("GET", f"{CONFIGS}?includeObject=Object", accept=TABLE).body
    assert table["rows"][0]["object"]["metadata"]["name"] == "a"
    assert calls("GET", f"{CONFIGS}?includeObject=Half", accept=TABLE).status == 400


def test_a_table_in_one_of_several_forms(calls: PureCalls) -> None:
    calls("POST", DEPLOYMENTS, deployment())
    forms = f"application/json;as=Table;v=v1beta1;g=meta.k8s.io,{JSON}"
    assert calls("GET", WEB, accept=forms).body["kind"] == "Deployment"
