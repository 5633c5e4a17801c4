from typing import Any

import pytest

from chaosimagecorrupt.kube.labels import pod_labels, selector, selects

from ..manifests import a_deployment

EXPRESSIONS: list[dict[str, Any]] = [
    {"key": "tier", "operator": "In", "values": ["a", "b"]},
    {"key": "env", "operator": "NotIn", "values": ["dev"]},
    {"key": "live", "operator": "Exists"},
    {"key": "old", "operator": "DoesNotExist"},
]


def test_a_selector_is_written_as_the_api_takes_it() -> None:
    deployment = a_deployment(selector={"matchLabels": {"app": "web"}, "matchExpressions": EXPRESSIONS})
    assert selector(deployment) == "app=web,tier in (a,b),env notin (dev),live,!old"


@pytest.mark.parametrize(
    ("labels", "selected"),
    [
        ({"tier": "a", "env": "prod", "live": ""}, True),
        # NotIn holds for an object without the label too
        ({"tier": "b", "live": "x"}, True),
        ({"tier": "c", "live": ""}, False),
        ({"live": ""}, False),
        ({"tier": "a", "env": "dev", "live": ""}, False),
        ({"tier": "a"}, False),
        ({"tier": "a", "live": "", "old": ""}, False),
    ],
)
def test_expressions_select_as_the_api_server_does(labels: dict[str, str], selected: bool) -> None:
    assert selects({"matchExpressions": EXPRESSIONS}, labels) is selected


@pytest.mark.parametrize(
    ("label_selector", "selected"),
    [
        ({"matchLabels": {"app": "web"}}, True),
        ({"matchLabels": {"app": "other"}}, False),
        ({"matchLabels": {"no": "web"}}, False),
        ({}, True),
        (None, False),
    ],
)
def test_an_empty_selector_matches_all_and_none_at_all_nothing(
    label_selector: dict[str, Any] | None, selected: bool
) -> None:
    assert selects(label_selector, {"app": "web"}) is selected


def test_the_labels_of_pods_are_those_of_the_template() -> None:
    deployment = a_deployment(labels={"of": "the Deployment"})
    assert pod_labels(deployment) == {"app": "web"}
    deployment["spec"]["template"].pop("metadata")
    assert pod_labels(deployment) == {}
