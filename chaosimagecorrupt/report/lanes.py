"""The lanes of a picture, one thing in each, as Vega-Lite describes them.

A lane is `{name, height, layer, rules}`: the lines of the name at its left, pixels, what is drawn, and whether the
marks' lines go through it (they do when it does not say).
"""

from typing import Any

from .picture import Band, Mark, Picture

__all__ = ["INK", "WIDTH", "Spec", "bands", "fault", "marks", "pulls", "steps"]

Spec = dict[str, Any]

WIDTH = 700
_LETTER = 6.6  # pixels, of a 12 pixel sans-serif, on average
INK = "var(--ink, #1a1a1a)"
_PODS = (
    ("serving", "Serving pods", "var(--serving, #0072b2)", [1, 0]),
    ("updated", "Updated pods", "var(--updated, #009e73)", [6, 2]),
    ("failing", "Failing pods", "var(--failing, #d55e00)", [2, 2]),
)


def marks(picture: Picture) -> Spec:
    """Return the lane of the marks' names: as many rows as it takes for none to cover another."""
    placed = _placed(picture)
    height = 16 * (max((row for *_, row in placed), default=0) + 1)
    layer: list[Spec] = []
    for mark, label, left, row in placed:
        y = height - 16 * row - 8
        data = {"values": [{"t": mark.at - picture.zero, "label": label}]}
        rule = {"type": "rule", "color": "var(--line, #888)", "strokeWidth": 1}
        text = {"type": "text", "align": "right" if left else "left", "dx": -4 if left else 4, "fontWeight": 600}
        layer.append({"data": data, "mark": rule, "encoding": {"y": {"value": y - 6}, "y2": {"value": height}}})
        layer.append({"data": data, "mark": text, "encoding": {"text": {"field": "label"}, "y": {"value": y}}})
    return {"name": [""], "height": height, "layer": layer, "rules": False}


def _placed(picture: Picture) -> list[tuple[Mark, str, bool, int]]:
    """Find each mark's label, whether it stands left of its line, and its row: the lowest in which there is room.

    Labels right of their lines are placed from the last to the first, the others from the first to the last: so no
    line, which goes down from its label, crosses another label.
    """
    told = []
    for mark in picture.marks:
        if _inside(picture, mark.at):
            label = f"{mark.kind} {mark.at - picture.zero:+.1f} s" if mark.at != picture.zero else mark.kind
            x, wide = _pixels(picture, mark.at), len(label) * _LETTER + 12
            told.append((mark, label, x, wide, x + wide > WIDTH + 36))
    taken: list[list[tuple[float, float]]] = []
    placed = []
    for mark, label, x, wide, left in [t for t in reversed(told) if not t[-1]] + [t for t in told if t[-1]]:
        span = (x - wide, x) if left else (x, x + wide)
        row = next((i for i, row in enumerate(taken) if all(_apart(span, other) for other in row)), len(taken))
        taken[row:] = taken[row:] or [[]]
        taken[row].append(span)
        placed.append((mark, label, left, row))
    return placed


def fault(picture: Picture) -> Spec:
    """Return the lane of the fault: how long it lasted, and how long its time to live would have let it last."""
    end = (picture.restored or picture.end) - picture.zero
    middle = {"y": {"value": 15}}
    name = ["Image corrupted"]
    layer: list[Spec] = []
    if picture.ttl is not None:
        name.append(f"ttl ends at {picture.ttl - picture.zero:+.0f} s")
        ends = min(picture.ttl, picture.end) - picture.zero
        data = {"values": [{"t": 0, "end": ends, "at": ends}]}
        rule = {"type": "rule", "strokeDash": [3, 3], "color": INK}
        stop: Spec = {"type": "tick", "orient": "vertical", "size": 14, "thickness": 2, "color": INK}
        if picture.ttl > picture.end:
            stop = {"type": "text", "align": "left", "dx": 3, "text": "→"}
        x = {"field": "at", "type": "quantitative"}
        layer.append({"data": data, "mark": rule, "encoding": {"x2": {"field": "end"}, **middle}})
        layer.append({"data": data, "mark": stop, "encoding": {"x": x, **middle}})
    bar = {"type": "bar", "color": "var(--failing, #d55e00)", "height": 8}
    data = {"values": [{"t": 0, "end": end}]}
    layer.append({"data": data, "mark": bar, "encoding": {"x2": {"field": "end"}, **middle}})
    return {"name": name, "height": 30, "layer": layer}


