"""Pod counts, pull attempts and conditions of recordings."""

from itertools import pairwise

from chaosimagecorrupt.report.chart_data import ChartData
from tests.report.charts import a_chart, statuses
from tests.report.journals import a_timeline


def during(chart: ChartData) -> set[tuple[int, int, int]]:
    assert chart.restored is not None
    return {p[1:] for p in chart.pods if chart.zero + 5 < p.at < chart.restored} | {
        [p for p in chart.pods if p.at < chart.zero + 5][-1][1:]
    }


def test_under_rolling_update_the_old_pods_serve_and_one_new_pod_fails() -> None:
    assert during(a_chart()) == {(2, 1, 1)}


def test_under_recreate_nothing_serves_during_the_fault() -> None:
    assert during(a_chart("recreate")) == {(0, 2, 2)}


def test_with_surge_zero_a_ready_pod_is_lost() -> None:
    assert during(a_chart("surge-zero")) == {(2, 1, 1)}


def test_after_the_recovery_no_pod_fails() -> None:
    for recording in ("rolling-update", "recreate", "deadline", "sidecar", "init-container"):
        assert a_chart(recording).pods[-1][1:] == (2, 2, 0), recording


def test_a_stuck_rollout_turns_progressing_false_and_back() -> None:
    found = statuses(a_chart("deadline"), "Progressing")
    stuck = found.index(("False", "ProgressDeadlineExceeded"))
    assert found[stuck + 1 :][-1] == ("True", "NewReplicaSetAvailable")


def test_a_failed_creation_has_its_own_lane_as_long_as_the_condition_is_there() -> None:
    chart = a_chart("whitespace-image")
    failing = [b for b in chart.bands if b.lane == "ReplicaFailure"]
    assert [b.reason for b in failing] == ["FailedCreate"]
    assert failing[0].end < chart.end


def test_bands_of_a_lane_follow_each_other_without_overlap() -> None:
    for recording in ("deadline", "recreate", "long-hold"):
        chart = a_chart(recording)
        for name in ("Available", "Progressing"):
            bands = [b for b in chart.bands if b.lane == name]
            assert [b.end for b in bands] == [b.start for b in bands[1:]] + [chart.end]


def test_the_gaps_between_pulls_grow() -> None:
    pulls = a_chart("long-hold").pulls
    gaps = [later - earlier for earlier, later in pairwise(pulls)]
    assert gaps == sorted(gaps)
    assert len(gaps) >= 4
    assert gaps[-1] > 60


def with_an_operator(*differences: dict[str, list[str | None]]) -> ChartData:
    timeline = a_timeline()
    added = [[i + 0.1, len(timeline["objects"]), found] for i, found in enumerate(differences)]
    objects = [*timeline["objects"], ["Resource", "Thing main"]]
    return a_chart(objects=objects, changes=sorted(timeline["changes"] + added, key=lambda c: c[0]))


def operator_lanes(chart: ChartData) -> list[str]:
    return [name for name in dict.fromkeys(b.lane for b in chart.bands) if name.startswith("Thing")]


STEADY: dict[str, list[str | None]] = {f"condition:Steady{i}": ["True", "", None, ""] for i in range(6)}


def test_of_an_operators_conditions_those_that_change_are_shown() -> None:
    ready = "condition:Ready"
    chart = with_an_operator({**STEADY, ready: ["True", "", None, ""]}, {ready: ["False", "Stuck", None, ""]})
    assert operator_lanes(chart) == ["Thing Ready"]
    assert statuses(chart, "Thing Ready") == [("True", ""), ("False", "Stuck")]


def test_of_a_silent_operator_a_few_conditions_are_shown() -> None:
    assert operator_lanes(with_an_operator(STEADY)) == [f"Thing Steady{i}" for i in range(4)]
