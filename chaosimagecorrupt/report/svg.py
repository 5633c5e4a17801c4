"""Draws a Vega-Lite specification as an SVG that a page and a screen reader can use."""

from xml.etree import ElementTree

import vl_convert

from .lanes import INK, Spec

__all__ = ["CONFIG", "to_svg"]

_SVG = "http://www.w3.org/2000/svg"

# how the charts of a page look; the colours are variables of the page
CONFIG: Spec = {
    "aria": False,
    "font": "system-ui, sans-serif",
    "view": {"stroke": None},
    "text": {"fontSize": 12, "color": INK},
    "axis": {
        "labelColor": INK,
        "titleColor": INK,
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "domainColor": "var(--line, #888)",
        "tickColor": "var(--line, #888)",
        "gridColor": "var(--grid, #ddd)",
    },
}


def to_svg(specification: Spec, title: str, description: str, number: str) -> str:
    """Draw a specification.

    Args:
        specification: in Vega-Lite, with its data.
        title: for a screen reader.
        description: for a screen reader.
        number: makes the ids of this chart unique on the page.

    Returns:
        An `svg` element without an XML declaration.
    """
    ElementTree.register_namespace("", _SVG)
    root = ElementTree.fromstring(vl_convert.vegalite_to_svg(specification))
    for part in root.iter():
        # a screen reader reads the chart as one image, by the title and description below
        for name in [n for n in part.attrib if n == "role" or n.startswith("aria-")]:
            del part.attrib[name]
    for place, (tag, text) in enumerate((("title", title), ("desc", description))):
        element = ElementTree.Element(f"{{{_SVG}}}{tag}", {"id": f"{tag}-{number}"})
        element.text = text
        root.insert(place, element)
    root.set("role", "img")
    root.set("aria-labelledby", f"title-{number}")
    root.set("aria-describedby", f"desc-{number}")
    return ElementTree.tostring(root, encoding="unicode")