def steps(picture: Picture) -> list[Spec]:
    """Return a lane for each number of pods over time; they share their scale."""
    most = max([1, *(count for p in picture.pods for count in p[1:])])
    return [_steps(picture, most, *pods) for pods in _PODS]


def _steps(picture: Picture, most: int, field: str, name: str, color: str, dash: list[int]) -> Spec:
    values = [{"t": p.at - picture.zero, "pods": getattr(p, field)} for p in picture.pods]
    if values:
        values.append({"t": picture.end - picture.zero, "pods": values[-1]["pods"]})
    ticks = range(most + 1) if most <= 4 else (0, most)
    scale = {"domain": [0, most], "nice": False}
    axis = {"title": None, "values": list(ticks), "format": "d", "domain": False, "ticks": False}
    line = {"color": color, "strokeWidth": 2.5, "strokeDash": dash}
    area = {"type": "area", "interpolate": "step-after", "line": line, "color": color, "fillOpacity": 0.2}
    y = {"field": "pods", "type": "quantitative", "scale": scale, "axis": axis}
    return {"name": [name], "height": 46, "layer": [{"data": {"values": values}, "mark": area, "encoding": {"y": y}}]}


def pulls(picture: Picture) -> Spec:
    """Return the lane of the kubelet's attempts to pull."""
    values = [{"t": at - picture.zero} for at in picture.pulls if _inside(picture, at)]
    point = {"type": "point", "shape": "triangle-down", "filled": True, "size": 60, "color": INK, "opacity": 1}
    pulls = {"data": {"values": values}, "mark": point, "encoding": {"y": {"value": 8}}}
    return {"name": ["Pull attempts"], "height": 16, "layer": [pulls]}


def bands(picture: Picture, lane: str) -> Spec:
    """Return the lane of a condition.

    Whether an operator's condition is good when it is True nobody knows, so it has no colour.

    Args:
        picture: what to draw.
        lane: the condition, as in `Band.lane`: an operator's has the kind of its resource before a space.
    """
    own = " " not in lane
    height = 20 if own else 36
    middle = {"y": {"value": height - 10}}
    layer: list[Spec] = []
    for band in picture.bands:
        if band.lane != lane:
            continue
        values = [{"t": band.start - picture.zero, "end": band.end - picture.zero, "label": _fitting(picture, band)}]
        bar = {"type": "bar", "height": 18, "fillOpacity": 0.25, **_look(band, own)}
        text = {"type": "text", "align": "left", "dx": 4, "dy": 1}
        layer.append({"data": {"values": values}, "mark": bar, "encoding": {"x2": {"field": "end"}, **middle}})
        layer.append({"data": {"values": values}, "mark": text, "encoding": {"text": {"field": "label"}, **middle}})
    if not own:
        layer.append(_title(lane))
    return {"name": [lane if own else "The operator"], "height": height, "layer": layer}


def _look(band: Band, own: bool) -> Spec:
    """Fill and border: the border alone tells True from False from anything else."""
    color = "var(--line, #888)"
    if own:
        color = "var(--updated, #009e73)" if band.status == "True" else "var(--failing, #d55e00)"
    if band.status == "True":
        return {"fill": color, "stroke": color, "strokeWidth": 0.5}
    dash = [1, 0] if band.status == "False" else [3, 2]
    return {"fill": color, "stroke": INK, "strokeWidth": 2, "strokeDash": dash}


def _title(lane: str) -> Spec:
    """The name of an operator's condition is too long for the left side, so it stands above its band."""
    text = {"type": "text", "align": "left", "limit": WIDTH}
    place = {"text": {"field": "name"}, "x": {"value": 4}, "y": {"value": 8}}
    return {"data": {"values": [{"name": lane}]}, "mark": text, "encoding": place}


def _fitting(picture: Picture, band: Band) -> str:
    """The longest text about a band that fits into it."""
    room = _pixels(picture, band.end) - _pixels(picture, band.start) - 8
    texts = (f"{band.status} · {band.reason}" if band.reason else band.status, band.status)
    return next((t for t in texts if len(t) * _LETTER <= room), "")


def _pixels(picture: Picture, at: float) -> float:
    return (at - picture.start) / (picture.end - picture.start) * WIDTH


def _inside(picture: Picture, at: float) -> bool:
    return picture.start <= at <= picture.end


def _apart(one: tuple[float, float], other: tuple[float, float]) -> bool:
    return one[1] <= other[0] or other[1] <= one[0]
