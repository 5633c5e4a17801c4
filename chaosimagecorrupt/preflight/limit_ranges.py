"""The preflight of LimitRanges: whether they refuse the new pods. Pure.

As the admission plugin LimitRanger does it: kubernetes/plugin/pkg/admission/limitranger: PodValidateLimitFunc.
"""

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal

from ..errors import one_line
from ..kube.quantities import parse_quantity, quantity_text
from ..kube.types import Json
from .model import NOTHING_PROVEN, Check, Level
from .pod_resources import AdmittedPod, Amounts

__all__ = ["check_limit_ranges"]

# from request, limit and the bound to what is wrong, None when nothing is
Rule = Callable[[Decimal | None, Decimal | None, Decimal], str | None]


def check_limit_ranges(pod: AdmittedPod, limit_ranges: Iterable[Json]) -> list[Check]:
    """Check whether a LimitRange refuses the new pods.

    Args:
        pod: a new pod, with the defaults of the LimitRanges.
        limit_ranges: the LimitRanges of the namespace.
    """
    ranges = list(limit_ranges)
    refusals = [*_refusals(pod, ranges), *_contradictions(pod, ranges)]
    checks = [Check("limit range", Level.BLOCKER, f"{refusal}: {NOTHING_PROVEN}") for refusal in refusals]
    return checks or [Check("limit range", Level.OK, "accept the new pods" if ranges else "there is none")]


def _refusals(pod: AdmittedPod, limit_ranges: Iterable[Json]) -> Iterator[str]:
    whole: tuple[str, Amounts, Amounts] = ("the pod", pod.own_requests, pod.own_limits)
    each = [(f"container {one_line(c.name, 63)}", c.requests, c.limits) for c in pod.containers]
    for limit_range in limit_ranges:
        name = one_line(limit_range["metadata"]["name"], 80)
        for item in limit_range["spec"].get("limits") or []:
            measured = {"Pod": [whole], "Container": each}.get(str(item.get("type")), [])
            for subject, requests, limits in measured:
                for text in _broken(item, requests, limits):
                    yield f"{name} refuses {subject}: {text}"


def _broken(item: Json, requests: Amounts, limits: Amounts) -> Iterator[str]:
    for key, rule in _RULES.items():
        for resource, bound in (item.get(key) or {}).items():
            text = rule(requests.get(resource), limits.get(resource), parse_quantity(bound))
            if text is not None:
                yield f"{one_line(resource, 60)} {text} ({key} {one_line(bound, 40)})"


def _minimum(request: Decimal | None, limit: Decimal | None, bound: Decimal) -> str | None:
    if request is None:
        return "is not requested"
    if request < bound:
        return f"request {quantity_text(request)} is too small"
    return f"limit {quantity_text(limit)} is too small" if limit is not None and limit < bound else None


def _maximum(request: Decimal | None, limit: Decimal | None, bound: Decimal) -> str | None:
    if limit is None:
        return "is not limited"
    if limit > bound:
        return f"limit {quantity_text(limit)} is too large"
    return f"request {quantity_text(request)} is too large" if request is not None and request > bound else None


def _ratio(request: Decimal | None, limit: Decimal | None, bound: Decimal) -> str | None:
    if not request or not limit:
        return "has no request or no limit above 0"
    if limit / request > bound:
        return f"limit {quantity_text(limit)} is too large for the request {quantity_text(request)}"
    return None


_RULES: dict[str, Rule] = {"min": _minimum, "max": _maximum, "maxLimitRequestRatio": _ratio}


def _contradictions(pod: AdmittedPod, limit_ranges: list[Json]) -> Iterator[str]:
    """Yield the requests above their limit, which only a LimitRange's default can be: no such pod is valid."""
    if not limit_ranges:
        return
    for container in pod.containers:
        for resource in container.requests.keys() & container.limits.keys():
            request, limit = container.requests[resource], container.limits[resource]
            if request > limit:
                where = f"container {one_line(container.name, 63)}: {one_line(resource, 60)}"
                yield f"{where} request {quantity_text(request)} is above the default limit {quantity_text(limit)}"
