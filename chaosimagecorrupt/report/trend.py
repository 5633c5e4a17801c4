"""The trend of a Deployment's recovery over its runs, as a Vega-Lite specification."""

from ..verdict import Verdict
from .comparison import Comparison
from .lanes import INK, Spec
from .svg import CONFIG
from .time_axis import WIDTH

__all__ = ["has_trend", "trend", "trend_text", "undrawn_count"]

_FEWEST_RUNS = 3
_DAY = 24 * 60 * 60 * 1000  # milliseconds, as Vega counts
# colour and shape: the colour is never the only difference
_POINTS = {
    Verdict.RESILIENT: ("var(--resilient, #007355)", "circle"),
    Verdict.DEGRADED: ("var(--degraded, #8a5a00)", "triangle-up"),
    Verdict.FAILED: ("var(--failed, #b34700)", "cross"),
    Verdict.INCONCLUSIVE: ("var(--inconclusive, #565c66)", "square"),
}


def has_trend(comparison: Comparison) -> bool:
    """Return whether there are enough runs with a time and a recovery."""
    return len(_known(comparison)) >= _FEWEST_RUNS


def trend(comparison: Comparison) -> Spec:
    """Describe the recovery of each run by the time at which the run began, with the limit of a regression."""
    values: list[Spec] = [
        {"at": round(at * 1000), "seconds": seconds, "color": _POINTS[verdict][0], "shape": _POINTS[verdict][1]}
        for at, seconds, verdict in _known(comparison)
    ]
    x = {
        "field": "at",
        "type": "temporal",
        "scale": {"type": "utc", "padding": 12},
        "axis": {
            "title": "begin of the run, UTC",
            "grid": False,
            "values": [value["at"] for value in values],
            "format": "%Y-%m-%d" if values[-1]["at"] - values[0]["at"] >= _DAY else "%H:%M:%S",
            "labelOverlap": True,
        },
    }
    y = {"field": "seconds", "type": "quantitative", "scale": {"zero": True}, "axis": {"title": "recovery in seconds"}}
    line = {"type": "line", "color": "var(--line, #888)", "strokeWidth": 1}
    plain = {"scale": None, "legend": None}
    point = {"color": {"field": "color", **plain}, "shape": {"field": "shape", **plain}}
    layer: list[Spec] = [
        {"mark": line},
        {"mark": {"type": "point", "filled": True, "size": 90, "opacity": 1}, "encoding": point},
    ]
    return {
        "background": None,
        "width": WIDTH,
        "height": 160,
        "data": {"values": values},
        "encoding": {"x": x, "y": y},
        "layer": [*layer, *_limit(comparison)],
        "config": CONFIG,
    }


def undrawn_count(comparison: Comparison) -> int:
    """Return the number of runs without a recovery, or of an unknown time."""
    return len(comparison.history) - len(_known(comparison))


def trend_text(comparison: Comparison) -> str:
    """Describe the trend to a screen reader's user."""
    runs = ", ".join(f"{seconds:.1f} s ({verdict})" for _, seconds, verdict in _known(comparison))
    return f"Recovery by run, the earliest first: {runs}. The table after the chart lists every run."


def _limit(comparison: Comparison) -> list[Spec]:
    limit = comparison.slowest_allowed
    if limit is None:
        return []
    data = {"values": [{"limit": limit, "label": f"slower is a regression: {limit:.1f} s"}]}
    y = {"field": "limit", "type": "quantitative"}
    rule = {"type": "rule", "strokeDash": [4, 3], "color": INK}
    text = {"type": "text", "align": "left", "baseline": "bottom", "dx": 4, "dy": -2}
    label = {"x": {"value": 0}, "y": y, "text": {"field": "label"}}
    return [
        {"data": data, "mark": rule, "encoding": {"x": {"value": 0}, "x2": {"value": WIDTH}, "y": y}},
        {"data": data, "mark": text, "encoding": label},
    ]


def _known(comparison: Comparison) -> list[tuple[float, float, Verdict]]:
    return [(o.at, o.seconds, o.verdict) for o in comparison.history if o.at is not None and o.seconds is not None]
