"""The lanes of a chart as Vega-Lite specifications; each shows one thing."""

from typing import Any, NamedTuple

from .chart_data import Band, ChartData, Mark
from .time_axis import WIDTH

__all__ = ["INK", "Lane", "Spec", "breaks", "condition", "fault", "marks", "pod_counts", "pulls"]

Spec = dict[str, Any]  # Vega-Lite has no types for Python

_LETTER = 6.6  # pixels, the average width in a sans-serif of 12 pixels
_BOLD_LETTER = 7.6
INK = "var(--ink, #1a1a1a)"
_PODS = (
    ("serving", "Serving pods", "var(--serving, #0072b2)", [1, 0]),
    ("updated", "Updated pods", "var(--updated, #009e73)", [6, 2]),
    ("failing", "Failing pods", "var(--failing, #d55e00)", [2, 2]),
)
# the Deployment's conditions that are good when they are False; all others are good when they are True
_WELL_WHEN_FALSE = ("ReplicaFailure",)


class Lane(NamedTuple):
    """A lane of the chart.

    Attributes:
        name: the lines of the text at its left.
        height: pixels.
        layer: what it shows.
        crossed: whether the lines of the marks cross it.
    """

    name: list[str]
    height: int
    layer: list[Spec]
    crossed: bool = True


class _Span(NamedTuple):
    """Where something begins and ends, in pixels."""

    start: float
    end: float

    def overlaps(self, other: "_Span") -> bool:
        """Return whether both cover the same place."""
        return self.start < other.end and other.start < self.end


class _Label(NamedTuple):
    """The label of a mark: the position of its line and its own width in pixels, and whether it is left of the line."""

    mark: Mark
    text: str
    x: float
    width: float
    left: bool

    @property
    def span(self) -> _Span:
        """What the label covers."""
        return _Span(self.x - self.width, self.x) if self.left else _Span(self.x, self.x + self.width)


def marks(chart: ChartData) -> Lane:
    """Return the lane with the labels of the marks, in as many rows as they need so that none covers another."""
    rows = _rows(_labels(chart))
    height = 16 * max(len(rows), 1)
    layer: list[Spec] = []
    for number, row in enumerate(rows):
        y = height - 16 * number - 8
        for label in row:
            data = {"values": [{"x": label.x, "label": label.text}]}
            rule = {"type": "rule", "color": "var(--line, #888)", "strokeWidth": 1}
            side = {"align": "right", "dx": -4} if label.left else {"align": "left", "dx": 4}
            text = {"type": "text", **side, "fontWeight": 600}
            layer.append({"data": data, "mark": rule, "encoding": {"y": {"value": y - 6}, "y2": {"value": height}}})
            layer.append({"data": data, "mark": text, "encoding": {"text": {"field": "label"}, "y": {"value": y}}})
    return Lane([""], height, layer, crossed=False)


def _labels(chart: ChartData) -> list[_Label]:
    labels = []
    for mark in chart.marks:
        if chart.axis.contains(mark.at):
            name = mark.kind.label
            text = f"{name} {mark.at - chart.zero:+.1f} s" if mark.at != chart.zero else name
            x, width = chart.axis.pixels(mark.at), len(text) * _BOLD_LETTER + 8
            labels.append(_Label(mark, text, x, width, left=x + width > WIDTH))
    return labels


def _rows(labels: list[_Label]) -> list[list[_Label]]:
    """Put each label into the lowest row that has room for it.

    Labels right of their lines are placed from the last to the first, the others from the first to the last, so that
    no line, which goes down from its label, crosses another label.
    """
    rows: list[list[_Label]] = []
    for label in [*(x for x in reversed(labels) if not x.left), *(x for x in labels if x.left)]:
        row = next((row for row in rows if not any(label.span.overlaps(other.span) for other in row)), None)
        if row is None:
            row = []
            rows.append(row)
        row.append(label)
    return rows


def fault(chart: ChartData) -> Lane:
    """Return the lane of the fault: how long it lasts, and when its ttl ends."""
    place, middle = chart.axis.pixels, {"y": {"value": 15}}
    bar = {"type": "bar", "color": "var(--failing, #d55e00)", "height": 8}
    data = {"values": [{"x": place(chart.zero), "end": place(chart.restored or chart.end)}]}
    layer: list[Spec] = [{"data": data, "mark": bar, "encoding": {"x2": {"field": "end"}, **middle}}]
    if chart.ttl is None:
        return Lane(["Image corrupted"], 30, layer)
    return Lane(["Image corrupted", f"ttl ends at {chart.ttl - chart.zero:+.0f} s"], 30, _ttl(chart, chart.ttl) + layer)


def _ttl(chart: ChartData, ttl: float) -> list[Spec]:
    """Return the dashed line of what the ttl allows, with its end, or an arrow when it ends after the axis."""
    middle, within = {"y": {"value": 15}}, chart.axis.contains(ttl)
    end = chart.axis.pixels(ttl) if within else WIDTH - 12.0
    data = {"values": [{"x": chart.axis.pixels(chart.zero), "end": end, "at": end, "label": "ttl" if within else "→"}]}
    rule = {"type": "rule", "strokeDash": [3, 3], "color": INK}
    stop = {"type": "tick", "orient": "vertical", "size": 14, "thickness": 2, "color": INK}
    x = {"field": "at", "type": "quantitative"}
    side = {"align": "right", "dx": -4, "dy": -11} if end > WIDTH / 2 else {"align": "left", "dx": 4, "dy": -11}
    text = {"type": "text", **(side if within else {"align": "left", "dx": 0, "dy": 0})}
    label = {"data": data, "mark": text, "encoding": {"x": x, "text": {"field": "label"}, **middle}}
    line = {"data": data, "mark": rule, "encoding": {"x2": {"field": "end"}, **middle}}
    return [line, *([{"data": data, "mark": stop, "encoding": {"x": x, **middle}}] if within else []), label]


