"""The row on the original image: only a pull shows that it can be pulled."""

from typing import Any

import pytest

from chaosimagecorrupt.verdict.pull_check import PullCheck

from ...timelines import GOOD, Scenario, resilient, row
from ..texts import UNEXERCISED

ROW = "original-pulled"
NEW = "web-def-1"
AT = "2026-11-22T14:59:50Z"
SHOWN = "original_pullable showed that it can be pulled; no pull of it was observed after the restore"


def started(ready: bool = True, image: str = GOOD) -> Scenario:
    """A new pod starts after the restore."""
    state: dict[str, Any] = {"image:app": image, "ready": ready}
    return Scenario().corrupted().restored().pod(70.2, NEW, **state)


def pulled(scenario: Scenario, image: str = GOOD, reason: str = "Pulling", pod: str = NEW) -> Scenario:
    return scenario.pull(70.3, 1, "2026-11-22T15:01:10Z", reason, image, pod)


def test_a_pod_that_pulled_it_after_the_restore_shows_it() -> None:
    found = row(pulled(started()).recovered().judge(), ROW)
    assert found == ("pass", "the original was pulled after the restore")


def test_an_image_that_is_already_present_is_no_pull() -> None:
    found = row(started().recovered().judge(), ROW)
    assert found.result == "not observed"
    assert found.why.startswith("not known: pods that started with the original image: 1; no pull of it was observed")


@pytest.mark.parametrize(
    "scenario",
    [
        pulled(started(ready=False)),
        pulled(started(), image="localhost/side:v1"),
        pulled(started(), reason="BackOff"),
        pulled(started(), pod="web-other-1"),
    ],
    ids=["not ready", "another image", "another event", "another pod"],
)
def test_what_is_no_pull_of_it(scenario: Scenario) -> None:
    assert row(scenario.recovered().judge(), ROW).result == "not observed"


def test_another_image_than_the_original_is_not_the_original() -> None:
    other: dict[str, Any] = {"image:app": "localhost/app:v3"}
    scenario = Scenario().corrupted().restored(**other).pod(70.2, NEW, ready=True, **other)
    assert row(pulled(scenario, image="localhost/app:v3").recovered().judge(), ROW).result == "not observed"


def test_of_many_pods_only_the_pending_ones_are_followed() -> None:
    scenario = pulled(started(ready=False))
    scenario.timeline.add_limited("Pod", "only Pending ones")
    assert row(scenario.recovered().judge(), ROW).result == "pass"


def test_no_new_pod_shows_nothing() -> None:
    assert row(resilient().judge(), ROW) == ("not observed", f"not known: {UNEXERCISED}")


def test_without_a_restore_nothing_is_known() -> None:
    assert row(Scenario().corrupted().judge(), ROW) == ("not observed", "not known: no restore was observed")


def test_a_check_shows_it_where_no_pod_had_to_pull() -> None:
    found = resilient().judge(pull_check=PullCheck(True, AT))
    assert row(found, ROW) == ("pass", SHOWN)
    (evidence,) = next(r.evidence for r in found.rubric if r.row == ROW)
    assert (evidence.what, evidence.at) == ("original_pullable answered True", AT)


def test_a_check_that_could_not_pull_is_a_violation_which_changes_no_verdict() -> None:
    before, found = resilient().judge(), resilient().judge(pull_check=PullCheck(False, AT))
    assert row(found, ROW).result == "violation"
    assert (found.verdict, found.reasons) == (before.verdict, before.reasons)


def test_a_pull_after_the_restore_counts_more_than_the_check_before() -> None:
    found = pulled(started()).recovered().judge(pull_check=PullCheck(False, AT))
    assert row(found, ROW).result == "pass"
