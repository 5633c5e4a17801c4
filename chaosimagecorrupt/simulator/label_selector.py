"""Whether labels match the `selector` of an object (metav1.LabelSelectorAsSelector)."""

from .types import Object

__all__ = ["matches_label_selector"]


def matches_label_selector(selector: Object, labels: dict[str, str]) -> bool:
    """Return whether labels match the selector of a Deployment or ReplicaSet.

    Args:
        selector: the LabelSelector, with `matchLabels` and `matchExpressions`.
        labels: the labels.
    """
    if any(labels.get(key) != value for key, value in (selector.get("matchLabels") or {}).items()):
        return False
    return all(_expression(term, labels) for term in selector.get("matchExpressions") or ())


def _expression(term: Object, labels: dict[str, str]) -> bool:
    present = term["key"] in labels
    operator = term["operator"]
    if operator in ("Exists", "DoesNotExist"):
        return present is (operator == "Exists")
    return (present and labels[term["key"]] in (term.get("values") or ())) is (operator == "In")
