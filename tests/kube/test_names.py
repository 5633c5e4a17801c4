"""Names that no Deployment and no namespace can have are refused."""

import pytest

from chaosimagecorrupt.errors import Refused
from chaosimagecorrupt.kube.names import any_namespace, check_namespace, check_target


@pytest.mark.parametrize("name", ["web", "a", "a.b", "a.b-c.d", "0", "a" * 253])
def test_a_deployment_can_have_these_names(name: str) -> None:
    check_target(name, "a" * 63)


@pytest.mark.parametrize(
    "name",
    [
        *("", "A", "Web", "-a", "-web", "web-", "a.", "a..b", "a/b", "../x", "../pods", "a?b", "x\n", "web\n"),
        *("a" * 254, None, 5),
    ],
)
def test_a_deployment_cannot_have_these_names(name: object) -> None:
    with pytest.raises(Refused, match=r"name: .* is not the name of a Deployment") as refused:
        check_target(name, "shop")
    assert str(refused.value).isprintable()


@pytest.mark.parametrize("ns", ["", "A", "Shop", "a.b", "a/b", "..", "a-", "a\x00", "a\n", "shop\n", "a" * 64, None, 5])
def test_a_namespace_cannot_have_these_names(ns: object) -> None:
    with pytest.raises(Refused, match=r"ns: .* is not the name of a namespace"):
        check_namespace(ns)
    with pytest.raises(Refused, match=r"ns: .* is not the name of a namespace") as refused:
        check_target("web", ns)
    assert str(refused.value).isprintable()


def test_no_namespace_stands_for_all_of_them() -> None:
    assert (any_namespace(""), any_namespace(None), any_namespace("shop")) == (None, None, "shop")
    with pytest.raises(Refused):
        any_namespace("a/b")
