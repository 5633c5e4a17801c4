"""What is said first."""

from chaosimagecorrupt.report.headline import headline_of
from chaosimagecorrupt.report.obstacle import Obstacle
from chaosimagecorrupt.verdict import Result, Row, Verdict

QUOTA = Obstacle("ReplicaFailure", "exceeded quota: q")


def pull_failing(result: Result) -> Row:
    return Row("Expected", "pull-failing", "New pods cannot pull", result, "a pod became ready", ())


def test_a_resilient_run_has_none() -> None:
    assert headline_of(Verdict.RESILIENT, ["recovered"], [], None) == ("", ("recovered",))


def test_the_cause_is_said_once() -> None:
    reasons = ["no proof: no pod could be created: FailedCreate: exceeded quota: q", "interrupted"]
    assert headline_of(Verdict.INCONCLUSIVE, reasons, [], QUOTA) == (
        "ReplicaFailure: exceeded quota: q",
        ("no proof: no pod could be created: FailedCreate", "interrupted"),
    )


def test_without_a_cause_the_first_reason_is_it() -> None:
    assert headline_of(Verdict.FAILED, ["one", "two"], [pull_failing(Result.PASS)], None) == ("one", ("two",))


def test_an_image_that_can_be_pulled_is_the_cause_of_no_effect() -> None:
    rubric = [pull_failing(Result.VIOLATION)]
    assert headline_of(Verdict.INCONCLUSIVE, ["no proof"], rubric, None) == ("a pod became ready", ("no proof",))


def test_a_verdict_without_reasons_has_none() -> None:
    assert headline_of(Verdict.FAILED, [], [], None) == ("", ())
