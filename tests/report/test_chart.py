"""The chart as Vega-Lite and as SVG."""

from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

import pytest

from chaosimagecorrupt.report.chart import draw, specification
from chaosimagecorrupt.report.time_axis import WIDTH
from tests.report.charts import a_chart


def places(found: Any) -> Iterator[float]:
    """Return where something is drawn along the axis, in pixels."""
    if isinstance(found, dict):
        yield from (v for k, v in found.items() if k in ("x", "end", "at") and isinstance(v, (int, float)))
        found = list(found.values())
    if isinstance(found, list):
        for each in found:
            yield from places(each)


def test_every_lane_has_the_time_axis_of_the_chart() -> None:
    chart = a_chart("deadline")
    lanes = specification(chart)["vconcat"]
    domains = [lane["encoding"]["x"]["scale"]["domain"] for lane in lanes]
    assert domains == [[0, WIDTH]] * len(lanes)
    assert [lane["encoding"]["x"]["axis"] is None for lane in lanes] == [True] * (len(lanes) - 1) + [False]


def test_without_pull_attempts_their_lane_is_omitted() -> None:
    names = [lane["layer"][-1]["data"]["values"][0]["name"] for lane in specification(a_chart(changes=[]))["vconcat"]]
    assert ["Serving pods"] in names
    assert ["Pull attempts"] not in names


@pytest.mark.parametrize("ended", [74.3, 3600.0])
@pytest.mark.parametrize("recording", ["deadline", "long-hold", "quota", "reverted-by-operator"])
def test_nothing_is_drawn_beyond_its_lane(recording: str, ended: float) -> None:
    found = list(places(specification(a_chart(recording, ended=ended))["vconcat"]))
    assert min(found) >= 0
    assert max(found) <= WIDTH


def test_breaks_are_drawn_over_the_lanes_and_named_below_the_axis() -> None:
    lanes = specification(a_chart(ended=3600.0))["vconcat"]
    over = [[item for item in lane["layer"] if item["mark"].get("color") == "var(--paper, #fff)"] for lane in lanes]
    assert [len(found) for found in over] == [0] + [2] * (len(lanes) - 1)
    assert "s \\u22ef" in lanes[-1]["encoding"]["x"]["axis"]["labelExpr"]


def test_the_svg_has_a_title_and_a_description() -> None:
    root = ElementTree.fromstring(draw(a_chart(), "<title>", "what it shows", "7"))
    assert [(child.get("id"), child.text) for child in root[:2]] == [
        ("title-7", "<title>"),
        ("desc-7", "what it shows"),
    ]
    assert (root.get("aria-labelledby"), root.get("aria-describedby")) == ("title-7", "desc-7")
