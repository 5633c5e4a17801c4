"""The record's annotations and label: what is written is read back, whatever else is there."""

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chaosimagecorrupt.record.annotations import (
    EXPIRES,
    LABEL,
    LABEL_VALUE,
    OPERATOR_CHAOS_CONTAINER,
    RECORD,
    metadata_patch,
    original_image_key,
    read_record,
)
from chaosimagecorrupt.record.entry import Entry, is_by_operator_chaos

from ..manifests import a_deployment, corrupted, names_of, patched
from ..recorded import flips
from ..strategies import container_names, deployments, images, json_values, quickly

PREFIX = "chaos.operatorchaos.io/original-image-"


KEY = re.compile(r"([a-z.]+/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?")


def with_record(record: object, **annotations: str) -> Any:
    text = record if isinstance(record, str) else json.dumps(record)
    return a_deployment(annotations={RECORD: text, **annotations})


@given(container_names)
@quickly
def test_a_key_is_one_that_the_api_server_takes_whatever_the_container_is_called(name: str) -> None:
    key = original_image_key(name)
    assert key.startswith(PREFIX) and KEY.fullmatch(key)


def test_a_name_of_48_characters_is_kept_whole() -> None:
    assert original_image_key("b" * 48) == PREFIX + "b" * 48


def test_a_longer_name_is_cut_and_told_apart_by_its_hash() -> None:
    # printf 'b%.0s' {1..49} | sha256sum
    assert original_image_key("b" * 49) == PREFIX + "b" * 39 + "-5f88755e"
    assert original_image_key("b" * 39 + "c" * 10) != original_image_key("b" * 39 + "c" * 11)


@given(deployments(at_least=2), images, st.data())
@quickly
def test_what_is_written_is_read_back(deployment: Any, image: str, data: st.DataObject) -> None:
    names = names_of(deployment)
    chosen = data.draw(st.lists(st.sampled_from(names), unique=True, min_size=1))
    entries = {
        n: Entry(
            n,
            "was:1",
            image,
            "id",
            "2026-11-22T14:00:00Z",
            "2026-11-22T15:00:00Z",
            "me",
            "https://k",
            "1",
            2,
            7,
            600,
            10,
            "50%",
            {"image": [["argocd", "Apply", "2026-11-22T14:00:00Z"]]},
        )
        for n in chosen
    }
    after = patched(deployment, {"metadata": metadata_patch(deployment, entries.values())})
    assert read_record(after) == entries
    assert after["metadata"]["labels"][LABEL] == LABEL_VALUE


@pytest.mark.parametrize("name", ["app", "b" * 63])
def test_the_original_image_can_be_read_by_a_person(name: str) -> None:
    after = corrupted(a_deployment(containers={name: "localhost/app:v1"}))
    assert after["metadata"]["annotations"][original_image_key(name)] == "localhost/app:v1"


def test_the_expiry_is_the_earliest_one_as_time_not_as_text() -> None:
    entries = [
        Entry("a", "x", "y", "1", expires="2026-11-22T16:00:00+02:00"),
        Entry("b", "x", "y", "2", expires="2026-11-22T15:00:00Z"),
        Entry("c", "x", "y", "3"),
    ]
    assert metadata_patch(a_deployment(), entries)["annotations"][EXPIRES] == "2026-11-22T16:00:00+02:00"


def test_without_any_expiry_none_is_written() -> None:
    assert EXPIRES not in metadata_patch(a_deployment(), [Entry("a", "x", "y", "1")])["annotations"]


def test_no_entries_leave_no_trace_and_touch_nothing_foreign() -> None:
    before = a_deployment(annotations={"a": "1"}, labels={"b": "2"})
    after = corrupted(before)
    assert metadata_patch(after, []) == {
        "annotations": dict.fromkeys([PREFIX + "app", RECORD, EXPIRES]),
        "labels": {LABEL: None},
    }
    assert metadata_patch(before, []) == {}


def test_a_label_of_another_fault_is_not_removed() -> None:
    assert metadata_patch(a_deployment(labels={LABEL: "PodKill"}), []) == {}


def test_the_record_of_operator_chaos_is_read_and_kept_for_its_container() -> None:
    annotations = {PREFIX + "app": "localhost/app:v1", OPERATOR_CHAOS_CONTAINER: "app"}
    deployment = a_deployment(annotations=annotations, labels={LABEL: LABEL_VALUE})
    entries = read_record(deployment)
    assert entries == {"app": Entry("app", "localhost/app:v1")}
    assert metadata_patch(deployment, entries.values()) == {}


