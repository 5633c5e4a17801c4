"""Which nodes a Pod may be on: node selector, required node affinity and taints (component-helpers: corev1)."""

from collections.abc import Iterable

from ..types import Object

__all__ = ["matches_node", "untolerated"]


def matches_node(spec: Object, node: Object) -> bool:
    """Return whether the node selector and the required node affinity of a Pod match a node.

    Args:
        spec: the Pod's.
        node: the node.
    """
    labels: dict[str, str] = node["metadata"].get("labels") or {}
    if not (spec.get("nodeSelector") or {}).items() <= labels.items():
        return False
    affinity = (spec.get("affinity") or {}).get("nodeAffinity") or {}
    required = affinity.get("requiredDuringSchedulingIgnoredDuringExecution")
    if required is None:
        return True
    fields = {"metadata.name": node["metadata"]["name"]}
    return any(_term(term, labels, fields) for term in required.get("nodeSelectorTerms") or ())


def _term(term: Object, labels: dict[str, str], fields: dict[str, str]) -> bool:
    """Return whether a term matches; an empty one matches nothing."""
    expressions, about_fields = term.get("matchExpressions") or (), term.get("matchFields") or ()
    if not expressions and not about_fields:
        return False
    return all(_holds(each, labels) for each in expressions) and all(_holds(each, fields) for each in about_fields)


def _holds(requirement: Object, labels: dict[str, str]) -> bool:
    value, values, operator = labels.get(requirement["key"]), requirement.get("values") or (), requirement["operator"]
    if operator in ("Exists", "DoesNotExist"):
        return (value is not None) is (operator == "Exists")
    if operator in ("Gt", "Lt"):
        return _compares(value, values, operator)
    return (value is not None and value in values) is (operator == "In")


def _compares(value: str | None, values: Iterable[str], operator: str) -> bool:
    try:
        number, other = int(value or ""), int(next(iter(values)))
    except ValueError:
        return False
    return number > other if operator == "Gt" else number < other


def untolerated(spec: Object, node: Object, effects: Iterable[str]) -> Object | None:
    """Return the first taint of a node that a Pod does not tolerate, or `None` (FindMatchingUntoleratedTaint).

    Args:
        spec: the Pod's.
        node: the node.
        effects: the effects of the taints that count.
    """
    tolerations = spec.get("tolerations") or ()
    counting = [taint for taint in node.get("spec", {}).get("taints") or () if taint["effect"] in effects]
    return next((taint for taint in counting if not any(_tolerates(each, taint) for each in tolerations)), None)


def _tolerates(toleration: Object, taint: Object) -> bool:
    if toleration.get("effect") not in (None, "", taint["effect"]):
        return False
    if toleration.get("key") not in (None, "", taint["key"]):
        return False
    if toleration.get("operator", "Equal") == "Exists":
        return True
    return bool(toleration.get("value", "") == taint.get("value", ""))
