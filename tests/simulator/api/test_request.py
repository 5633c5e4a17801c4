"""Requests and responses as plain values."""

import pytest

from chaosimagecorrupt.simulator.api.request import Request, as_json


def request(headers: dict[str, str] | None = None, **query: str) -> Request:
    return Request("PATCH", "/", query, headers or {})


def test_the_media_type_has_no_parameters() -> None:
    assert request({"content-type": "Application/JSON; charset=utf-8"}).content_type == "application/json"
    assert request().content_type == request().accept == ""


@pytest.mark.parametrize(("value", "expected"), [("1", True), ("True", True), ("0", False), ("", False)])
def test_a_flag_is_set_by_1_and_true(value: str, expected: bool) -> None:
    assert request(watch=value).flag("watch") is expected and not request().flag("watch")


def test_only_all_is_a_dry_run() -> None:
    assert request(dryRun="All").dry_run and not request(dryRun="true").dry_run


@pytest.mark.parametrize(
    ("agent", "given", "manager"),
    [
        ("kubectl/v1.31 (linux)", "", "kubectl"),
        ("kubectl/v1.31", "ci", "ci"),
        ("", "", "unknown"),
        ("x" * 200, "", "x" * 128),
    ],
)
def test_the_field_manager_is_the_given_one_or_the_clients_name(agent: str, given: str, manager: str) -> None:
    assert request({"user-agent": agent}, fieldManager=given).field_manager == manager


def test_an_answer_is_compact_json_and_keeps_its_characters() -> None:
    answer = as_json({"a": ["é", None]}, 201)
    assert (answer.status, answer.body) == (201, '{"a":["é",null]}'.encode())
    assert answer.json() == {"a": ["é", None]}
