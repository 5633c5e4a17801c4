"""The chart of a run: lanes over one time axis, as a Vega-Lite specification that vl-convert draws as SVG.

Colours are CSS variables of the page (the palette of Okabe and Ito), so that the page chooses a light or a dark theme.
Colour is never the only difference: each lane shows one thing and has its name at the left, and a condition that is
not well has a heavy border, and its status as text where there is room.
"""

import json

from . import lanes
from .chart_data import ChartData
from .lanes import Lane, Spec
from .svg import CONFIG, to_svg
from .time_axis import WIDTH

__all__ = ["draw", "specification"]

_NAMES_WIDTH = 118  # pixels left of the lanes


def draw(chart: ChartData, title: str, description: str, number: str) -> str:
    """Draw a chart.

    Args:
        chart: the data.
        title: of the chart, for a screen reader.
        description: of the chart, for a screen reader.
        number: makes the ids of this chart unique on the page.

    Returns:
        An `svg` element without an XML declaration.
    """
    return to_svg(specification(chart), title, description, number)


def specification(chart: ChartData) -> Spec:
    """Describe a chart in Vega-Lite.

    Args:
        chart: the data.

    Returns:
        A Vega-Lite specification that contains the data.
    """
    drawn = [lanes.marks(chart), lanes.fault(chart), *lanes.pod_counts(chart)]
    if chart.pulls:
        drawn.append(lanes.pulls(chart))
    drawn += [lanes.condition(chart, lane) for lane in dict.fromkeys(b.lane for b in chart.bands)]
    return {
        "background": None,
        "padding": {"left": 4, "right": 8, "top": 4, "bottom": 4},
        "spacing": 5,
        "vconcat": [_lane(chart, lane, last=number == len(drawn)) for number, lane in enumerate(drawn, 1)],
        "resolve": {"scale": {"x": "shared"}},
        "config": CONFIG,
    }


def _lane(chart: ChartData, lane: Lane, *, last: bool) -> Spec:
    """Complete a lane: its name at the left, gaps behind it, marks across it, the time axis below the last one."""
    ticks = chart.axis.ticks(chart.zero)
    places, labels = json.dumps([t.x for t in ticks]), json.dumps([t.label for t in ticks])
    axis = {
        "title": "seconds since the image was corrupted",
        "grid": False,
        "values": [tick.x for tick in ticks],
        # an axis of pixels, so that a break can be drawn; Vega-Lite has only linear ones
        "labelExpr": f"{labels}[indexof({places}, datum.value)]",
    }
    scale = {"domain": [0, WIDTH], "nice": False}
    x = {"field": "x", "type": "quantitative", "scale": scale, "axis": axis if last else None}
    place = chart.axis.pixels
    gaps = [{"x": place(g.start), "end": place(g.end)} for g in chart.gaps]
    crossing = chart.marks if lane.crossed else ()
    moments = [{"x": place(m.at)} for m in crossing if chart.axis.contains(m.at)]
    top = (lane.height - 13 * (len(lane.name) - 1)) / 2
    name = {
        "data": {"values": [{"name": lane.name}]},
        "mark": {"type": "text", "align": "left", "baseline": "middle", "lineHeight": 13, "limit": _NAMES_WIDTH - 20},
        "encoding": {"text": {"field": "name"}, "x": {"value": -_NAMES_WIDTH}, "y": {"value": top}},
    }
    behind = {
        "data": {"values": gaps},
        "mark": {"type": "rect", "color": "var(--line, #888)", "opacity": 0.3},
        "encoding": {"x2": {"field": "end"}},
    }
    rules = {"data": {"values": moments}, "mark": {"type": "rule", "color": "var(--line, #888)", "strokeWidth": 1}}
    return {
        "width": WIDTH,
        "height": lane.height,
        "encoding": {"x": x},
        "layer": [behind, rules, *lane.layer, *lanes.breaks(chart, lane), name],
    }
