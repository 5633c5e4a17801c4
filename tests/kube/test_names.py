"""Names that no Deployment and no namespace can have are refused."""

import pytest

from chaosimagecorrupt.errors import Refused
from chaosimagecorrupt.kube.names import any_namespace, check_namespace, check_target


@pytest.mark.parametrize("name", ["web", "a.b", "0", "a" * 253])
def test_a_deployment_can_have_these_names(name: str) -> None:
    check_target(name, "shop")


@pytest.mark.parametrize("name", ["", "Web", "-web", "web-", "a..b", "a/b", "../pods", "web\n", "a" * 254, None, 7])
def test_a_deployment_cannot_have_these_names(name: object) -> None:
    with pytest.raises(Refused, match=r"name: .* is not the name of a Deployment"):
        check_target(name, "shop")


@pytest.mark.parametrize("ns", ["", "Shop", "a.b", "a/b", "shop\n", "a" * 64, None, 7])
def test_a_namespace_cannot_have_these_names(ns: object) -> None:
    with pytest.raises(Refused, match=r"ns: .* is not the name of a namespace"):
        check_namespace(ns)
    with pytest.raises(Refused, match="ns: "):
        check_target("web", ns)


def test_no_namespace_stands_for_all_of_them() -> None:
    assert (any_namespace(""), any_namespace(None), any_namespace("shop")) == (None, None, "shop")
    with pytest.raises(Refused):
        any_namespace("a/b")
