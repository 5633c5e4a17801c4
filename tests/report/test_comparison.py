"""A run is compared with earlier runs of the same Deployment."""

from typing import Any

import pytest

from chaosimagecorrupt.report.comparison import Comparison, compare
from chaosimagecorrupt.report.model import Run
from chaosimagecorrupt.report.read import read_run
from chaosimagecorrupt.report.summary import worst_first
from tests.report.journals import a_journal, a_target, written


def run(seconds: float | None = 4.0, verdict: str = "Resilient", day: int = 1, fewest: int = 2, **changes: Any) -> Run:
    recovery, serving = {"seconds": seconds}, {"replicas": 2, "fewest": fewest}
    target = a_target(None, verdict=verdict, recovery=recovery, serving=serving, **changes)
    start = f"2026-11-{day:02}T15:00:00Z"
    return read_run(written({**a_journal(target).content, "start": start}, source=f"{day}.json"))


def compared(now: Run, *baseline: Run) -> Comparison:
    (found,) = compare([now], baseline)
    return found


@pytest.mark.parametrize(
    ("seconds", "baseline", "is_regression"),
    [
        (5.0, [4.0], False),
        (5.1, [4.0], True),
        (104.9, [100.0], False),
        (105.1, [100.0], True),
        (5.1, [4.0, 9.0], False),
        (5.1, [None], False),
        (None, [4.0], True),
        (None, [None], False),
    ],
    ids=[
        "1 s",
        "more than 1 s",
        "less than 5 %",
        "more than 5 %",
        "the worst of two counts",
        "no recovery before",
        "no recovery now",
        "no recovery at all",
    ],
)
def test_a_recovery_that_is_slower_by_5_percent_and_1_second_is_a_regression(
    seconds: float | None, baseline: list[float | None], is_regression: bool
) -> None:
    assert bool(compared(run(seconds), *map(run, baseline)).regressions) == is_regression


@pytest.mark.parametrize(
    ("now", "baseline", "is_regression"),
    [
        ("Degraded", ["Resilient"], True),
        ("Degraded", ["Resilient", "Degraded"], False),
        ("Resilient", ["Failed"], False),
        ("Inconclusive", ["Degraded"], True),
    ],
)
def test_a_verdict_that_is_worse_than_the_worst_is_a_regression(
    now: str, baseline: list[str], is_regression: bool
) -> None:
    assert bool(compared(run(verdict=now), *(run(verdict=v) for v in baseline)).regressions) == is_regression


def test_a_regression_is_told_with_both_numbers() -> None:
    found = compared(run(12.0, "Degraded"), run(3.0), run(4.0))
    assert found.regressions == (
        "recovered in 12.0 s; the slowest of the baseline took 4.0 s",
        "the verdict is Degraded; the worst of the baseline is Resilient",
    )
    assert compared(run(None), run(3.0)).regressions == (
        "no recovery was observed; the slowest of the baseline took 3.0 s",
    )


def test_the_recovery_of_an_inconclusive_run_shows_nothing() -> None:
    found = compared(run(4.0), run(0.1, "Inconclusive"))
    assert (found.worst_seconds, found.slowest_allowed, found.regressions) == (None, None, ())


def test_the_pods_that_kept_serving_are_compared_by_their_share() -> None:
    found = compared(run(fewest=1), run(fewest=2), run(fewest=1))
    assert (found.now.kept, found.lowest_kept) == (0.5, 0.5)


def test_runs_are_in_order_of_time() -> None:
    found = compared(run(day=5), run(day=9), run(day=2))
    assert [o.source for o in found.baseline] == ["2.json", "9.json"]
    assert [o.source for o in found.history] == ["2.json", "5.json", "9.json"]


def test_another_deployment_is_not_compared() -> None:
    found = compared(run(90.0), run(deployment="api"), run(namespace="test"))
    assert (found.baseline, found.worst_verdict, found.regressions) == ((), None, ())


def test_each_target_of_each_run_is_compared_in_the_order_of_the_report() -> None:
    group = read_run(a_journal(a_target(None), a_target(None, deployment="api", verdict="Failed")))
    runs = worst_first([run(), group])
    assert [(c.run, c.target, c.name) for c in compare(runs, [])] == [
        (1, 1, "shop/api"),
        (1, 2, "shop/web"),
        (2, 1, "web-shop"),
    ]
