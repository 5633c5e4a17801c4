"""The picture of a run: lanes over one time axis, as Vega-Lite describes them, drawn as SVG by vl-convert.

Colours are CSS variables of the page (after Okabe and Ito), so that light and dark are the page's business. Nothing is
told by colour alone: each lane holds one thing and is named at its left, and a condition that is not `True` has a heavy
border, besides its status as text where there is room.
"""

from typing import Any
from xml.etree import ElementTree

from ..errors import Refused
from .picture import Band, Mark, Picture

__all__ = ["draw", "specification"]

Spec = dict[str, Any]

_WIDTH = 700
_NAMES = 118  # pixels left of the lanes
_LETTER = 6.6  # pixels, of a 12 pixel sans-serif, on average
_INK = "var(--ink, #1a1a1a)"
_PODS = (
    ("serving", "Serving pods", "var(--serving, #0072b2)", [1, 0]),
    ("updated", "Updated pods", "var(--updated, #009e73)", [6, 2]),
    ("failing", "Failing pods", "var(--failing, #d55e00)", [2, 2]),
)
_SVG = "http://www.w3.org/2000/svg"


def draw(picture: Picture, title: str, description: str, number: str) -> str:
    """Draw a picture.

    Args:
        picture: what to draw.
        title: its name, for a screen reader.
        description: what is to be seen, for a screen reader.
        number: tells this picture's ids from those of the page's other pictures.

    Returns:
        An `svg` element without an XML declaration, of the page's width at the most.

    Raises:
        Refused: when vl-convert is not installed.
    """
    try:
        import vl_convert
    except ImportError as x:
        raise Refused(
            f"the HTML report needs more packages ({x}): pip install 'chaostoolkit-image-corrupt[report]'"
        ) from x
    ElementTree.register_namespace("", _SVG)
    root = ElementTree.fromstring(vl_convert.vegalite_to_svg(specification(picture)))
    for place, (tag, text) in enumerate((("title", title), ("desc", description))):
        element = ElementTree.Element(f"{{{_SVG}}}{tag}", {"id": f"{tag}-{number}"})
        element.text = text
        root.insert(place, element)
    root.set("role", "img")
    root.set("aria-labelledby", f"title-{number}")
    root.set("aria-describedby", f"desc-{number}")
    return ElementTree.tostring(root, encoding="unicode")


def specification(picture: Picture) -> Spec:
    """Describe a picture in Vega-Lite.

    Args:
        picture: what to draw.

    Returns:
        A Vega-Lite specification that holds its data.
    """
    lanes = [_marks(picture), _fault(picture)]
    lanes += [_steps(picture, field, name, color, dash) for field, name, color, dash in _PODS]
    if picture.pulls:
        lanes.append(_pulls(picture))
    lanes += [_bands(picture, lane) for lane in dict.fromkeys(b.lane for b in picture.bands)]
    lanes = [_lane(picture, lane, last=number == len(lanes)) for number, lane in enumerate(lanes, 1)]
    return {
        "background": None,
        "padding": {"left": 4, "right": 40, "top": 4, "bottom": 4},
        "spacing": 5,
        "vconcat": lanes,
        "resolve": {"scale": {"x": "shared"}},
        "config": {
            "aria": False,
            "font": "system-ui, sans-serif",
            "view": {"stroke": None},
            "text": {"fontSize": 12, "color": _INK},
            "axis": {
                "labelColor": _INK,
                "titleColor": _INK,
                "labelFontSize": 12,
                "titleFontSize": 12,
                "titleFontWeight": "normal",
                "domainColor": "var(--line, #888)",
                "tickColor": "var(--line, #888)",
                "gridColor": "var(--grid, #ddd)",
            },
        },
    }


def _lane(picture: Picture, lane: Spec, *, last: bool) -> Spec:
    """Complete a lane: the name at its left, gaps behind it, the marks through it, the time below the last one."""
    axis = {"title": "seconds since the image was corrupted", "grid": False, "tickCount": 8} if last else None
    span = [picture.start - picture.zero, picture.end - picture.zero]
    x = {"field": "t", "type": "quantitative", "scale": {"domain": span, "nice": False}, "axis": axis}
    gaps = [{"t": g.start - picture.zero, "end": g.end - picture.zero} for g in picture.gaps]
    moments = [{"t": m.at - picture.zero} for m in picture.marks if _inside(picture, m.at)]
    name = {
        "data": {"values": [{"name": lane["name"]}]},
        "mark": {"type": "text", "align": "left", "baseline": "middle", "lineHeight": 13},
        "encoding": {"text": {"field": "name"}, "x": {"value": -_NAMES}, "y": {"value": lane["height"] / 2}},
    }
    behind = {
        "data": {"values": gaps},
        "mark": {"type": "rect", "color": "var(--line, #888)", "opacity": 0.3},
        "encoding": {"x2": {"field": "end"}},
    }
    if not lane.get("rules", True):
        moments = []
    rules = {"data": {"values": moments}, "mark": {"type": "rule", "color": "var(--line, #888)", "strokeWidth": 1}}
    return {
        "width": _WIDTH,
        "height": lane["height"],
        "encoding": {"x": x},
        "layer": [behind, rules, *lane["layer"], name],
    }


def _marks(picture: Picture) -> Spec:
    """The names of the marks, on as many rows as it takes for none to cover another."""
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
            told.append((mark, label, x, wide, x + wide > _WIDTH + 36))
    taken: list[list[tuple[float, float]]] = []
    placed = []
    for mark, label, x, wide, left in [t for t in reversed(told) if not t[-1]] + [t for t in told if t[-1]]:
        span = (x - wide, x) if left else (x, x + wide)
        row = next((i for i, row in enumerate(taken) if all(_apart(span, other) for other in row)), len(taken))
        taken[row:] = taken[row:] or [[]]
        taken[row].append(span)
        placed.append((mark, label, left, row))
    return placed


