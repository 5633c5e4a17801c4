"""The kinds of objects have the names and the paths that the API server knows."""

import pytest

from chaosimagecorrupt.kube.resources import AUTOSCALERS, DEPLOYMENTS, NAMESPACES, PODS, REVIEWS, Resource


@pytest.mark.parametrize(
    ("resource", "name"),
    [(DEPLOYMENTS, "deployments.apps"), (PODS, "pods"), (AUTOSCALERS, "horizontalpodautoscalers.autoscaling")],
)
def test_the_full_name_has_the_group_unless_it_is_the_core(resource: Resource, name: str) -> None:
    assert resource.full_name == name


@pytest.mark.parametrize(
    ("resource", "namespace", "name", "path"),
    [
        (DEPLOYMENTS, "shop", "web", "/apis/apps/v1/namespaces/shop/deployments/web"),
        (DEPLOYMENTS, "shop", None, "/apis/apps/v1/namespaces/shop/deployments"),
        (DEPLOYMENTS, None, None, "/apis/apps/v1/deployments"),
        (PODS, "shop", None, "/api/v1/namespaces/shop/pods"),
        (NAMESPACES, None, "shop", "/api/v1/namespaces/shop"),
        (REVIEWS, "shop", None, "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"),
    ],
)
def test_the_path_leads_to_the_object_or_the_collection(
    resource: Resource, namespace: str | None, name: str | None, path: str
) -> None:
    assert resource.path(namespace, name) == path


def test_a_name_cannot_lead_out_of_its_path() -> None:
    assert DEPLOYMENTS.path("shop", "../pods?x") == "/apis/apps/v1/namespaces/shop/deployments/..%2Fpods%3Fx"
