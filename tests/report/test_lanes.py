"""The lanes of a chart."""

from dataclasses import replace
from typing import Any

import pytest

from chaosimagecorrupt.report import lanes
from chaosimagecorrupt.report.chart_data import Band
from chaosimagecorrupt.report.read import read_run
from tests.report.charts import a_chart
from tests.report.journals import a_journal, a_target


def labels(lane: lanes.Lane) -> list[str]:
    values: list[Any] = [item["data"]["values"][0] for item in lane.layer if item["mark"]["type"] == "text"]
    return [value["label"] for value in values]


def test_labels_that_are_close_to_each_other_get_rows_of_their_own() -> None:
    lane = lanes.marks(a_chart("deadline"))
    fault = ["corrupted", "deadline exceeded +10.8 s", "pull failed +0.8 s"]
    assert sorted(labels(lane)) == [*fault, "recovered +45.4 s", "restored +45.1 s"]
    assert lane.height == 32
    assert not lane.crossed


def test_without_marks_the_lane_has_one_empty_row() -> None:
    chart = a_chart()
    assert lanes.marks(type(chart)(**{**vars(chart), "marks": ()}))[1:3] == (16, [])


@pytest.mark.parametrize(("recording", "end"), [("deadline", 45.1), ("long-hold", None)])
def test_the_fault_lasts_until_the_image_is_restored(recording: str, end: float | None) -> None:
    chart = a_chart(recording)
    bar: dict[str, Any] = lanes.fault(chart).layer[-1]
    expected = chart.restored or chart.end
    place = chart.axis.pixels
    assert bar["data"]["values"] == [{"x": place(chart.zero), "end": place(expected)}]
    assert end is None or round(expected - chart.zero, 1) == end


def test_the_lanes_of_pods_share_their_scale() -> None:
    found = lanes.pod_counts(a_chart("recreate"))
    assert [lane.name for lane in found] == [["Serving pods"], ["Updated pods"], ["Failing pods"]]
    assert {lane.layer[0]["encoding"]["y"]["scale"]["domain"][1] for lane in found} == {2}


def test_a_band_has_its_status_as_text_where_there_is_room() -> None:
    lane = lanes.condition(a_chart("deadline"), "Progressing")
    assert "False · ProgressDeadlineExceeded" in labels(lane)


@pytest.mark.parametrize(
    ("name", "status", "width"),
    [
        ("Available", "True", 0.5),
        ("Available", "False", 2),
        ("ReplicaFailure", "True", 2),
        ("ReplicaFailure", "False", 0.5),
    ],
)
def test_what_is_not_well_has_a_heavy_border(name: str, status: str, width: float) -> None:
    chart = replace(a_chart(), bands=(Band(name, a_chart().zero, a_chart().end, status, ""),))
    bar: dict[str, Any] = lanes.condition(chart, name).layer[0]
    assert bar["mark"]["strokeWidth"] == width
    assert ("failing" in bar["mark"]["fill"]) == (width == 2)


@pytest.mark.parametrize(("expires", "label"), [("2026-11-22T15:00:30Z", "ttl"), ("2026-11-22T16:00:00Z", "→")])
def test_the_end_of_the_ttl_is_marked(expires: str, label: str) -> None:
    container = a_target()["containers"][0]
    journal = a_journal(a_target(containers=[{**container, "expires": expires}]))
    chart = read_run(journal).targets[0].chart
    assert chart is not None
    assert label in labels(lanes.fault(chart))


def test_each_pull_is_marked_and_counted() -> None:
    lane = lanes.pulls(a_chart("long-hold"))
    assert lane.name == ["Pull attempts: 5"]
    assert len(lane.layer[0]["data"]["values"]) == 5


def test_a_text_ends_before_a_break() -> None:
    texts = {ended: labels(lanes.condition(a_chart(ended=ended), "Progressing"))[-1] for ended in (74.3, 3600.0)}
    assert texts == {74.3: "True · NewReplicaSetAvailable", 3600.0: "True"}


def test_true_and_false_differ_in_their_border() -> None:
    lane = lanes.condition(a_chart("deadline"), "Progressing")
    widths = {item["mark"]["strokeWidth"] for item in lane.layer if item["mark"]["type"] == "bar"}
    assert widths == {0.5, 2}
