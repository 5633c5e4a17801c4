"""The description of a chart for a screen reader."""

from chaosimagecorrupt.report.chart_data import ChartData, Mark, MarkKind
from tests.report.charts import a_chart


def test_the_text_alternative_describes_the_chart() -> None:
    text = a_chart("deadline").alt_text
    assert "corrupted at +0.0 s, pull failed at +0.8 s, deadline exceeded at +10.8 s, restored at +45.1 s" in text
    assert "At most 1 could not pull the image." in text
    assert "Progressing: True, then False, then True." in text


def test_each_mark_has_a_label() -> None:
    assert [kind.label for kind in MarkKind] == [
        "corrupted",
        "pull failed",
        "deadline exceeded",
        "restored",
        "recovered",
    ]


def test_a_chart_without_pods_and_conditions_is_described_by_its_duration_and_marks() -> None:
    chart = ChartData(
        zero=100.0,
        start=99.0,
        end=111.0,
        pods=(),
        bands=(),
        pulls=(),
        marks=(Mark(100.0, MarkKind.CORRUPTED),),
        ttl=None,
        restored=None,
        gaps=(),
        breaks=(),
        notes=(),
        changes=(),
    )
    assert chart.alt_text == "12 seconds: corrupted at +0.0 s. The table after the chart lists every change."
