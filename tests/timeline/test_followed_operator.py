"""One operator for each resource that is followed."""

from typing import Any

from chaosimagecorrupt.timeline.followed_operator import FollowedOperator, merged
from chaosimagecorrupt.timeline.operator import Operator
from chaosimagecorrupt.workload.accepted import AcceptedCondition

READY, STUCK = AcceptedCondition("Ready", "False"), AcceptedCondition("Progressing", "True", "Stuck")
CLUSTER: Any = object()


def followed(*conditions: AcceptedCondition, name: str = "main", namespace: str | None = "shop") -> FollowedOperator:
    return FollowedOperator(Operator("shop.example/v1", "Shop", name, namespace, conditions), CLUSTER)


def test_all_conditions_that_name_a_resource_report_for_it_once_each() -> None:
    [found] = merged([followed(READY), followed(STUCK, READY)])
    assert list(found.operator.conditions) == [READY, STUCK] and found.cluster is CLUSTER


def test_different_resources_stay_apart() -> None:
    assert [str(each.operator) for each in merged([followed(READY), followed(READY, name="other")])] == [
        "Shop main",
        "Shop other",
    ]


def test_of_two_that_differ_only_in_their_namespace_the_first_counts() -> None:
    [found] = merged([followed(READY), followed(STUCK, namespace="elsewhere")])
    assert (found.operator.namespace, list(found.operator.conditions)) == ("shop", [READY])
