"""What a selector matches, and by which labels and fields an index finds that."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .types import Object

__all__ = ["EVERYTHING", "INDEXED_FIELDS", "Selector", "Term", "field_value", "label_term", "terms_of"]

Term = tuple[str, str]
"""A label or a field, and its value."""

# The fields that objects are found by without a look at the others. A real API server has an index of spec.nodeName
# (kubernetes/pkg/registry/core/pod/strategy.go, Indexers), and finds an object by its name in the key of etcd
INDEXED_FIELDS = ("metadata.name", "spec.nodeName")


@dataclass(frozen=True)
class Selector:
    """What a label selector and a field selector match.

    Attributes:
        matches: returns whether an object matches.
        terms: sets of terms; every object that matches has one of each set.
    """

    matches: Callable[[Object], bool]
    terms: tuple[frozenset[Term], ...] = ()

    def __and__(self, other: "Selector") -> "Selector":
        """Return what both match."""
        if self is EVERYTHING or other is EVERYTHING:
            return other if self is EVERYTHING else self
        return Selector(lambda obj: self.matches(obj) and other.matches(obj), self.terms + other.terms)


EVERYTHING = Selector(lambda _: True)


def label_term(key: str, value: str) -> Term:
    """Return the term of a label.

    Args:
        key: the label's key.
        value: the label's value.
    """
    return f"metadata.labels[{key}]", value


def terms_of(obj: Object) -> frozenset[Term]:
    """Return the terms by which an object is found.

    Args:
        obj: the object.
    """
    labels = obj["metadata"].get("labels") or {}
    by_label = {label_term(key, value) for key, value in labels.items()}
    return frozenset(by_label | {(path, field_value(obj, path)) for path in INDEXED_FIELDS})


def field_value(obj: Object, path: str) -> str:
    """Return the value of a field, as field selectors compare it.

    Args:
        obj: the object.
        path: the field, such as `status.phase`.
    """
    if path == "source":
        return str(obj.get("source", {}).get("component") or obj.get("reportingComponent", ""))
    value: Any = obj
    for part in path.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    if isinstance(value, bool):
        return "true" if value else "false"
    if path in ("spec.unschedulable", "spec.hostNetwork") and value is None:
        return "false"
    return "" if value is None else str(value)
