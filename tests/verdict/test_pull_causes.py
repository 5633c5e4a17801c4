"""The verdict says which cause the kubelet reported, and when it is not the intended one."""

import json
from dataclasses import replace
from typing import Any, cast

import pytest

from chaosimagecorrupt.verdict import Facts
from chaosimagecorrupt.verdict.observed import Observed
from chaosimagecorrupt.verdict.pull_causes import reported_cause, unintended_causes
from chaosimagecorrupt.workload.pull_causes import INTENDED

from ..corpus import FOLDER
from ..timelines import BAD, ENTRY, GOOD, Scenario, row

DNS, NOT_FOUND = "name does not resolve", "not found"


def failing(*causes: str | None) -> Scenario:
    scenario = Scenario().corrupted(pull_fails=False)
    for index, cause in enumerate(causes):
        said = {"cause:app": cause} if cause is not None else {}
        scenario.pod(11 + index, **{"image:app": BAD, "waiting:app": "ErrImagePull", **said})
    return scenario


def observed(scenario: Scenario, **facts: Any) -> Observed:
    return Observed(scenario.timeline.to_json(100), Facts("web", **{"entries": [ENTRY], **facts}))


@pytest.mark.parametrize(
    ("causes", "reported"),
    [
        ([DNS], DNS),
        ([None, DNS], DNS),
        ([NOT_FOUND, DNS], NOT_FOUND),
        (["unknown: disk full", DNS], DNS),
        (["unknown: disk full"], "unknown: disk full"),
        ([None], ""),
        ([], ""),
    ],
)
def test_the_first_known_cause_counts(causes: list[str | None], reported: str) -> None:
    assert reported_cause(observed(failing(*causes)), "app") == reported


def test_without_pods_the_events_say_it() -> None:
    scenario = Scenario().corrupted(pull_fails=False)
    scenario.timeline.add_missing("Pod", "the role does not allow it")
    for message in (
        f'Failed to pull image "{GOOD}": 401 Unauthorized',
        f'Failed to pull image "{BAD}": {BAD}: not found',
    ):
        state: Any = {"pod": "web-abc-1", "reason": "Failed", "message": message}
        scenario.timeline.add(12, "Event", f"web-abc-1.{len(message)}", state)
    assert reported_cause(observed(scenario), "app") == NOT_FOUND


def test_a_pod_from_before_the_fault_or_of_another_image_says_nothing() -> None:
    scenario = Scenario().pod(1, "old", **{"image:app": BAD, "waiting:app": "ErrImagePull", "cause:app": NOT_FOUND})
    scenario.corrupted(pull_fails=False).pod(12, "other", **{"image:app": "a", "cause:app": NOT_FOUND})
    assert reported_cause(observed(scenario), "app") == ""


def test_another_cause_than_the_intended_one_is_a_reason_and_the_verdict_stays() -> None:
    found = failing(NOT_FOUND).restored().recovered().judge()
    text = "the image of app could not be pulled for another cause: not found, not name does not resolve"
    assert (found.verdict, found.reasons[-1]) == ("Resilient", text)
    assert row(found, "pull-failing") == ("pass", "Pod web-abc-1: app waits: ErrImagePull (not found)")


@pytest.mark.parametrize("causes", [[DNS], ["unknown: disk full"], [None]])
def test_the_intended_cause_and_one_that_is_not_known_are_no_reason(causes: list[str | None]) -> None:
    assert unintended_causes(observed(failing(*causes))) == []


@pytest.mark.parametrize(("cause", "texts"), [("not-found", []), ("digest", []), ("", []), ("unauthorized", [1])])
def test_what_was_intended_is_in_the_record(cause: str, texts: list[int]) -> None:
    entry = replace(ENTRY, image="localhost/app:none", cause=cause)
    scenario = Scenario().corrupted(pull_fails=False, **cast(Any, {"image:app": "localhost/app:none"}))
    scenario.pod(11, **{"image:app": "localhost/app:none", "waiting:app": "ErrImagePull", "cause:app": NOT_FOUND})
    assert len(unintended_causes(observed(scenario, entries=[entry]))) == len(texts)


def test_containers_with_different_causes_are_named() -> None:
    second = replace(ENTRY, container="proxy")
    scenario = Scenario().corrupted(pull_fails=False, **cast(Any, {"image:proxy": BAD}))
    both = {f"{key}:{c}": v for c in ("app", "proxy") for key, v in (("image", BAD), ("waiting", "ErrImagePull"))}
    scenario.pod(11, **both, **{"cause:app": DNS, "cause:proxy": NOT_FOUND})
    scenario.facts["entries"] = [ENTRY, second]
    assert row(scenario.judge(), "pull-failing").why.endswith(f"(app: {DNS}, proxy: {NOT_FOUND})")


@pytest.mark.parametrize("cause", INTENDED)
def test_each_cause_is_reported_as_it_was_intended_in_a_run_of_the_corpus(cause: str) -> None:
    [target] = json.loads((FOLDER / f"run-cause-{cause}.json").read_text())["image-corrupt"]["targets"]
    [why] = [row["why"] for row in target["rubric"] if row["row"] == "pull-failing"]
    assert target["containers"][0]["cause"] == cause and why.endswith(f" ({INTENDED[cause]})")