def test_a_shortened_key_without_json_is_matched_with_the_container_of_the_template() -> None:
    deployment = a_deployment(containers={"b" * 63: "v2"}, annotations={original_image_key("b" * 63): "v1"})
    assert read_record(deployment) == {"b" * 63: Entry("b" * 63, "v1")}


def test_a_record_without_its_json_still_tells_the_original() -> None:
    after = corrupted(a_deployment())
    del after["metadata"]["annotations"][RECORD]
    assert read_record(after)["app"].original == "localhost/app:v1"


def test_a_record_without_its_json_still_tells_the_expiry_and_is_not_of_operator_chaos() -> None:
    after = corrupted(a_deployment())
    del after["metadata"]["annotations"][RECORD]
    entry = read_record(after)["app"]
    assert (entry.expires, is_by_operator_chaos(entry)) == (after["metadata"]["annotations"][EXPIRES], False)


def test_the_expiry_of_another_containers_fault_is_not_that_of_a_record_of_operator_chaos() -> None:
    after = corrupted(a_deployment())
    after["metadata"]["annotations"][PREFIX + "other"] = "localhost/other:v1"
    assert read_record(after)["other"] == Entry("other", "localhost/other:v1")


def test_a_record_without_its_annotation_still_tells_the_original() -> None:
    after = corrupted(a_deployment())
    del after["metadata"]["annotations"][PREFIX + "app"]
    assert read_record(after)["app"].original == "localhost/app:v1"


def test_the_annotation_that_people_see_counts_more_than_the_json() -> None:
    deployment = with_record({"app": {"id": "1", "image": "bad", "original": "a"}}, **{PREFIX + "app": "b"})
    assert read_record(deployment)["app"].original == "b"


def test_an_annotation_that_was_overwritten_with_the_corrupt_image_is_no_original() -> None:
    # operator-chaos does so when it injects on top of ours
    for stored, original in (({"original": "v1"}, "v1"), ({}, None)):
        deployment = with_record({"app": {"id": "1", "image": "bad", **stored}}, **{PREFIX + "app": "bad"})
        assert read_record(deployment)["app"].original == original


@pytest.mark.parametrize(
    "record", ["", "not JSON", "null", "[]", "7", '"app"', '{"app": 1}', '{"app": null}', "[" * 100_000, "9" * 5000]
)
def test_json_that_is_no_record_is_none(record: str) -> None:
    assert read_record(with_record(record)) == {}


@pytest.mark.parametrize("name", ["", "a\nb", "../x", "B", "-a", "a" * 64, "a b", "\x1b[2J"])
def test_an_entry_for_a_name_that_no_container_can_have_is_none(name: str) -> None:
    assert read_record(with_record({name: {"id": "1", "image": "bad", "original": "a"}})) == {}


def test_an_empty_original_image_is_unknown() -> None:
    assert read_record(a_deployment(annotations={PREFIX + "app": ""}))["app"].original is None


@given(st.dictionaries(st.one_of(st.just("app"), st.text(max_size=9)), json_values, max_size=3), json_values)
@quickly
def test_whatever_the_json_holds_it_is_read_without_an_error(record: dict[str, Any], inner: object) -> None:
    keys = ("id", "image", "original", "at", "expires", "by", "uid", "generation", "revision", "owners")
    for hostile in (record, inner, {"app": inner}, {"app": dict.fromkeys(keys, inner)}):
        entries = read_record(with_record(hostile))
        assert all(name == entry.container for name, entry in entries.items())


def test_an_entry_whose_id_was_removed_keeps_its_corrupt_image() -> None:
    deployment = with_record({"app": {"image": "bad"}}, **{PREFIX + "app": "v1"})
    entries = read_record(deployment)
    other = Entry("other", "v1", "bad", "1", expires="2026-11-22T15:00:00Z")
    after = patched(deployment, {"metadata": metadata_patch(deployment, [*entries.values(), other])})
    assert read_record(after)["app"].image == "bad"


@pytest.mark.parametrize(
    ("recording", "there"),
    [
        ("rolling-update", [4.202, 49.317]),
        ("sidecar", [4.143, 29.222]),
        ("init-container", [4.551, 29.654]),
        # the operator put the image back at 14.501, and left the annotation
        ("reverted-by-operator", [4.328, 24.597]),
    ],
)
def test_the_record_is_there_from_the_corrupting_patch_to_the_restoring_one(recording: str, there: list[float]) -> None:
    assert flips(recording, lambda m: bool(read_record(m.deployment))) == there
