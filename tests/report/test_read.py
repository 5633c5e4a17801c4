"""From a journal to what a report shows."""

from chaosimagecorrupt.report.model import ProgressDeadline
from chaosimagecorrupt.report.read import read_run
from chaosimagecorrupt.verdict import Result
from tests.report.journals import STARTED, a_journal, a_row, a_target


def test_what_is_missing_is_none_or_empty() -> None:
    target = {"verdict": "Degraded", "reasons": []}
    run = read_run(a_journal(target))
    (found,) = run.targets
    assert (found.namespace, found.component, found.containers, found.chart) == ("", None, (), None)
    assert (found.progress_deadline, found.recovery.healed_by, found.fewest) == (None, None, None)


def test_values_are_read() -> None:
    recovery = {"seconds": 2.5, "healed_by": {"manager": "ci", "at": None}, "reconcile_cycles": 3}
    (found,) = read_run(a_journal(a_target(recovery=recovery, rubric=[a_row(result="not observed")]))).targets
    assert found.progress_deadline == ProgressDeadline(600.0, 60.0)
    assert (found.recovery.seconds, found.recovery.healer, found.recovery.reconcile_cycles) == (2.5, "ci", 3)
    assert found.rubric[0].result is Result.NOT_OBSERVED


def test_times_of_whole_seconds_are_not_exact() -> None:
    at = ("2026-11-22T15:00:04Z", "2026-11-22T15:00:04.800Z")
    evidence = [{"object": "Pod web", "what": "waits", "at": time} for time in at]
    (found,) = read_run(a_journal(a_target(None, rubric=[a_row(evidence=evidence)]))).targets
    assert [e.exact for e in found.rubric[0].evidence] == [False, True]


def test_a_time_without_a_zone_is_in_utc() -> None:
    evidence = [{"object": "Pod web", "what": "waits", "at": at} for at in ("2026-11-22T15:00:04", None)]
    (found,) = read_run(a_journal(a_target(None, rubric=[a_row(evidence=evidence)]))).targets
    assert [e.seconds for e in found.rubric[0].evidence] == [STARTED + 4.0, None]


def test_white_space_in_an_image_is_kept() -> None:
    (container,) = a_target(None)["containers"]
    (found,) = read_run(a_journal(a_target(None, containers=[{**container, "corrupt_image": "a  b"}]))).targets
    assert found.containers[0].corrupt_image == "a  b"
