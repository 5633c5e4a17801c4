"""The row `back-off-grows`, and the pulls that it is decided by."""

import pytest

from chaosimagecorrupt.timeline.states import State
from chaosimagecorrupt.verdict import Facts, judge
from chaosimagecorrupt.verdict.observed import Observed
from chaosimagecorrupt.verdict.rubric.back_off import Pulls, pulls_of

from ...timelines import BAD, ENTRY, Scenario, of_recording, row

WHY = {
    "rolling-update": "pauses of 13, 30 s between 3 pulls",
    "long-hold": "pauses of 14, 23, 42, 88 s between 5 pulls",
    "quick-restore": "consecutive pulls within 0 s: 1; growth shows from 3 on",
}


@pytest.mark.parametrize("name", WHY)
def test_why_of_a_recording(name: str) -> None:
    assert row(judge(*of_recording(name)), "back-off-grows")[1] == WHY[name]


PULLS = {
    "growing": ([(1, 0), (2, 10), (3, 30)], "pass"),
    "not growing": ([(1, 0), (2, 10), (3, 20)], "violation"),
    "at the cap": ([(1, 0), (2, 160), (3, 460), (4, 755)], "pass"),
    "two": ([(1, 0), (2, 10)], "not observed"),
    "one was not told of": ([(1, 0), (2, 10), (4, 60)], "not observed"),
    "growing after one that was not told of": ([(1, 0), (3, 30), (4, 70), (5, 150)], "pass"),
}


@pytest.mark.parametrize(("pulls", "result"), PULLS.values(), ids=list(PULLS))
def test_back_off(pulls: list[tuple[int, int]], result: str) -> None:
    scenario = Scenario().corrupted()
    for count, second in pulls:
        scenario.pull(12 + second, count, f"2026-11-22T15:{second // 60:02}:{second % 60:02}Z")
    assert row(scenario.restored(900).recovered(901).judge(950), "back-off-grows")[0] == result


def test_events_that_could_not_be_followed_show_no_pulls() -> None:
    scenario = Scenario().corrupted().restored()
    scenario.timeline.add_missing("Event", "the role does not allow it")
    why = "events could not be followed: the role does not allow it"
    assert row(scenario.judge(), "back-off-grows") == ("not observed", why)


def test_the_second_pull_tells_when_the_first_one_was() -> None:
    scenario = Scenario().corrupted()
    event: State = {
        "pod": "web-abc-1",
        "reason": "Pulling",
        "count": 2,
        "message": f'Pulling image "{BAD}"',
    }
    scenario.timeline.add(
        23, "Event", "web-abc-1.1", {**event, "first": "2026-11-22T15:00:12Z", "last": "2026-11-22T15:00:23Z"}
    )
    found = pulls_of(Observed(scenario.timeline.to_json(100), Facts("web", [ENTRY])))
    assert [p.number for p in found.pulls] == [1, 2] and found.pauses == [11]


def test_of_two_pods_the_one_with_more_pulls_counts() -> None:
    scenario = Scenario().corrupted()
    for pod in ("a", "b"):
        scenario.pod(11, pod, **{"image:app": BAD})
    for second, count, pod in ((12, 1, "a"), (13, 1, "b"), (24, 2, "b"), (45, 3, "b")):
        scenario.pull(second, count, f"2026-11-22T15:00:{second}Z", pod=pod)
    found = pulls_of(Observed(scenario.timeline.to_json(100), Facts("web", [ENTRY])))
    assert found.pauses == [11, 21] and found.enough and found.grow


def test_without_pulls_nothing_grows() -> None:
    assert Pulls([]).pauses == [] and not Pulls([]).grow
