"""Charts of recordings."""

from typing import Any

from chaosimagecorrupt.report.chart_data import ChartData
from chaosimagecorrupt.report.read import read_run
from tests.report.journals import a_journal, a_target

__all__ = ["a_chart", "statuses"]


def a_chart(recording: str = "rolling-update", **changes: Any) -> ChartData:
    """Return the chart of a recording whose timeline has these changes."""
    target = a_target(recording)
    found = read_run(a_journal({**target, "timeline": {**target["timeline"], **changes}})).targets[0].chart
    assert found is not None
    return found


def statuses(chart: ChartData, name: str) -> list[tuple[str, str]]:
    """Return status and reason of each band of a lane."""
    return [(b.status, b.reason) for b in chart.bands if b.lane == name]
