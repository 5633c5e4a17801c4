"""Cells of HorizontalPodAutoscalers (kubernetes/pkg/printers/internalversion/printers.go)."""

from ..types import Object

__all__ = ["targets"]

UNKNOWN = "<unknown>"
SHOWN_METRICS = 2


def targets(autoscaler: Object, now: float) -> str:
    """Return a HorizontalPodAutoscaler's metrics, each as `current/target`.

    Args:
        autoscaler: the HorizontalPodAutoscaler.
        now: seconds since 1970.
    """
    metrics, current = (
        autoscaler["spec"].get("metrics") or [],
        (autoscaler.get("status") or {}).get("currentMetrics") or [],
    )
    shown = [_metric(metric, current[index] if index < len(current) else {}) for index, metric in enumerate(metrics)]
    if len(shown) > SHOWN_METRICS:
        return f"{', '.join(shown[:SHOWN_METRICS])} + {len(shown) - SHOWN_METRICS} more..."
    return ", ".join(shown) or "<none>"


def _metric(metric: Object, status: Object) -> str:
    """Return one metric; its source is under the type's name with a small first letter."""
    member = metric["type"][:1].lower() + metric["type"][1:]
    source, current = metric.get(member) or {}, (status.get(member) or {}).get("current") or {}
    target = source.get("target") or {}
    if member in ("resource", "containerResource"):
        return f"{source['name']}: {_resource_usage(target, current)}"
    if "averageValue" in target:
        average = "" if member == "pods" else " (avg)"
        return f"{current.get('averageValue', UNKNOWN)}/{target['averageValue']}{average}"
    return f"{current.get('value', UNKNOWN)}/{target.get('value', UNKNOWN)}"


def _resource_usage(target: Object, current: Object) -> str:
    """Return the use of CPU or memory: an amount where the target is one, else a percentage of the requests."""
    if "averageValue" in target:
        return f"{current.get('averageValue', UNKNOWN)}/{target['averageValue']}"
    used, desired = current.get("averageUtilization"), target.get("averageUtilization")
    usage = UNKNOWN if used is None else f"{used}%"
    return f"{usage}/{'<auto>' if desired is None else f'{desired}%'}"
