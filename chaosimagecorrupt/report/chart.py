"""The picture of a run: lanes over one time axis, as Vega-Lite describes them, drawn as SVG by vl-convert.

Colours are CSS variables of the page (after Okabe and Ito), so that light and dark are the page's business. Nothing is
told by colour alone: each lane holds one thing and is named at its left, and a condition that is not `True` has a heavy
border, besides its status as text where there is room.
"""

from xml.etree import ElementTree

import vl_convert

from . import lanes
from .lanes import Spec
from .picture import Picture

__all__ = ["draw", "specification"]

_NAMES = 118  # pixels left of the lanes
_SVG = "http://www.w3.org/2000/svg"


def draw(picture: Picture, title: str, description: str, number: str) -> str:
    """Draw a picture.

    Args:
        picture: what to draw.
        title: its name, for a screen reader.
        description: what is to be seen, for a screen reader.
        number: tells this picture's ids from those of the page's other pictures.

    Returns:
        An `svg` element without an XML declaration.
    """
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
    drawn = [lanes.marks(picture), lanes.fault(picture), *lanes.steps(picture)]
    if picture.pulls:
        drawn.append(lanes.pulls(picture))
    drawn += [lanes.bands(picture, lane) for lane in dict.fromkeys(b.lane for b in picture.bands)]
    return {
        "background": None,
        "padding": {"left": 4, "right": 40, "top": 4, "bottom": 4},
        "spacing": 5,
        "vconcat": [_lane(picture, lane, last=number == len(drawn)) for number, lane in enumerate(drawn, 1)],
        "resolve": {"scale": {"x": "shared"}},
        "config": {
            "aria": False,
            "font": "system-ui, sans-serif",
            "view": {"stroke": None},
            "text": {"fontSize": 12, "color": lanes.INK},
            "axis": {
                "labelColor": lanes.INK,
                "titleColor": lanes.INK,
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
    through = picture.marks if lane.get("rules", True) else ()
    moments = [{"t": m.at - picture.zero} for m in through if picture.start <= m.at <= picture.end]
    top = (lane["height"] - 13 * (len(lane["name"]) - 1)) / 2
    name = {
        "data": {"values": [{"name": lane["name"]}]},
        "mark": {"type": "text", "align": "left", "baseline": "middle", "lineHeight": 13},
        "encoding": {"text": {"field": "name"}, "x": {"value": -_NAMES}, "y": {"value": top}},
    }
    behind = {
        "data": {"values": gaps},
        "mark": {"type": "rect", "color": "var(--line, #888)", "opacity": 0.3},
        "encoding": {"x2": {"field": "end"}},
    }
    rules = {"data": {"values": moments}, "mark": {"type": "rule", "color": "var(--line, #888)", "strokeWidth": 1}}
    return {
        "width": lanes.WIDTH,
        "height": lane["height"],
        "encoding": {"x": x},
        "layer": [behind, rules, *lane["layer"], name],
    }
