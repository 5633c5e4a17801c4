"""Label selectors: as a query to the API, and applied to labels here."""

from collections.abc import Mapping

from .types import Json

__all__ = ["pod_labels", "selector", "selects"]


def pod_labels(workload: Json) -> dict[str, str]:
    """Return the labels of a workload's pods."""
    return dict((workload["spec"]["template"].get("metadata") or {}).get("labels") or {})


def selector(workload: Json) -> str:
    """Return the label selector of a workload's pods, as a query to the API takes it.

    Args:
        workload: a Deployment or ReplicaSet.
    """
    label_selector = workload["spec"]["selector"]
    parts = [f"{k}={v}" for k, v in (label_selector.get("matchLabels") or {}).items()]
    for expression in label_selector.get("matchExpressions") or []:
        key, values = expression["key"], ",".join(expression.get("values") or [])
        forms = {
            "In": f"{key} in ({values})",
            "NotIn": f"{key} notin ({values})",
            "Exists": key,
            "DoesNotExist": f"!{key}",
        }
        parts.append(forms[expression["operator"]])
    return ",".join(parts)


def selects(label_selector: Json | None, labels: Mapping[str, str]) -> bool:
    """Return whether a LabelSelector matches labels: an empty one matches all, none at all matches nothing.

    Args:
        label_selector: `{matchLabels, matchExpressions}`; None for none.
        labels: of an object.
    """
    if label_selector is None:
        return False
    if any(labels.get(k) != v for k, v in (label_selector.get("matchLabels") or {}).items()):
        return False
    return all(_holds(e, labels) for e in label_selector.get("matchExpressions") or [])


def _holds(expression: Json, labels: Mapping[str, str]) -> bool:
    key, values = expression["key"], expression.get("values") or []
    return {
        "In": labels.get(key) in values,
        "NotIn": labels.get(key) not in values,
        "Exists": key in labels,
        "DoesNotExist": key not in labels,
    }[str(expression["operator"])]
