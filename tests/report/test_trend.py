"""The recovery over several runs."""

from dataclasses import replace

import pytest

from chaosimagecorrupt.report.comparison import ComparedRun, Comparison
from chaosimagecorrupt.report.svg import to_svg
from chaosimagecorrupt.report.trend import has_trend, trend, trend_text, undrawn_count
from chaosimagecorrupt.verdict import Verdict

DAY = 24 * 60 * 60


def compared_run(day: float, seconds: float | None, verdict: Verdict = Verdict.RESILIENT) -> ComparedRun:
    return ComparedRun(f"{day}.json", day * DAY, verdict, seconds, 1.0)


@pytest.fixture
def comparison() -> Comparison:
    earlier = (compared_run(1, 3.0), compared_run(2, 4.0, Verdict.DEGRADED), compared_run(3, None, Verdict.FAILED))
    return Comparison(1, 1, "web", compared_run(4, 9.0, Verdict.FAILED), earlier)


def test_three_runs_with_a_recovery_are_a_trend(comparison: Comparison) -> None:
    assert has_trend(comparison)
    assert not has_trend(replace(comparison, baseline=comparison.baseline[1:]))


def test_each_run_is_a_point_whose_verdict_has_a_shape_and_a_colour(comparison: Comparison) -> None:
    values = trend(comparison)["data"]["values"]
    assert [(v["at"], v["seconds"], v["shape"]) for v in values] == [
        (DAY * 1000, 3.0, "circle"),
        (2 * DAY * 1000, 4.0, "triangle-up"),
        (4 * DAY * 1000, 9.0, "cross"),
    ]
    assert len({v["color"] for v in values}) == 3
    assert undrawn_count(comparison) == 1


def test_the_limit_of_a_regression_is_drawn(comparison: Comparison) -> None:
    drawn = to_svg(trend(comparison), "title", "what it shows", "7")
    assert "slower is a regression: 5.0 s" in drawn
    no_limit = replace(comparison, baseline=(compared_run(1, 3.0, Verdict.INCONCLUSIVE),) * 2)
    assert "regression" not in to_svg(trend(no_limit), "title", "what it shows", "7")


@pytest.mark.parametrize(("days", "label"), [(1, "1970-01-02"), (0.01, "00:14:24")])
def test_runs_have_their_day_or_the_time_of_one_day(days: float, label: str) -> None:
    found = Comparison(1, 1, "web", compared_run(3 * days, 1.0), (compared_run(days, 1.0), compared_run(2 * days, 1.0)))
    assert label in to_svg(trend(found), "title", "what it shows", "7")


def test_the_text_alternative_lists_the_runs(comparison: Comparison) -> None:
    assert "3.0 s (Resilient), 4.0 s (Degraded), 9.0 s (Failed)." in trend_text(comparison)
