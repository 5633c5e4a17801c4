"""Admission plugin LimitRanger (kubernetes/plugin/pkg/admission/limitranger)."""

from collections.abc import Callable, Iterable, Iterator

from ..quantities import ZERO, Quantity, parse_quantity
from ..types import Object
from .errors import StatusError
from .pod_resources import Amounts, amounts, containers_of, pod_amounts

__all__ = ["check_limit_ranges", "with_default_limits"]

ANNOTATION = "kubernetes.io/limit-ranger"

# From the type, the resource, the bound, the request and the limit to what is wrong, empty when nothing is
Rule = Callable[[str, str, Quantity, Quantity | None, Quantity | None], str]


def with_default_limits(pod: Object, ranges: Iterable[Object]) -> Object:
    """Return a Pod with the requests and limits that the LimitRanges have for containers without.

    Args:
        pod: the Pod; not changed.
        ranges: the LimitRanges of its namespace.
    """
    for limit_range in ranges:
        defaults = {"requests": _defaults(limit_range, "defaultRequest"), "limits": _defaults(limit_range, "default")}
        spec, texts = pod["spec"], list[str]()
        for container in containers_of(spec):
            texts += [_described(container, of, defaults[of]) for of in ("requests", "limits")]
        if not any(texts):
            continue
        filled = {
            field: [_with_defaults(container, defaults) for container in spec[field]]
            for field in ("containers", "initContainers")
            if spec.get(field)
        }
        said = f"LimitRanger plugin set: {'; '.join(filter(None, texts))}"
        annotations = {**(pod["metadata"].get("annotations") or {}), ANNOTATION: said}
        pod = {**pod, "metadata": {**pod["metadata"], "annotations": annotations}, "spec": {**spec, **filled}}
    return pod


def check_limit_ranges(pod: Object, ranges: Iterable[Object]) -> None:
    """Refuse a Pod that is outside of what the LimitRanges allow.

    Args:
        pod: the Pod, with the defaults.
        ranges: the LimitRanges of its namespace.

    Raises:
        StatusError: it is forbidden.
    """
    for limit_range in ranges:
        broken = list(dict.fromkeys(_broken(pod["spec"], limit_range)))
        if broken:
            why = broken[0] if len(broken) == 1 else f"[{', '.join(broken)}]"
            raise StatusError("Forbidden", f'pods "{pod["metadata"]["name"]}" is forbidden: {why}')


def _items(limit_range: Object) -> list[Object]:
    return list((limit_range.get("spec") or {}).get("limits") or ())


def _defaults(limit_range: Object, member: str) -> Object:
    found = [item.get(member) or {} for item in _items(limit_range) if item.get("type") == "Container"]
    return {name: value for each in found for name, value in each.items()}


def _described(container: Object, of: str, defaults: Object) -> str:
    """Return what is set in a container, as the plugin's annotation says it."""
    given = (container.get("resources") or {}).get(of) or {}
    names = ", ".join(sorted(set(defaults) - set(given)))
    return f"{names} {of.removesuffix('s')} for container {container['name']}" if names else ""


def _with_defaults(container: Object, defaults: dict[str, Object]) -> Object:
    resources = container.get("resources") or {}
    filled = {of: {**values, **(resources.get(of) or {})} for of, values in defaults.items()}
    return {**container, "resources": {**resources, **{of: values for of, values in filled.items() if values}}}


def _broken(spec: Object, limit_range: Object) -> Iterator[str]:
    whole = (pod_amounts(spec, "requests", overhead=False), pod_amounts(spec, "limits", overhead=False))
    resources = [container.get("resources") for container in containers_of(spec)]
    each = [(amounts(given, "requests"), amounts(given, "limits")) for given in resources]
    measured: dict[str, list[tuple[Amounts, Amounts]]] = {"Pod": [whole], "Container": each}
    for item in _items(limit_range):
        for requests, limits in measured.get(item["type"], []):
            for member, rule in _RULES.items():
                for name, bound in (item.get(member) or {}).items():
                    text = rule(item["type"], name, parse_quantity(bound), requests.get(name), limits.get(name))
                    if text:
                        yield text


def _minimum(kind: str, name: str, bound: Quantity, request: Quantity | None, limit: Quantity | None) -> str:
    text = f"minimum {name} usage per {kind} is {bound}"
    if request is None:
        return f"{text}.  No request is specified"
    if request.amount < bound.amount:
        return f"{text}, but request is {request}"
    return f"{text}, but limit is {limit}" if limit is not None and limit.amount < bound.amount else ""


def _maximum(kind: str, name: str, bound: Quantity, request: Quantity | None, limit: Quantity | None) -> str:
    text = f"maximum {name} usage per {kind} is {bound}"
    if limit is None:
        return f"{text}.  No limit is specified"
    if limit.amount > bound.amount:
        return f"{text}, but limit is {limit}"
    return f"{text}, but request is {request}" if request is not None and request.amount > bound.amount else ""


def _ratio(kind: str, name: str, bound: Quantity, request: Quantity | None, limit: Quantity | None) -> str:
    text = f"{name} max limit to request ratio per {kind} is {bound}"
    given = {"request": (request or ZERO).amount, "limit": (limit or ZERO).amount}
    for of, amount in given.items():
        if not amount:
            return f"{text}, but no {of} is specified or {of} is 0"
    ratio = given["limit"] / given["request"]
    return f"{text}, but provided ratio is {ratio:.6f}" if ratio > bound.amount else ""


_RULES: dict[str, Rule] = {"min": _minimum, "max": _maximum, "maxLimitRequestRatio": _ratio}
