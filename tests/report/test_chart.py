"""The chart as Vega-Lite and as SVG."""

from xml.etree import ElementTree

from chaosimagecorrupt.report.chart import draw, specification
from tests.report.charts import a_chart


def test_every_lane_has_the_time_axis_of_the_chart() -> None:
    chart = a_chart("deadline")
    lanes = specification(chart)["vconcat"]
    domains = [lane["encoding"]["x"]["scale"]["domain"] for lane in lanes]
    assert domains == [[chart.start - chart.zero, chart.end - chart.zero]] * len(lanes)
    assert [lane["encoding"]["x"]["axis"] is None for lane in lanes] == [True] * (len(lanes) - 1) + [False]


def test_without_pull_attempts_their_lane_is_omitted() -> None:
    names = [lane["layer"][-1]["data"]["values"][0]["name"] for lane in specification(a_chart(changes=[]))["vconcat"]]
    assert ["Serving pods"] in names
    assert ["Pull attempts"] not in names


def test_the_svg_has_a_title_and_a_description() -> None:
    root = ElementTree.fromstring(draw(a_chart(), "<title>", "what it shows", "7"))
    assert [(child.get("id"), child.text) for child in root[:2]] == [
        ("title-7", "<title>"),
        ("desc-7", "what it shows"),
    ]
    assert (root.get("aria-labelledby"), root.get("aria-describedby")) == ("title-7", "desc-7")
