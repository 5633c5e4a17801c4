"""Get and list, in pages and as of a version."""

from typing import Any

import pytest

from ..calls import CONFIGS, PureCalls, listed
from ..custom_resource import WIDGET, WIDGETS, define_widgets

pytestmark = pytest.mark.usefixtures("configs")


def test_a_list_in_pages_is_of_one_moment(calls: PureCalls) -> None:
    first = calls("GET", f"{CONFIGS}?limit=2").body
    calls("DELETE", f"{CONFIGS}/c")
    calls("POST", CONFIGS, {"metadata": {"name": "d"}})
    second = calls("GET", f"{CONFIGS}?limit=2&continue={first['metadata']['continue']}").body
    assert [item["metadata"]["name"] for item in first["items"] + second["items"]] == ["a", "b", "c"]
    assert first["metadata"]["remainingItemCount"] == 1
    assert second["metadata"] == {"resourceVersion": first["metadata"]["resourceVersion"]}


def test_a_page_of_a_selection_does_not_count_the_rest(calls: PureCalls) -> None:
    metadata = calls("GET", f"{CONFIGS}?limit=1&labelSelector=app%3Dx").body["metadata"]
    assert "continue" in metadata and "remainingItemCount" not in metadata


def test_the_next_page_of_a_list_that_is_past_is_410(calls: PureCalls) -> None:
    token = calls("GET", f"{CONFIGS}?limit=2").body["metadata"]["continue"]
    calls.store.create("configmaps", {"metadata": {"name": "new", "namespace": "default"}})
    calls.store.expire()
    answer = calls("GET", f"{CONFIGS}?limit=2&continue={token}")
    assert (answer.status, answer.body["reason"]) == (410, "Expired")


@pytest.mark.parametrize("query", ["continue=nonsense", "limit=x", "limit=-1", "resourceVersion=x"])
def test_parameters_of_a_list_that_make_no_sense(calls: PureCalls, query: str) -> None:
    assert calls("GET", f"{CONFIGS}?{query}").status == 400


def test_a_version_that_is_still_to_come_times_out(calls: PureCalls) -> None:
    answer = calls("GET", f"{CONFIGS}?resourceVersion=99999999")
    assert (answer.status, answer.body["details"]["retryAfterSeconds"]) == (504, 1)


def test_exactly_an_old_version_is_410(calls: PureCalls) -> None:
    version = calls("GET", f"{CONFIGS}/a").body["metadata"]["resourceVersion"]
    assert calls("GET", f"{CONFIGS}?resourceVersion={version}&resourceVersionMatch=Exact").status == 410
    assert calls("GET", f"{CONFIGS}?resourceVersion={version}").status == 200


def test_items_of_built_in_kinds_do_not_say_what_they_are(calls: PureCalls) -> None:
    define_widgets(calls)
    calls("POST", WIDGETS, WIDGET)
    assert "kind" not in calls("GET", CONFIGS).body["items"][0]
    assert calls("GET", WIDGETS).body["items"][0]["kind"] == "Widget"


def test_all_namespaces_are_listed_in_order(calls: PureCalls) -> None:
    calls("POST", "/api/v1/namespaces", {"metadata": {"name": "alpha"}})
    calls("POST", "/api/v1/namespaces/alpha/configmaps", {"metadata": {"name": "z"}})
    assert listed(calls, path="/api/v1/configmaps") == "zabc"


class CountedLabels(dict[str, str]):
    """Labels that count how often a selector looks at them."""

    looks = 0

    def get(self, *key: Any) -> Any:
        CountedLabels.looks += 1
        return super().get(*key)


@pytest.mark.parametrize("method", ["GET", "DELETE"])
@pytest.mark.parametrize("query", ["", "&watch=true"])
def test_a_selection_is_found_without_a_look_at_the_rest(calls: PureCalls, method: str, query: str) -> None:
    for n in range(100):
        metadata = {"name": f"web-{n}", "namespace": "default", "labels": CountedLabels(app=f"web-{n // 2}")}
        calls.store.create("configmaps", {"metadata": metadata})
    CountedLabels.looks = 0
    assert calls(method, f"{CONFIGS}?labelSelector=app%20in%20(web-7,web-9){query}").status == 200
    assert CountedLabels.looks == 4
