"""Discovery: groups, resources, OpenAPI."""

import pytest

from ..calls import PureCalls


def test_the_openapi_document_names_the_kinds(calls: PureCalls) -> None:
    paths = calls("GET", "/openapi/v3").body["paths"]
    assert paths["apis/apps/v1"] == {"serverRelativeURL": "/openapi/v3/apis/apps/v1"}
    document = calls("GET", "/openapi/v3/apis/apps/v1").body
    patch = document["paths"]["/apis/apps/v1/namespaces/{namespace}/deployments/{name}"]["patch"]
    assert patch["x-kubernetes-group-version-kind"] == {"group": "apps", "version": "v1", "kind": "Deployment"}
    assert calls("GET", "/openapi/v3/apis/none/v1").status == 404


@pytest.mark.parametrize("path", ["/healthz", "/livez", "/readyz"])
def test_health(calls: PureCalls, path: str) -> None:
    assert (calls("GET", path).status, calls("GET", path).body) == (200, "ok")


def test_groups_and_resources(calls: PureCalls) -> None:
    groups = {group["name"] for group in calls("GET", "/apis").body["groups"]}
    assert {"apps", "rbac.authorization.k8s.io", "authorization.k8s.io"} <= groups
    names = {resource["name"] for resource in calls("GET", "/apis/apps/v1").body["resources"]}
    assert names == {
        "controllerrevisions",
        "daemonsets",
        "daemonsets/status",
        "deployments",
        "deployments/status",
        "deployments/scale",
        "replicasets",
        "replicasets/status",
        "replicasets/scale",
        "statefulsets",
        "statefulsets/status",
        "statefulsets/scale",
    }
