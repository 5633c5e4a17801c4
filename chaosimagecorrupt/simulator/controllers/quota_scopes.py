"""Which Pods a ResourceQuota counts: its scopes (kubernetes/pkg/quota/v1/evaluator/core: podMatchesScopeFunc)."""

from collections.abc import Callable, Iterator

from ..label_selector import matches_label_selector
from ..types import Object
from .pod_resources import quality_of_service

__all__ = ["has_scopes", "in_scopes"]


def has_scopes(quota: Object) -> bool:
    """Return whether a quota counts only some Pods, and nothing else.

    Args:
        quota: the ResourceQuota.
    """
    return any(True for _ in _selectors(quota))


def in_scopes(quota: Object, pod: Object) -> bool:
    """Return whether a Pod is in all scopes of a quota.

    Args:
        quota: the ResourceQuota.
        pod: the Pod.
    """
    return all(
        each["scopeName"] in _SCOPES and _SCOPES[each["scopeName"]](pod["spec"], each) for each in _selectors(quota)
    )


def _selectors(quota: Object) -> Iterator[Object]:
    spec = quota.get("spec") or {}
    yield from ({"scopeName": scope, "operator": "Exists"} for scope in spec.get("scopes") or ())
    yield from (spec.get("scopeSelector") or {}).get("matchExpressions") or ()


def _is_terminating(spec: Object, selector: Object) -> bool:
    return (spec.get("activeDeadlineSeconds") or -1) >= 0


def _is_best_effort(spec: Object, selector: Object) -> bool:
    return quality_of_service(spec) == "BestEffort"


def _has_priority_class(spec: Object, selector: Object) -> bool:
    name = spec.get("priorityClassName")
    return matches_label_selector({"matchExpressions": [{**selector, "key": "class"}]}, {"class": name} if name else {})


def _crosses_namespaces(spec: Object, selector: Object) -> bool:
    """Return whether a term of the affinity to Pods looks into other namespaces."""
    return any(term.get("namespaces") or term.get("namespaceSelector") is not None for term in _affinity_terms(spec))


def _affinity_terms(spec: Object) -> Iterator[Object]:
    affinity = spec.get("affinity") or {}
    for kind in (affinity.get("podAffinity") or {}, affinity.get("podAntiAffinity") or {}):
        yield from kind.get("requiredDuringSchedulingIgnoredDuringExecution") or ()
        weighted = kind.get("preferredDuringSchedulingIgnoredDuringExecution") or ()
        yield from (each["podAffinityTerm"] for each in weighted)


_SCOPES: dict[str, Callable[[Object, Object], bool]] = {
    "Terminating": _is_terminating,
    "NotTerminating": lambda spec, selector: not _is_terminating(spec, selector),
    "BestEffort": _is_best_effort,
    "NotBestEffort": lambda spec, selector: not _is_best_effort(spec, selector),
    "PriorityClass": _has_priority_class,
    "CrossNamespacePodAffinity": _crosses_namespaces,
}
