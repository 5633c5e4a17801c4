"""What a request wants to do."""

import pytest

from chaosimagecorrupt.simulator.api.rbac import Attributes
from chaosimagecorrupt.simulator.api.request import Request
from chaosimagecorrupt.simulator.api.request_info import attributes_of

SHOP = "/api/v1/namespaces/shop"


@pytest.mark.parametrize(
    ("method", "path", "attributes"),
    [
        ("GET", f"{SHOP}/pods", Attributes("list", "", "pods", namespace="shop")),
        ("GET", f"{SHOP}/pods/a", Attributes("get", "", "pods", namespace="shop", name="a")),
        ("HEAD", f"{SHOP}/pods/a", Attributes("get", "", "pods", namespace="shop", name="a")),
        ("POST", f"{SHOP}/pods", Attributes("create", "", "pods", namespace="shop")),
        ("POST", f"{SHOP}/pods/a/exec", Attributes("create", "", "pods", "exec", "shop", "a")),
        ("DELETE", f"{SHOP}/pods", Attributes("deletecollection", "", "pods", namespace="shop")),
        ("PUT", "/apis/apps/v1/deployments", Attributes("update", "apps", "deployments")),
        ("GET", SHOP, Attributes("get", "", "namespaces", namespace="shop", name="shop")),
        ("PATCH", f"{SHOP}/status", Attributes("patch", "", "namespaces", "status", "shop", "shop")),
        ("GET", "/apis/nope.example.com/v1/things/a", Attributes("get", "nope.example.com", "things", name="a")),
    ],
)
def test_verb_and_resource_follow_from_method_and_path(method: str, path: str, attributes: Attributes) -> None:
    assert attributes_of(Request(method, path)) == attributes


def test_a_list_of_one_name_wants_that_one() -> None:
    found = attributes_of(Request("GET", f"{SHOP}/pods", {"fieldSelector": "metadata.name=a", "watch": "true"}))
    assert found == Attributes("watch", "", "pods", namespace="shop", name="a")


@pytest.mark.parametrize("path", ["/", "/version", "/api/v1", "/apis/apps/v1", "/metrics"])
def test_other_paths_are_about_no_resource(path: str) -> None:
    assert attributes_of(Request("GET", path)) is None