def _fault(picture: Picture) -> Spec:
    """From the corruption to the restore, and how long the time to live would have let it last."""
    end = (picture.restored or picture.end) - picture.zero
    layer: list[Spec] = []
    if picture.ttl is not None:
        ends, beyond = min(picture.ttl, picture.end) - picture.zero, picture.ttl > picture.end
        until = f"ttl ends at {picture.ttl - picture.zero:+.0f} s" + (" →" if beyond else "")
        data = {"values": [{"t": 0, "end": ends, "at": ends, "label": until}]}
        rule = {"type": "rule", "strokeDash": [3, 3], "color": _INK}
        text = {"type": "text", "align": "right" if _pixels(picture, picture.ttl) > _WIDTH / 3 else "left"}
        x = {"field": "at", "type": "quantitative"}
        layer.append({"data": data, "mark": rule, "encoding": {"x2": {"field": "end"}, "y": {"value": 22}}})
        layer.append({"data": data, "mark": text, "encoding": {"text": {"field": "label"}, "x": x, "y": {"value": 8}}})
        if not beyond:
            stop = {"type": "tick", "orient": "vertical", "size": 14, "thickness": 2, "color": _INK}
            layer.append({"data": data, "mark": stop, "encoding": {"x": x, "y": {"value": 22}}})
    bar = {"type": "bar", "color": "var(--failing, #d55e00)", "height": 8}
    data = {"values": [{"t": 0, "end": end}]}
    layer.append({"data": data, "mark": bar, "encoding": {"x2": {"field": "end"}, "y": {"value": 22}}})
    return {"name": ["Image corrupted"], "height": 30, "layer": layer}


def _steps(picture: Picture, field: str, name: str, color: str, dash: list[int]) -> Spec:
    """A number of pods over time; all such lanes share their scale."""
    most = max([1, *(getattr(p, f) for p in picture.pods for f, *_ in _PODS)])
    values = [{"t": p.at - picture.zero, "pods": getattr(p, field)} for p in picture.pods]
    if values:
        values.append({"t": picture.end - picture.zero, "pods": values[-1]["pods"]})
    ticks = range(most + 1) if most <= 4 else (0, most)
    scale = {"domain": [0, most], "nice": False}
    axis = {"title": None, "values": list(ticks), "format": "d", "domain": False, "ticks": False}
    line = {"color": color, "strokeWidth": 2.5, "strokeDash": dash}
    area = {"type": "area", "interpolate": "step-after", "line": line, "color": color, "fillOpacity": 0.2}
    steps = {
        "data": {"values": values},
        "mark": area,
        "encoding": {"y": {"field": "pods", "type": "quantitative", "scale": scale, "axis": axis}},
    }
    return {"name": [name], "height": 46, "layer": [steps]}


def _pulls(picture: Picture) -> Spec:
    values = [{"t": at - picture.zero} for at in picture.pulls if _inside(picture, at)]
    point = {"type": "point", "shape": "triangle-down", "filled": True, "size": 60, "color": _INK, "opacity": 1}
    pulls = {"data": {"values": values}, "mark": point, "encoding": {"y": {"value": 8}}}
    return {"name": ["Pull attempts"], "height": 16, "layer": [pulls]}


def _bands(picture: Picture, lane: str) -> Spec:
    """A condition over time."""
    layer: list[Spec] = []
    name = _lines(lane)
    height = 13 * len(name) + 7
    for band in picture.bands:
        if band.lane != lane:
            continue
        values = [{"t": band.start - picture.zero, "end": band.end - picture.zero, "label": _fitting(picture, band)}]
        color = "var(--updated, #009e73)" if band.status == "True" else "var(--failing, #d55e00)"
        border = {"stroke": color, "strokeWidth": 0.5} if band.status == "True" else {"stroke": _INK, "strokeWidth": 2}
        if band.status not in ("True", "False"):
            border["strokeDash"] = [3, 2]
        bar = {"type": "bar", "height": 18, "fill": color, "fillOpacity": 0.25, **border}
        text = {"type": "text", "align": "left", "dx": 4, "dy": 1}
        middle = {"y": {"value": height / 2}}
        layer.append({"data": {"values": values}, "mark": bar, "encoding": {"x2": {"field": "end"}, **middle}})
        layer.append({"data": {"values": values}, "mark": text, "encoding": {"text": {"field": "label"}, **middle}})
    return {"name": name, "height": height, "layer": layer}


def _lines(name: str) -> list[str]:
    """A lane's name: the kind of an operator's resource on its own line; of what is too long, the end tells most."""
    most = int(_NAMES / _LETTER) - 1
    return [line if len(line) <= most else "…" + line[1 - most :] for line in name.split(" ", 1)]


def _fitting(picture: Picture, band: Band) -> str:
    """The longest text about a band that fits into it."""
    room = _pixels(picture, band.end) - _pixels(picture, band.start) - 8
    texts = (f"{band.status} · {band.reason}" if band.reason else band.status, band.status)
    return next((t for t in texts if len(t) * _LETTER <= room), "")


def _pixels(picture: Picture, at: float) -> float:
    return (at - picture.start) / (picture.end - picture.start) * _WIDTH


def _inside(picture: Picture, at: float) -> bool:
    return picture.start <= at <= picture.end


def _apart(one: tuple[float, float], other: tuple[float, float]) -> bool:
    return one[1] <= other[0] or other[1] <= one[0]
