"""Label and field selectors (k8s.io/apimachinery/pkg/labels and fields)."""

import re
from collections.abc import Callable

from ..kinds import Resource
from ..selector import EVERYTHING, INDEXED_FIELDS, Selector, Term, field_value, label_term
from ..types import Object
from .conversion import EVENT_FIELDS
from .errors import bad_request

__all__ = ["field_selector", "label_selector"]

Requirement = Callable[[dict[str, str]], bool]

_TOKEN = re.compile(r"\s*(==|!=|=|!|<|>|\(|\)|,|[^\s=!<>(),]+)")
_SYMBOLS = frozenset(("==", "!=", "=", "!", "<", ">", "(", ")", ",", ""))
_OPERATORS = "in, notin, =, ==, !=, gt, lt"

# The fields by which kinds can be selected, in addition to name and namespace
# (kubernetes/pkg/apis/core/v1/conversion.go and the registries' SelectableFields)
_FIELDS: dict[str, tuple[str, ...]] = {
    "pods": (
        "spec.nodeName", "spec.restartPolicy", "spec.schedulerName", "spec.serviceAccountName", "spec.hostNetwork",
        "status.phase", "status.podIP", "status.podIPs", "status.nominatedNodeName",
    ),
    "events": (
        "involvedObject.kind", "involvedObject.namespace", "involvedObject.name", "involvedObject.uid",
        "involvedObject.apiVersion", "involvedObject.resourceVersion", "involvedObject.fieldPath", "reason",
        "reportingComponent", "source", "type",
    ),
    "events.events.k8s.io": tuple(EVENT_FIELDS),
    "namespaces": ("status.phase",),
    "nodes": ("spec.unschedulable",),
    "secrets": ("type",),
    "services": ("spec.clusterIP", "spec.type"),
    "replicasets.apps": ("status.replicas",),
}  # fmt: skip


class _Parser:
    """Reads one label selector."""

    def __init__(self, text: str) -> None:
        self._tokens = _TOKEN.findall(text)
        self._at = 0
        self.equal: dict[str, str] = {}
        self.terms: list[frozenset[Term]] = []

    def peek(self) -> str:
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def next(self) -> str:
        token = self.peek()
        self._at += 1
        return token

    def requirements(self) -> list[Requirement]:
        """Return the requirements other than equality, which is collected in `equal` and checked at once."""
        if not self._tokens:
            return []
        found = [self.requirement()]
        while self.peek():
            token = self.next()
            if token != ",":
                raise _unparsable(token, "',' or 'end of string'")
            found.append(self.requirement())
        return [requirement for requirement in found if requirement is not None]

    def requirement(self) -> Requirement | None:
        absent = self.peek() == "!"
        if absent:
            self.next()
        key = self.identifier("identifier")
        if absent or self.peek() in (",", ""):
            return lambda labels: (key in labels) is not absent
        operator = self.next()
        if operator in ("in", "notin"):
            return self.one_of(key, self.values(), operator == "in")
        if operator in ("=", "==", "!="):
            return self.equality(key, operator != "!=")
        if operator in ("<", ">"):
            return _compared(key, operator, self.identifier("identifier"))
        raise _unparsable(operator, _OPERATORS)

    def one_of(self, key: str, values: frozenset[str], wanted: bool) -> Requirement:
        if wanted:
            self.terms.append(frozenset(label_term(key, value) for value in values))
        return lambda labels: (labels.get(key) in values) is wanted

    def equality(self, key: str, wanted: bool) -> Requirement | None:
        value = self.identifier("identifier") if self.peek() not in (",", "") else ""
        if not wanted:
            return lambda labels: labels.get(key) != value
        self.terms.append(frozenset([label_term(key, value)]))
        if self.equal.setdefault(key, value) == value:
            return None
        return lambda labels: False

    def identifier(self, expected: str) -> str:
        token = self.next()
        if token in _SYMBOLS:
            raise _unparsable(token, expected)
        return str(token)

    def values(self) -> frozenset[str]:
        if self.next() != "(":
            raise _unparsable(self._tokens[self._at - 1] if self._at <= len(self._tokens) else "", "'('")
        found = {self.identifier("',', ')' or identifier")} if self.peek() != ")" else {""}
        while self.peek() == ",":
            self.next()
            found.add(self.identifier("',', ')' or identifier"))
        if self.next() != ")":
            raise _unparsable(self.peek(), "',' or ')'")
        return frozenset(found)


def _unparsable(found: str, expected: str) -> Exception:
    return bad_request(f"unable to parse requirement: found '{found}', expected: {expected}")


def _compared(key: str, operator: str, value: str) -> Requirement:
    if not re.fullmatch(r"-?\d+", value):
        raise bad_request(f"unable to parse requirement: values[0][{key}]: Invalid value: \"{value}\": "
                          "for 'Gt', 'Lt' operators, the value must be an integer")  # fmt: skip

    def holds(labels: dict[str, str]) -> bool:
        label = labels.get(key, "")
        if not re.fullmatch(r"-?\d+", label):
            return False
        return int(label) > int(value) if operator == ">" else int(label) < int(value)

    return holds


def label_selector(text: str) -> Selector:
    """Return what a `labelSelector` matches.

    Args:
        text: the selector, such as `app=web,tier in (a, b),!canary`.

    Raises:
        ApiError: 400 when it does not parse.
    """
    parser = _Parser(text)
    requirements = parser.requirements()
    equal = parser.equal.items()
    if not requirements and not equal:
        return EVERYTHING

    def matches(obj: Object) -> bool:
        labels = obj["metadata"].get("labels") or {}
        return equal <= labels.items() and all(requirement(labels) for requirement in requirements)

    return Selector(matches, tuple(parser.terms))


def field_selector(text: str, resource: Resource) -> Selector:
    """Return what a `fieldSelector` matches.

    Args:
        text: the selector, such as `status.phase=Running,metadata.name!=a`.
        resource: what is selected from.

    Raises:
        ApiError: 400 when it does not parse, or when the kind cannot be selected by that field.
    """
    terms = []
    for term in filter(None, text.split(",")):
        parsed = re.fullmatch(r"([^=!]+)(==|!=|=)(.*)", term)
        if parsed is None:
            raise bad_request(f"invalid selector: '{text}'; can't understand '{term}'")
        path, operator, value = parsed.groups()
        _check_field(path, resource)
        if resource.stored_as:
            path = EVENT_FIELDS.get(path, path)
        terms.append((path, operator != "!=", value))
    if not terms:
        return EVERYTHING
    indexed = (frozenset([(path, value)]) for path, equal, value in terms if equal and path in INDEXED_FIELDS)
    return Selector(
        lambda obj: all((field_value(obj, path) == value) is equal for path, equal, value in terms), tuple(indexed)
    )


def _check_field(path: str, resource: Resource) -> None:
    common = ("metadata.name", "metadata.namespace") if resource.namespaced else ("metadata.name",)
    if path in common or path in _FIELDS.get(resource.name, ()):
        return
    if resource.name in _FIELDS or resource.custom:
        raise bad_request(f"field label not supported: {path}")
    raise bad_request(f'"{path}" is not a known field selector: only "metadata.name", "metadata.namespace"')
