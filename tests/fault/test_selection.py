"""Which of many Deployments are corrupted."""

from typing import Any

import pytest

from chaosimagecorrupt.errors import Refused
from chaosimagecorrupt.fault.selection import check_selection, select, whole_number

from ..manifests import a_deployment

SHOP = [a_deployment(f"web-{n}") for n in range(10)]
OTHERS = [a_deployment("web-0", namespace="openshift-console"), a_deployment("web-0", namespace="openshift-dns")]


def chosen(deployments: list[Any], **how: Any) -> list[str]:
    given = {"label_selector": "app", "max_targets": 99, "exclude_namespaces": None, "fraction": 1.0, "seed": 7, **how}
    found = select(deployments, check_selection(**given))
    return [f"{d['metadata']['namespace']}/{d['metadata']['name']}" for d in found]


def test_all_that_match_are_chosen_by_namespace_and_name() -> None:
    assert chosen([*reversed(SHOP), *OTHERS]) == [
        "openshift-console/web-0",
        "openshift-dns/web-0",
        *(f"shop/web-{n}" for n in range(10)),
    ]


@pytest.mark.parametrize("excluded", [["openshift-*"], ["openshift-console", "openshift-dns"], ("*-dns", "*-console")])
def test_excluded_namespaces_are_left_alone(excluded: Any) -> None:
    assert chosen(SHOP[:1] + OTHERS, exclude_namespaces=excluded) == ["shop/web-0"]


def test_more_than_max_targets_is_a_refusal_that_names_them() -> None:
    with pytest.raises(Refused, match=r"max_targets: 10 Deployments would be corrupted, at most 9 may be: shop/web-0"):
        chosen(SHOP, max_targets=9)
    assert len(chosen(SHOP, max_targets=10)) == 10


def test_no_match_is_a_refusal() -> None:
    with pytest.raises(Refused, match="no Deployment matches 'app' outside the excluded namespaces"):
        chosen(OTHERS, exclude_namespaces=["openshift-*"])


@pytest.mark.parametrize(("fraction", "number"), [(0.001, 1), (0.1, 1), (0.11, 2), (0.3, 3), ("0.5", 5), (1, 10)])
def test_a_fraction_is_rounded_up(fraction: Any, number: int) -> None:
    assert len(chosen(SHOP, fraction=fraction)) == number


def test_max_targets_limits_what_the_fraction_leaves() -> None:
    assert len(chosen(SHOP, fraction=0.5, max_targets=5)) == 5


def test_the_same_seed_chooses_the_same_whatever_the_order_and_whether_it_is_text() -> None:
    assert chosen(SHOP, fraction=0.4) == chosen(SHOP[::-1], fraction=0.4) == chosen(SHOP, fraction=0.4, seed="7")
    assert len({tuple(chosen(SHOP, fraction=0.4, seed=n)) for n in range(20)}) > 10


def test_what_a_seed_chooses_stays_the_same_in_later_versions() -> None:
    assert chosen(SHOP, fraction=0.3) == ["shop/web-3", "shop/web-5", "shop/web-7"]


def test_one_deployment_more_changes_one_choice_at_most() -> None:
    before, after = chosen(SHOP[:8], fraction=0.5), chosen(SHOP[:9], fraction=4 / 9)
    assert len(set(before) - set(after)) <= 1


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"label_selector": ""}, "label_selector"),
        ({"label_selector": "  "}, "label_selector"),
        ({"label_selector": None}, "label_selector"),
        ({"max_targets": 0}, "max_targets"),
        ({"max_targets": "many"}, "max_targets"),
        ({"max_targets": True}, "max_targets"),
        ({"max_targets": 2.5}, "max_targets"),
        ({"exclude_namespaces": "kube-system"}, "exclude_namespaces"),
        ({"exclude_namespaces": [1]}, "exclude_namespaces"),
        ({"fraction": 0}, "fraction"),
        ({"fraction": 1.01}, "fraction"),
        ({"fraction": "half"}, "fraction"),
        ({"fraction": float("nan")}, "fraction"),
        ({"fraction": True}, "fraction"),
        ({"seed": 1.5}, "seed"),
        ({"seed": []}, "seed"),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(wrong: Any, named: str) -> None:
    with pytest.raises(Refused, match=f"^{named}: "):
        chosen(SHOP, **wrong)


def test_a_whole_number_may_be_text() -> None:
    assert (whole_number("12", "it"), whole_number(12, "it")) == (12, 12)
