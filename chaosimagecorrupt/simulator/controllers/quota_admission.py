"""Admission plugin ResourceQuota (k8s.io/apiserver/pkg/admission/plugin/resourcequota: CheckRequest)."""

from collections.abc import Iterable, Iterator

from ..quantities import ZERO, parse_quantity
from ..store import Store
from ..types import Object
from .errors import StatusError
from .pod_resources import Amounts, missing_resources
from .quota_usage import counted_resources, usage_of, written

__all__ = ["charge_quotas", "check_quotas"]

# Resources that no quota counts
_IGNORED = ("events",)

# Who writes what a new object uses
MANAGER = "kube-apiserver"


def check_quotas(store: Store, resource: str, obj: Object, now: float) -> dict[str, Amounts]:
    """Return what a new object uses of each quota of its namespace, by the quota's name.

    Args:
        store: the objects; `status.hard` and `status.used` of the quotas are what counts.
        resource: the object's resource, such as `pods`.
        obj: the object, with its name.
        now: seconds since 1970.

    Raises:
        StatusError: it is forbidden: a quota has no room, is not computed yet, or demands requests or limits.
    """
    namespace = obj["metadata"].get("namespace")
    if not namespace or resource.partition(".")[0] in _IGNORED:
        return {}
    usage = usage_of(resource, obj, now)
    counting = dict(_counting(store, namespace, resource, obj))
    used = {name: _positive(usage, counted) for name, counted in counting.items()}
    for name, requested in used.items():
        if why := _no_room(store.get("resourcequotas", namespace, name) or {}, name, requested):
            raise _forbidden(resource, obj, why)
    return used


def charge_quotas(store: Store, namespace: str, used: dict[str, Amounts]) -> None:
    """Add to the status of quotas what a new object uses.

    Args:
        store: the objects.
        namespace: the namespace of the quotas.
        used: what is used, by the quota's name.
    """
    for name, amounts in used.items():
        quota = store.get("resourcequotas", namespace, name)
        if quota is None or not amounts:
            continue
        before = _status(quota, "used")
        after = written({each: before.get(each, ZERO).plus(value) for each, value in amounts.items()})
        status = {**quota["status"], "used": {**quota["status"]["used"], **after}}
        store.update("resourcequotas", {**quota, "status": status}, manager=MANAGER, subresource="status")


def _counting(store: Store, namespace: str, resource: str, obj: Object) -> Iterator[tuple[str, list[str]]]:
    """Yield the quotas that count an object, each with the resources that it counts it for."""
    for quota in store.list("resourcequotas", namespace):
        counted = counted_resources(quota, resource, obj, _status(quota, "hard"))
        name = quota["metadata"]["name"]
        if counted and (why := _refusal(quota, name, resource, obj, counted)):
            raise _forbidden(resource, obj, why)
        if counted:
            yield name, counted


def _positive(usage: Amounts, names: Iterable[str]) -> Amounts:
    return {name: usage[name] for name in names if name in usage and usage[name].amount}


def _status(quota: Object, member: str) -> Amounts:
    found = (quota.get("status") or {}).get(member) or {}
    return {name: parse_quantity(value) for name, value in found.items()}


def _refusal(quota: Object, name: str, resource: str, obj: Object, counted: Iterable[str]) -> str:
    missing = missing_resources(obj["spec"], counted) if resource == "pods" else ""
    if missing:
        return f"failed quota: {name}: {missing}"
    if not set(counted) <= set(_status(quota, "used")):
        return f"status unknown for quota: {name}, resources: {','.join(sorted(counted))}"
    return ""


def _no_room(quota: Object, name: str, requested: Amounts) -> str:
    hard, used = _status(quota, "hard"), _status(quota, "used")
    exceeded = sorted(each for each, value in requested.items() if used[each].amount + value.amount > hard[each].amount)
    if not exceeded:
        return ""
    texts = (",".join(f"{each}={amounts[each]}" for each in exceeded) for amounts in (requested, used, hard))
    return "exceeded quota: {}, requested: {}, used: {}, limited: {}".format(name, *texts)


def _forbidden(resource: str, obj: Object, why: str) -> StatusError:
    name = obj["metadata"].get("name") or obj["metadata"].get("generateName", "")
    return StatusError("Forbidden", f'{resource} "{name}" is forbidden: {why}')
