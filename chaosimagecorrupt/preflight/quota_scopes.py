"""Which pods a ResourceQuota counts: its scopes and its scopeSelector. Pure.

As kubernetes/pkg/quota/v1/evaluator/core: podMatchesScopeFunc.
"""

from collections.abc import Callable, Iterator

from ..kube.labels import selects
from ..kube.types import Json
from .pod_resources import AdmittedPod

__all__ = ["asks_for_a_priority_class", "covers", "scopes_of"]


def scopes_of(quota: Json) -> list[tuple[str, Json]]:
    """Return the scopes of a quota, each with what is selected: operator and values."""
    spec = quota.get("spec") or {}
    scopes: list[tuple[str, Json]] = [(scope, {"operator": "Exists"}) for scope in spec.get("scopes") or []]
    expressions = (spec.get("scopeSelector") or {}).get("matchExpressions") or []
    return scopes + [(expression["scopeName"], expression) for expression in expressions]


def covers(quota: Json, pod: AdmittedPod) -> bool:
    """Return whether a quota counts a pod: it must be in all of the quota's scopes."""
    return all(scope in _SCOPES and _SCOPES[scope](pod, selector) for scope, selector in scopes_of(quota))


def asks_for_a_priority_class(quota: Json) -> bool:
    """Return whether a quota counts only pods of some PriorityClasses."""
    return any(scope == "PriorityClass" for scope, _ in scopes_of(quota))


def _of_priority_class(pod: AdmittedPod, selector: Json) -> bool:
    labels = {"class": pod.priority_class} if pod.priority_class else {}
    return selects({"matchExpressions": [{**selector, "key": "class"}]}, labels)


def _is_terminating(pod: AdmittedPod) -> bool:
    return pod.spec.get("activeDeadlineSeconds") is not None


def _crosses_namespaces(pod: AdmittedPod) -> bool:
    """Return whether a term of the pod's affinity or anti-affinity to pods looks into other namespaces."""
    terms = _affinity_terms(pod.spec.get("affinity") or {})
    return any(term.get("namespaces") or term.get("namespaceSelector") is not None for term in terms)


def _affinity_terms(affinity: Json) -> Iterator[Json]:
    for kind in (affinity.get("podAffinity") or {}, affinity.get("podAntiAffinity") or {}):
        yield from kind.get("requiredDuringSchedulingIgnoredDuringExecution") or []
        preferred = kind.get("preferredDuringSchedulingIgnoredDuringExecution") or []
        yield from (weighted["podAffinityTerm"] for weighted in preferred)


# only of PriorityClass the operator counts; the others allow no other than Exists
_SCOPES: dict[str, Callable[[AdmittedPod, Json], bool]] = {
    "Terminating": lambda pod, _: _is_terminating(pod),
    "NotTerminating": lambda pod, _: not _is_terminating(pod),
    "BestEffort": lambda pod, _: pod.best_effort,
    "NotBestEffort": lambda pod, _: not pod.best_effort,
    "PriorityClass": _of_priority_class,
    "CrossNamespacePodAffinity": lambda pod, _: _crosses_namespaces(pod),
}
