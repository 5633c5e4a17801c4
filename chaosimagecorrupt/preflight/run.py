"""The preflight on a cluster: reads what the checks need, and changes nothing."""

import time
from collections.abc import Callable

from ..errors import ClusterError, Forbidden, Unreachable, one_line
from ..fault.decide import plan_injection
from ..kube.requests import list_request, patch_request, review_request
from ..kube.resources import AUTOSCALERS, BUDGETS, DEPLOYMENTS, QUOTAS, REVIEWS, Resource
from ..kube.types import Deployment, Object
from ..workload.target import Target
from ..workload.webhooks import read_admission
from .capacity import check_budgets, check_capacity, check_quotas
from .checks import check_access, check_admission, check_autoscalers, check_owners
from .deployment import check_container, check_deadline, check_record, check_rollout
from .difference import check_difference
from .model import Check, Level
from .rights import RIGHTS, Right

__all__ = ["inspect"]


def inspect(
    target: Target,
    *,
    container_name: str | None,
    image: str,
    ttl: float,
    progress_deadline: int | None = None,
) -> list[Check]:
    """Check whether the fault is safe and the experiment would have a result.

    Args:
        target: the Deployment.
        container_name: a container or init container; None for the first container.
        image: the corrupt image.
        ttl: seconds until the guard undoes the fault.
        progress_deadline: progressDeadlineSeconds during the fault; None leaves it.

    Returns:
        The lines of all checks. What cannot be read is a warning.

    Raises:
        NotFound: the Deployment does not exist.
        ClusterError: it cannot be read.
    """
    rights = _check_rights(target)
    try:
        deployment = target.get()
    except Forbidden as x:
        return [*rights, Check("target", Level.BLOCKER, one_line(x, 500))]
    own = _check_deployment(deployment, container_name, image, ttl, progress_deadline)
    checks = rights + own + _check_surroundings(target, deployment)
    if any(check.level is Level.BLOCKER for check in own):
        return [*checks, Check("dry run", Level.WARNING, "not tried, because of the blocker above")]
    plan = plan_injection(
        deployment,
        container_name=container_name,
        image=image,
        ttl=ttl,
        progress_deadline=progress_deadline,
        now=time.time(),
        injection_id="preflight",
        by="preflight",
    )
    assert plan.patch is not None  # only a plan that was stored already has none
    return checks + _dry_run(target, deployment, plan.patch)


def _check_deployment(
    deployment: Deployment, container_name: str | None, image: str, ttl: float, progress_deadline: int | None
) -> list[Check]:
    checks = check_container(deployment, container_name, image) + check_rollout(deployment)
    checks += check_deadline(deployment, ttl, progress_deadline)
    # without a container, its record cannot be checked
    if checks[0].level is not Level.BLOCKER:
        checks += check_record(deployment, container_name)
    return checks


def _check_surroundings(target: Target, deployment: Deployment) -> list[Check]:
    return [
        *check_capacity(deployment),
        *_or_warning("quota", lambda: check_quotas(deployment, _list(target, QUOTAS))),
        *_or_warning("webhooks", lambda: check_admission(deployment, *read_admission(target))),
        *_or_warning("disruption budget", lambda: check_budgets(deployment, _list(target, BUDGETS))),
        *_or_warning("autoscaler", lambda: check_autoscalers(deployment, _list(target, AUTOSCALERS))),
        *check_owners(deployment),
    ]


def _dry_run(target: Target, deployment: Deployment, patch: Object) -> list[Check]:
    request = patch_request(DEPLOYMENTS, target.namespace, target.name, patch, dry_run=True)
    try:
        return check_difference(deployment, target.cluster.send(request))
    except Unreachable:
        raise
    except ClusterError as x:
        return [Check("dry run", Level.BLOCKER, f"not accepted: {one_line(x)}")]


def _check_rights(target: Target) -> list[Check]:
    def allowed(right: Right) -> bool:
        place = {"namespace": target.namespace} if right.namespaced else {}
        attributes = {**place, "verb": right.verb, "group": right.group, "resource": right.resource}
        review = review_request(REVIEWS, {"spec": {"resourceAttributes": attributes}}, "check the rights")
        return bool(target.cluster.send(review)["status"]["allowed"])

    return _or_warning("rights", lambda: check_access({right: allowed(right) for right in RIGHTS}))


def _list(target: Target, resource: Resource) -> list[Object]:
    return list(target.cluster.send(list_request(resource, target.namespace))["items"])


def _or_warning(name: str, check: Callable[[], list[Check]]) -> list[Check]:
    """Return the lines of a check, or a warning when what it needs cannot be read."""
    try:
        return check()
    except Unreachable:
        raise  # otherwise each of the following checks would wait for the API server again
    except ClusterError as x:
        return [Check(name, Level.WARNING, f"cannot be read: {one_line(x)}")]
