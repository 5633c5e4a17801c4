"""The preflight on a cluster: reads what the checks need, and changes nothing."""

import time
from collections.abc import Callable
from typing import Any

from ..errors import ClusterError, Forbidden, Unreachable, one_line
from ..fault.decide import plan_injection
from ..kube.requests import create_request, list_request, patch_request
from ..kube.resources import AUTOSCALERS, BUDGETS, DEPLOYMENTS, QUOTAS, REVIEWS, Resource
from ..workload.target import Target
from ..workload.webhooks import read_admission
from .checks import (
    BLOCKER,
    WARNING,
    Check,
    check_access,
    check_admission,
    check_autoscalers,
    check_budgets,
    check_capacity,
    check_difference,
    check_owners,
    check_quotas,
)
from .deployment import check_container, check_deadline, check_record, check_rollout
from .rights import RIGHTS, Right

__all__ = ["inspect"]

Object = dict[str, Any]


def inspect(
    target: Target,
    *,
    container_name: str | None,
    image: str,
    ttl: float,
    progress_deadline: int | None = None,
) -> list[Check]:
    """Check everything that decides whether the fault is safe and can say something.

    Args:
        target: the Deployment.
        container_name: a container or init container; None for the first container.
        image: the corrupt image.
        ttl: seconds until the fault is undone without being asked.
        progress_deadline: progressDeadlineSeconds for the time of the fault; None leaves it.

    Returns:
        The lines of all checks. What could not be read is a warning that says so.

    Raises:
        NotFound: the Deployment is not there.
        ClusterError: it cannot be read.
    """
    lines = _rights(target)
    try:
        deployment = target.get()
    except Forbidden as x:
        return [*lines, Check("target", BLOCKER, one_line(x, 500))]
    own = check_container(deployment, container_name, image) + check_rollout(deployment)
    own += check_deadline(deployment, ttl, progress_deadline)
    if own[0].level != BLOCKER:
        own += check_record(deployment, container_name)
    lines += own + check_capacity(deployment)
    lines += _read("quota", lambda: check_quotas(deployment, _listed(target, QUOTAS)))
    lines += _read("webhooks", lambda: check_admission(deployment, *read_admission(target)))
    lines += _read("disruption budget", lambda: check_budgets(deployment, _listed(target, BUDGETS)))
    lines += _read("autoscaler", lambda: check_autoscalers(deployment, _listed(target, AUTOSCALERS)))
    lines += check_owners(deployment)
    if any(line.level == BLOCKER for line in own):
        return [*lines, Check("dry run", WARNING, "not tried, because of the blocker above")]
    injection = plan_injection(
        deployment,
        container_name=container_name,
        image=image,
        ttl=ttl,
        progress_deadline=progress_deadline,
        now=time.time(),
        injection_id="preflight",
        by="preflight",
    )
    assert injection.patch is not None  # only a plan that was stored already has none
    request = patch_request(DEPLOYMENTS, target.namespace, target.name, injection.patch, dry_run=True)
    return lines + _read("dry run", lambda: check_difference(deployment, target.cluster.send(request)), BLOCKER)


def _rights(target: Target) -> list[Check]:
    def allowed(right: Right) -> bool:
        place = {"namespace": target.namespace} if right.namespaced else {}
        attributes = {**place, "verb": right.verb, "group": right.group, "resource": right.resource}
        review = create_request(REVIEWS, {"spec": {"resourceAttributes": attributes}}, "ask what is allowed")
        return bool(target.cluster.send(review)["status"]["allowed"])

    return _read("rights", lambda: check_access({right: allowed(right) for right in RIGHTS}))


def _listed(target: Target, resource: Resource) -> list[Object]:
    return list(target.cluster.send(list_request(resource, target.namespace))["items"])


def _read(name: str, check: Callable[[], list[Check]], level: str = WARNING) -> list[Check]:
    try:
        return check()
    except Unreachable:
        raise  # the lines that follow would each wait for it again
    except ClusterError as x:
        return [
            Check(name, level, f"not accepted: {one_line(x)}" if level == BLOCKER else f"cannot be read: {one_line(x)}")
        ]
