import pytest
from hypothesis import given
from hypothesis import strategies as st

from chaosimagecorrupt.simulator.controllers.deployment.replica_counts import (
    MAXIMUM,
    max_surge,
    max_unavailable,
    new_replica_set_size,
    proportion,
    scaled,
)
from chaosimagecorrupt.simulator.controllers.deployment.replica_sets import annotated, find_new, new_replica_set
from chaosimagecorrupt.simulator.types import Json

from ...controller_cluster import BAD, GOOD, deployment, pod_spec, rolling


def replica_set(size: int, maximum: int | None = None) -> Json:
    annotations = {MAXIMUM: str(maximum)} if maximum else {}
    return {"metadata": {"annotations": annotations}, "spec": {"replicas": size}}


@pytest.mark.parametrize(
    ("replicas", "surge", "unavailable", "expected"),
    [
        (2, "25%", "25%", (1, 0)),
        (4, "25%", "25%", (1, 1)),
        (10, "25%", "25%", (3, 2)),
        (3, 0, 1, (0, 1)),
        (3, 0, 0, (0, 1)),
        (1, "0%", "99%", (0, 1)),
        (3, "100%", "0%", (3, 0)),
        (2, 1, 5, (1, 2)),
        (0, "25%", "25%", (0, 0)),
    ],
)
def test_surge_rounds_up_unavailable_rounds_down_and_never_are_both_0(
    replicas: int, surge: int | str, unavailable: int | str, expected: tuple[int, int]
) -> None:
    obj = deployment(replicas=replicas, strategy=rolling(surge, unavailable))
    assert (max_surge(obj), max_unavailable(obj)) == expected


def test_without_a_strategy_a_quarter_may_be_more_or_less() -> None:
    assert (max_surge(deployment(replicas=8)), max_unavailable(deployment(replicas=8))) == (2, 2)


def test_recreate_has_no_surge() -> None:
    obj = deployment(replicas=4, strategy={"type": "Recreate"})
    assert (max_surge(obj), max_unavailable(obj)) == (0, 0)


@given(st.integers(0, 200), st.integers(0, 100))
def test_a_percentage_lies_between_its_two_roundings(total: int, percent: int) -> None:
    down, up = (scaled(f"{percent}%", total, up=each) for each in (False, True))
    assert down <= percent * total / 100 <= up <= down + 1


@given(st.integers(0, 20), st.integers(0, 20), st.integers(0, 20), st.integers(0, 5), st.integers(0, 5))
def test_the_newest_replica_set_never_grows_beyond_the_surge(
    replicas: int, new: int, old: int, surge: int, unavailable: int
) -> None:
    obj = deployment(replicas=replicas, strategy=rolling(surge, unavailable))
    newest = replica_set(min(new, replicas))
    size = new_replica_set_size(obj, [newest, replica_set(old)], newest)
    assert size <= replicas
    assert size == min(new, replicas) or size + old <= replicas + max_surge(obj)


@given(st.lists(st.integers(1, 30), min_size=2, max_size=4), st.integers(0, 80))
def test_shares_never_add_up_to_more_than_is_to_be_added(sizes: list[int], desired: int) -> None:
    obj = deployment(replicas=desired, strategy=rolling(0, 1))
    to_add, added = desired - sum(sizes), 0
    for size in sizes:
        share = proportion(obj, replica_set(size, sum(sizes)), to_add, added)
        added += share
        assert abs(added) <= abs(to_add) and share * to_add >= 0


def test_a_share_follows_the_size_that_the_deployment_had() -> None:
    obj = deployment(replicas=30, strategy=rolling(3, 2))
    assert proportion(obj, replica_set(8, 13), 20, 0) == 12
    assert proportion(obj, replica_set(5, 13), 20, 12) == 8


def test_the_same_template_has_the_same_hash_and_another_one_another() -> None:
    names = [new_replica_set(with_uid(deployment(pod=pod_spec(image))), [])["metadata"]["name"] for image in "aab"]
    assert names[0] == names[1] != names[2]


def with_uid(obj: Json) -> Json:
    return {**obj, "metadata": {**obj["metadata"], "uid": "1"}}


def test_the_replica_set_of_a_template_is_found_whatever_its_hash_label() -> None:
    obj = with_uid(deployment())
    made = new_replica_set(obj, [])
    made["metadata"]["creationTimestamp"] = "2026-01-01T00:00:00Z"
    other = new_replica_set(with_uid(deployment(pod=pod_spec(BAD))), [])
    other["metadata"]["creationTimestamp"] = "2025-01-01T00:00:00Z"
    assert find_new(obj, [other, made]) is made
    assert find_new(with_uid(deployment(pod=pod_spec("quay.io/other"))), [other, made]) is None


def test_annotations_of_the_deployment_are_added_never_removed() -> None:
    obj = with_uid(deployment())
    obj["metadata"]["annotations"] = {"team": "a", "kubectl.kubernetes.io/last-applied-configuration": "{}"}
    made = new_replica_set(obj, [])
    obj["metadata"]["annotations"] = {"other": "b"}
    annotations = annotated(obj, made, 1)["metadata"]["annotations"]
    assert annotations == {
        "team": "a",
        "other": "b",
        "deployment.kubernetes.io/revision": "1",
        "deployment.kubernetes.io/desired-replicas": "2",
        "deployment.kubernetes.io/max-replicas": "3",
    }


def test_a_replica_set_that_comes_back_remembers_its_former_revisions() -> None:
    obj = with_uid(deployment())
    made = new_replica_set(obj, [])
    for revision in (3, 7):
        made = annotated(obj, made, revision)
    annotations = made["metadata"]["annotations"]
    assert annotations["deployment.kubernetes.io/revision"] == "7"
    assert annotations["deployment.kubernetes.io/revision-history"] == "1,3"
    assert annotated(obj, made, 7) is made


def test_the_history_of_revisions_drops_the_oldest_when_it_gets_long() -> None:
    obj = with_uid(deployment())
    made = new_replica_set(obj, [])
    for revision in range(2, 1000):
        made = annotated(obj, made, revision)
    history = made["metadata"]["annotations"]["deployment.kubernetes.io/revision-history"]
    assert len(history) <= 2000 and history.endswith(",998") and not history.startswith("1,")


def test_the_names_of_replica_sets_are_labels() -> None:
    name = new_replica_set(with_uid(deployment(pod=pod_spec(GOOD))), [])["metadata"]["name"]
    assert name.startswith("web-") and set(name[4:]) <= set("bcdfghjklmnpqrstvwxz2456789")
