"""The lanes of a chart."""

from typing import Any

import pytest

from chaosimagecorrupt.report import lanes
from tests.report.charts import a_chart


def labels(lane: lanes.Lane) -> list[str]:
    values = [item["data"]["values"][0] for item in lane.layer if item["mark"]["type"] == "text"]
    return [value["label"] for value in values]


def test_labels_that_are_close_to_each_other_get_rows_of_their_own() -> None:
    lane = lanes.marks(a_chart("deadline"))
    assert sorted(labels(lane)) == ["corrupted", "pull failed +0.8 s", "recovered +45.4 s", "restored +45.1 s"]
    assert lane.height == 32
    assert not lane.crossed


def test_without_marks_the_lane_has_one_empty_row() -> None:
    chart = a_chart()
    assert lanes.marks(type(chart)(**{**vars(chart), "marks": ()}))[1:3] == (16, [])


@pytest.mark.parametrize(("recording", "end"), [("deadline", 45.1), ("long-hold", None)])
def test_the_fault_lasts_until_the_image_is_restored(recording: str, end: float | None) -> None:
    chart = a_chart(recording)
    bar: dict[str, Any] = lanes.fault(chart).layer[-1]
    expected = (chart.restored or chart.end) - chart.zero
    assert bar["data"]["values"] == [{"t": 0, "end": expected}]
    assert end is None or round(expected, 1) == end


def test_the_lanes_of_pods_share_their_scale() -> None:
    found = lanes.pod_counts(a_chart("recreate"))
    assert [lane.name for lane in found] == [["Serving pods"], ["Updated pods"], ["Failing pods"]]
    assert {lane.layer[0]["encoding"]["y"]["scale"]["domain"][1] for lane in found} == {2}


def test_a_band_has_its_status_as_text_where_there_is_room() -> None:
    lane = lanes.condition(a_chart("deadline"), "Progressing")
    assert "False · ProgressDeadlineExceeded" in labels(lane)


def test_true_and_false_differ_in_their_border() -> None:
    lane = lanes.condition(a_chart("deadline"), "Progressing")
    widths = {item["mark"]["strokeWidth"] for item in lane.layer if item["mark"]["type"] == "bar"}
    assert widths == {0.5, 2}
