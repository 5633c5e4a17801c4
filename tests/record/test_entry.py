"""One container's entry: what cannot be valid is unknown."""

import json
from typing import Any

import pytest

from chaosimagecorrupt.record.annotations import (
    RECORD,
    read_record,
)
from chaosimagecorrupt.record.entry import Entry, expired, is_by_operator_chaos

from ..manifests import NOW, a_deployment


def with_record(record: object, **annotations: str) -> Any:
    text = record if isinstance(record, str) else json.dumps(record)
    return a_deployment(annotations={RECORD: text, **annotations})


OWNER = ["argocd", "Apply", "2026-11-22T14:00:00Z"]


@pytest.mark.parametrize(
    "owners",
    [7, {"image": 7}, {"image": ["argocd"]}, {"image": [["argocd", "Delete", OWNER[2]]]}, {"other": [OWNER]}]
    + [{"image": [[name, *OWNER[1:]]]} for name in ("", "a" * 129, "a\n")]
    + [{"image": [[*OWNER[:2], "yesterday"]]}],
)
def test_owners_that_the_api_server_would_refuse_are_not_read(owners: object) -> None:
    assert read_record(with_record({"app": {"id": "1", "image": "bad", "owners": owners}}))["app"].owners == {}


def test_values_of_wrong_types_are_unknown() -> None:
    hostile = {"id": 1, "image": ["x"], "original": {}, "at": True, "expires": 5, "by": None, "generation": "2"}
    entry = read_record(with_record({"app": {**hostile, "progressDeadlineSeconds": "600"}}))["app"]
    assert entry == Entry("app", None)


@pytest.mark.parametrize("expires", ["", "soon", "2026-11-22", "2026-11-22T15:00:00", "9" * 400])
def test_an_expiry_that_is_no_time_is_unknown(expires: str) -> None:
    entry = read_record(with_record({"app": {"id": "1", "expires": expires}}))["app"]
    assert entry.expires == "" and not expired(entry, NOW)


@pytest.mark.parametrize(
    "deadline",
    [
        {"original": 600},
        {"set": 10},
        {"original": 0, "set": 10},
        {"original": -600, "set": -700},
        {"original": 5, "set": 10},
        {"original": 10, "set": 10},
        {"original": 2**31, "set": 10},
        {"original": True, "set": 0},
        {"original": 600.0, "set": 10},
    ],
)
def test_a_deadline_that_a_fault_cannot_have_set_is_unknown(deadline: object) -> None:
    entry = read_record(with_record({"app": {"id": "1", "progressDeadlineSeconds": deadline}}))["app"]
    assert (entry.original_deadline, entry.deadline) == (None, None)


def test_an_entry_is_over_from_its_expiry_on() -> None:
    entry = Entry("app", "v1", expires="2026-11-22T15:00:00Z")
    assert [expired(entry, NOW + s) for s in (-1, 0, 1)] == [False, True, True]


def test_a_record_that_holds_nothing_but_the_original_image_is_one_of_operator_chaos() -> None:
    assert is_by_operator_chaos(Entry("app", "localhost/app:v1"))
    assert not is_by_operator_chaos(Entry("app", "localhost/app:v1", image="registry.invalid/x:1"))
    assert not is_by_operator_chaos(Entry("app", None, id="1"))
