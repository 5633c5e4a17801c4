"""What a path names."""

import pytest

from chaosimagecorrupt.simulator.api.errors import ApiError
from chaosimagecorrupt.simulator.api.routing import target_of
from chaosimagecorrupt.simulator.kinds import Kinds, Resource


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/api/v1/pods", ("pods", "", "", "")),
        ("/api/v1/nodes/a", ("nodes", "", "a", "")),
        ("/api/v1/namespaces/shop/pods", ("pods", "shop", "", "")),
        ("/api/v1/namespaces/shop/pods/a/status", ("pods", "shop", "a", "status")),
        ("/apis/apps/v1/namespaces/shop/deployments/web/scale", ("deployments.apps", "shop", "web", "scale")),
        ("/api/v1/namespaces/shop", ("namespaces", "", "shop", "")),
        ("/api/v1/namespaces/shop/status", ("namespaces", "", "shop", "status")),
        ("/api/v1/namespaces/shop/finalize", ("namespaces", "", "shop", "finalize")),
    ],
)
def test_the_parts_of_a_path(path: str, expected: tuple[str, str, str, str]) -> None:
    target = target_of(Kinds(), path)
    assert target is not None
    assert (target.resource.name, target.namespace, target.name, target.subresource) == expected


@pytest.mark.parametrize("path", ["/", "/version", "/api/v1", "/apis/apps/v1", "/apis/example.com/v1/widgets"])
def test_a_path_of_no_group_names_nothing(path: str) -> None:
    assert target_of(Kinds(), path) is None


@pytest.mark.parametrize(
    "path",
    [
        "/apis/apps/v1/controllers",
        "/apis/apps/v1beta1/deployments",
        "/apis/storage.k8s.io/v1/storageclasses",
        "/api/v1/pods/a",
        "/api/v1/namespaces/shop/nodes",
        "/api/v1/namespaces/shop/pods/a/status/more",
    ],
)
def test_a_resource_that_is_not_served(path: str) -> None:
    with pytest.raises(ApiError) as refusal:
        target_of(Kinds(), path)
    assert refusal.value.code == 404


def test_a_group_that_a_definition_adds_is_served() -> None:
    kinds = Kinds()
    kinds.add(Resource("example.com", "v1", "Widget", "widgets", schema={"type": "object"}))
    target = target_of(kinds, "/apis/example.com/v1/namespaces/shop/widgets/a")
    assert target is not None and target.resource.kind == "Widget"
