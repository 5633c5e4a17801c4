"""The growth as a chart: Vega-Lite, drawn as SVG."""

from collections.abc import Mapping
from typing import Any

import vl_convert

__all__ = ["growth_svg"]


def growth_svg(growth: Mapping[str, Mapping[int, float]], of_what: str) -> str:
    """Draw milliseconds over sizes, both logarithmic.

    Args:
        growth: by name, then by size.
        of_what: the unit of the sizes, such as `pods`.
    """
    values = [{"what": name, "size": s, "ms": ms} for name, by_size in growth.items() for s, ms in by_size.items()]
    spec: dict[str, Any] = {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "data": {"values": values},
        "background": "white",
        "width": 480,
        "height": 260,
        "mark": {"type": "line", "point": True},
        "encoding": {
            "x": {"field": "size", "type": "quantitative", "scale": {"type": "log"}, "title": of_what},
            "y": {"field": "ms", "type": "quantitative", "scale": {"type": "log"}, "title": "milliseconds, median"},
            "color": {"field": "what", "type": "nominal", "legend": {"orient": "bottom", "columns": 1, "title": None,
                      "labelLimit": 480}},
        },
    }  # fmt: skip
    return str(vl_convert.vegalite_to_svg(spec))