def pod_counts(chart: ChartData) -> list[Lane]:
    """Return a lane for each kind of pod counts over time; they share their scale."""
    most = max([1, *(count for p in chart.pods for count in p[1:])])
    return [_pod_count(chart, most, *kind) for kind in _PODS]


def _pod_count(chart: ChartData, most: int, field: str, name: str, color: str, dash: list[int]) -> Lane:
    values = [{"x": chart.axis.pixels(p.at), "pods": getattr(p, field)} for p in chart.pods]
    if values:
        values.append({"x": chart.axis.pixels(chart.end), "pods": values[-1]["pods"]})
    ticks = range(most + 1) if most <= 4 else (0, most)
    scale = {"domain": [0, most], "nice": False}
    axis = {"title": None, "values": list(ticks), "format": "d", "domain": False, "ticks": False}
    line = {"color": color, "strokeWidth": 2.5, "strokeDash": dash}
    area = {"type": "area", "interpolate": "step-after", "line": line, "color": color, "fillOpacity": 0.2}
    # without stacking: two changes at the same place would be added up
    y = {"field": "pods", "type": "quantitative", "scale": scale, "axis": axis, "stack": None}
    return Lane([name], 46, [{"data": {"values": values}, "mark": area, "encoding": {"y": y}}])


def pulls(chart: ChartData) -> Lane:
    """Return the lane of the kubelet's attempts to pull."""
    values = [{"x": chart.axis.pixels(at)} for at in chart.pulls if chart.axis.contains(at)]
    point = {"type": "point", "shape": "triangle-down", "filled": True, "size": 60, "color": INK, "opacity": 1}
    return Lane(
        [f"Pull attempts: {len(values)}"],
        16,
        [{"data": {"values": values}, "mark": point, "encoding": {"y": {"value": 8}}}],
    )


def condition(chart: ChartData, lane: str) -> Lane:
    """Return the lane of a condition.

    An operator's condition has no colour, because it is unknown whether True is its good status.

    Args:
        chart: the data.
        lane: the condition, as in `Band.lane`: an operator's starts with the kind of its resource and a space.
    """
    of_deployment = " " not in lane
    height = 20 if of_deployment else 36
    middle = {"y": {"value": height - 10}}
    layer: list[Spec] = []
    for band in chart.bands:
        if band.lane != lane:
            continue
        start, end = chart.axis.pixels(band.start), chart.axis.pixels(band.end)
        room = min([end, *(chart.axis.pixels(p.start) for p in chart.breaks if p.start > band.start)]) - start
        values = [{"x": start, "end": end, "label": _longest_text(band, room - 8)}]
        bar = {"type": "bar", "height": 18, "fillOpacity": 0.25, **_style(band, of_deployment)}
        text = {"type": "text", "align": "left", "dx": 4, "dy": 1, "limit": max(room - 4, 1)}
        layer.append({"data": {"values": values}, "mark": bar, "encoding": {"x2": {"field": "end"}, **middle}})
        layer.append({"data": {"values": values}, "mark": text, "encoding": {"text": {"field": "label"}, **middle}})
    if not of_deployment:
        layer.append(_title(lane))
    return Lane([lane if of_deployment else "The operator"], height, layer)


def _style(band: Band, of_deployment: bool) -> Spec:
    """Return fill and border; the border alone distinguishes well, not well and unknown."""
    well = "False" if of_deployment and band.lane in _WELL_WHEN_FALSE else "True"
    color = "var(--line, #888)"
    if of_deployment:
        color = "var(--updated, #009e73)" if band.status == well else "var(--failing, #d55e00)"
    if band.status == well:
        return {"fill": color, "stroke": color, "strokeWidth": 0.5}
    dash = [1, 0] if band.status in ("True", "False") else [3, 2]
    return {"fill": color, "stroke": INK, "strokeWidth": 2, "strokeDash": dash}


def _title(lane: str) -> Spec:
    """Return the name of an operator's condition; it is too long for the left side, so it stands above the band."""
    text = {"type": "text", "align": "left", "limit": WIDTH}
    place = {"text": {"field": "name"}, "x": {"value": 4}, "y": {"value": 8}}
    return {"data": {"values": [{"name": lane}]}, "mark": text, "encoding": place}


def _longest_text(band: Band, room: float) -> str:
    """Return the longest text about a band that fits into so many pixels."""
    texts = (f"{band.status} · {band.reason}" if band.reason else band.status, band.status)
    return next((t for t in texts if len(t) * _LETTER <= room), "")


def breaks(chart: ChartData, lane: Lane) -> list[Spec]:
    """Return what is drawn over a lane where the axis has a break: paper between two slanted lines."""
    layer: list[Spec] = []
    for pause in chart.breaks if lane.crossed else ():
        start, end = chart.axis.pixels(pause.start) + 4, chart.axis.pixels(pause.end) - 4
        rect = {"type": "rect", "color": "var(--paper, #fff)", "opacity": 1}
        data = {"values": [{"x": start, "end": end}]}
        # 2 pixels more at both edges, which covers the lines there
        over = {"x2": {"field": "end"}, "y": {"value": -2}, "y2": {"value": lane.height + 2}}
        layer.append({"data": data, "mark": rect, "encoding": over})
        rule = {"type": "rule", "color": INK, "strokeWidth": 1}
        sides = {"values": [{"x": x - 4, "end": x + 4} for x in (start, end)]}
        slanted = {"x2": {"field": "end"}, "y": {"value": lane.height}, "y2": {"value": 0}}
        layer.append({"data": sides, "mark": rule, "encoding": slanted})
    return layer
