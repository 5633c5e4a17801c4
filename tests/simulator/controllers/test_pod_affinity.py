"""Which nodes a Pod may be bound to beside other Pods."""

from typing import Any

import pytest

from chaosimagecorrupt.simulator.controllers.pod_affinity import AFFINITY, ANTI_AFFINITY, EXISTING, PodAffinity
from chaosimagecorrupt.simulator.types import Object

NODES = {
    "a1": {"host": "a1", "zone": "a"},
    "a2": {"host": "a2", "zone": "a"},
    "b1": {"host": "b1", "zone": "b"},
    "x": {},
}
NAMESPACES = {"shop": {"team": "one"}, "other": {"team": "two"}}


def term(app: str = "web", key: str = "zone", **more: Any) -> Object:
    return {"labelSelector": {"matchLabels": {"app": app}}, "topologyKey": key, **more}


def pod(
    app: str = "web", namespace: str = "shop", node: str = "", labels: Object | None = None, **terms: Any
) -> Object:
    affinity = {kind: {"requiredDuringSchedulingIgnoredDuringExecution": each} for kind, each in terms.items()}
    metadata = {"name": app, "namespace": namespace, "labels": {"app": app, **(labels or {})}}
    return {"metadata": metadata, "spec": {"affinity": affinity, "nodeName": node}}


def refusals(subject: Object, *assigned: Object) -> list[str]:
    affinity = PodAffinity(subject, list(assigned), NODES, lambda name: NAMESPACES[name])
    return [affinity.refusal(node) for node in NODES]


def near(*terms: Object) -> Object:
    return pod(podAffinity=list(terms))


def away(*terms: Object, **more: Any) -> Object:
    return pod(podAntiAffinity=list(terms), **more)


def test_a_pod_without_terms_fits_everywhere() -> None:
    assert refusals(pod(), pod("db", node="a1")) == ["", "", "", ""]


def test_affinity_wants_the_other_pods_in_the_same_place() -> None:
    assert refusals(near(term("db")), pod("db", node="a1")) == ["", "", AFFINITY, AFFINITY]
    assert refusals(near(term("db", "host")), pod("db", node="a1")) == ["", AFFINITY, AFFINITY, AFFINITY]
    assert refusals(near(term("db"))) == [AFFINITY] * 4


def test_the_first_of_a_series_that_wants_to_be_together_may_be_anywhere_that_has_the_label() -> None:
    assert refusals(near(term())) == ["", "", "", AFFINITY]
    assert refusals(near(term()), pod(node="b1")) == [AFFINITY, AFFINITY, "", AFFINITY]


def test_a_pod_has_to_be_selected_by_all_terms() -> None:
    both = near(term("db"), {**term("db", "host"), "labelSelector": {"matchLabels": {"tier": "gold"}}})
    assert refusals(both, pod("db", node="a1")) == [AFFINITY] * 4
    assert refusals(both, pod("db", node="a1", labels={"tier": "gold"})) == ["", AFFINITY, AFFINITY, AFFINITY]


def test_anti_affinity_wants_no_such_pod_in_the_same_place() -> None:
    assert refusals(away(term()), pod(node="a1")) == [ANTI_AFFINITY, ANTI_AFFINITY, "", ""]


def test_a_pod_that_is_there_already_keeps_others_away() -> None:
    assert refusals(pod(), away(term(), app="db", node="a1")) == [EXISTING, EXISTING, "", ""]
    assert refusals(pod("other"), away(term(), app="db", node="a1")) == ["", "", "", ""]


@pytest.mark.parametrize(
    ("more", "counts"),
    [
        ({}, False),
        ({"namespaces": ["other"]}, True),
        ({"namespaceSelector": {}}, True),
        ({"namespaceSelector": {"matchLabels": {"team": "two"}}}, True),
        ({"namespaceSelector": {"matchLabels": {"team": "one"}}}, False),
        ({"labelSelector": None, "namespaces": ["other"]}, False),
        ({"labelSelector": {}, "namespaces": ["other"]}, True),
    ],
)
def test_pods_of_other_namespaces_count_only_when_a_term_says_so(more: Object, counts: bool) -> None:
    assert bool(refusals(away(term(**more)), pod(namespace="other", node="a1"))[0]) is counts


def test_keys_of_labels_whose_values_have_to_be_the_same_or_to_differ() -> None:
    old, new = {"hash": "1"}, {"hash": "2"}
    same = away(term(matchLabelKeys=["hash"]), labels=new)
    assert (refusals(same, pod(node="a1", labels=old))[0], refusals(same, pod(node="a1", labels=new))[0]) == (
        "",
        ANTI_AFFINITY,
    )
    differs = away(term(mismatchLabelKeys=["hash"]), labels=new)
    assert refusals(differs, pod(node="a1", labels=old))[0] == ANTI_AFFINITY
