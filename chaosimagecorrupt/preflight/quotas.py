"""The preflight of ResourceQuotas: whether they leave room for the new pods. Pure.

As the admission plugin ResourceQuota does it: kubernetes/pkg/quota/v1/evaluator/core, and
k8s.io/apiserver/pkg/admission/plugin/resourcequota: CheckRequest. `status.hard` and `status.used` are what counts.
"""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from ..errors import one_line
from ..kube.quantities import parse_quantity, quantity_text
from ..kube.types import Deployment, Json
from ..workload.kind import WorkloadKind
from ..workload.kinds import kind_of
from .capacity import capacity_left
from .model import NOTHING_PROVEN, Check, Level
from .pod_resources import AdmittedPod, Field, admitted, is_extended, is_huge_pages
from .quota_scopes import covers, scopes_of

__all__ = ["check_quotas"]

_COMPUTE = ("cpu", "memory", "requests.cpu", "requests.memory", "limits.cpu", "limits.memory")
_STORAGE = ("ephemeral-storage", "requests.ephemeral-storage", "limits.ephemeral-storage")
_OF_PODS = ("pods", "count/pods", *_COMPUTE, *_STORAGE)


class _Shortage(NamedTuple):
    """What a quota refuses: as text, and whether the pods that the rollout stops first make room."""

    text: str
    passes: bool


def check_quotas(deployment: Deployment, quotas: Iterable[Json], pod: AdmittedPod | None = None) -> list[Check]:
    """Check whether a ResourceQuota prevents the new ReplicaSet or the new pods that prove the fault.

    Args:
        deployment: the Deployment.
        quotas: the ResourceQuotas of its namespace.
        pod: a new pod; None: without LimitRanges and RuntimeClass.
    """
    pod = pod or admitted(deployment)
    # a rollout that stops old pods first frees their part of the quota
    kind = kind_of(deployment)
    stopped = kind.counts(deployment).desired - capacity_left(deployment).serving
    checks = []
    for shortage in (s for quota in quotas for s in _shortages(quota, pod, stopped, kind)):
        if shortage.passes:
            checks.append(Check("quota", Level.WARNING, shortage.text))
        else:
            checks.append(Check("quota", Level.BLOCKER, f"{shortage.text}: {NOTHING_PROVEN}"))
    return checks or [Check("quota", Level.OK, "leaves room for the new pods")]


def _shortages(quota: Json, pod: AdmittedPod, stopped: int, kind: WorkloadKind) -> Iterator[_Shortage]:
    name, status = one_line(quota["metadata"]["name"], 80), quota.get("status") or {}
    hard, used = status.get("hard") or {}, status.get("used") or {}
    if not scopes_of(quota):
        yield from _no_revision(name, hard, used, kind)
    if covers(quota, pod):
        yield from _refused_pods(name, {r: value for r, value in hard.items() if _is_of_pods(r)}, used, pod, stopped)


def _refused_pods(
    name: str, hard: Mapping[str, Any], used: Mapping[str, Any], pod: AdmittedPod, stopped: int
) -> Iterator[_Shortage]:
    yield from (_Shortage(text, passes=False) for text in _missing(name, hard, pod))
    if uncounted := [resource for resource in hard if resource not in used]:
        names = one_line(", ".join(uncounted), 120)
        yield _Shortage(f"{name} has no usage of {names} in its status yet: no pod can be created before", passes=True)
    for resource in (r for r in pod.usage if r in hard and r in used):
        yield from _no_room(name, resource, pod.usage[resource], hard[resource], used[resource], stopped)


def _no_revision(
    name: str, hard: Mapping[str, Any], used: Mapping[str, Any], kind: WorkloadKind
) -> Iterator[_Shortage]:
    counted = f"count/{kind.revisions.full_name}"
    if counted in hard and parse_quantity(used.get(counted, 0)) + 1 > parse_quantity(hard[counted]):
        text = f"{name} has {used.get(counted, 0)} of {hard[counted]} {counted} used"
        what = f"the fault's {kind.revision_name} cannot be created"
        yield _Shortage(f"{one_line(text, 200)}, so {what}", passes=False)


def _missing(name: str, tracked: Iterable[str], pod: AdmittedPod) -> Iterator[str]:
    """Yield what containers must request or limit because a quota counts it; only CPU and memory are such."""
    if pod.sized_as_a_whole:
        return
    for resource in (r for r in tracked if r in _COMPUTE):
        prefix, _, plain = resource.rpartition(".")
        of: Field = "limits" if prefix == "limits" else "requests"
        without = [c.name for c in pod.containers if plain not in c.amounts(of)]
        if without:
            kind = of.removesuffix("s")
            names = one_line(", ".join(without), 200)
            yield f"{name} counts {resource}, so it refuses pods without a {kind} of {plain} in {names}"


def _no_room(name: str, resource: str, need: Decimal, hard: object, used: object, stopped: int) -> Iterator[_Shortage]:
    missing = parse_quantity(used) + need - parse_quantity(hard)
    # who needs nothing is let through even when more is used than the quota allows
    if missing <= 0 or not need:
        return
    needed = "" if resource in ("pods", "count/pods") else f" and a new pod needs {quantity_text(need)}"
    text = f"{name} has {used} of {hard} {resource} used{needed}, so no further pod can be created"
    passes = missing <= stopped * need
    yield _Shortage(one_line(text, 300) + (" until an old pod is stopped" if passes else ""), passes)


def _is_of_pods(resource: str) -> bool:
    """Return whether a quota's resource counts pods or what they use."""
    plain = resource.removeprefix("requests.")
    return resource in _OF_PODS or is_huge_pages(plain) or (plain != resource and is_extended(plain))
