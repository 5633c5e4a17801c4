"""An operator is known by its resource."""

from chaosimagecorrupt.timeline.operator import Operator

OPERATOR = Operator("shop.example/v1", "Shop", "main", "shop", ())


def test_it_is_known_by_kind_and_name() -> None:
    assert (str(OPERATOR), OPERATOR.source) == ("Shop main", "Resource Shop main")
