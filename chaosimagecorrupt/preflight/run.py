"""The preflight on a cluster: reads what the checks need, and changes nothing."""

from collections.abc import Sequence
from dataclasses import replace

from ..errors import ClusterError, Forbidden, Unreachable, one_line
from ..fault.consent import Consent
from ..fault.decide import Origin, plan_injection
from ..fault.namespaces import consent_of, with_namespace
from ..fault.spec import FaultSpec
from ..kube.requests import list_request, patch_request, review_request
from ..kube.resources import BUDGETS, REVIEWS
from ..kube.types import Deployment, Object
from ..record.snapshot import Snapshot
from ..workload.admission import read_admission
from ..workload.autoscaler_lists import list_autoscalers, list_scaled_objects
from ..workload.behind_name import get_deployment
from ..workload.deployment import DEPLOYMENT
from ..workload.target import Target
from .capacity import check_budgets, check_capacity
from .checks import check_access, check_admission, check_autoscalers, check_other_kinds, check_owners
from .deployment import PREFLIGHT, check_consent_of, check_container, check_deadline, check_record, check_rollout
from .difference import check_difference
from .model import Check, Level
from .optional_rights import LISTING, rights_for
from .pull import check_original
from .reading import or_warning, read
from .rights import Right
from .room import check_room

__all__ = ["inspect"]


def inspect(
    target: Target,
    *,
    container_name: str | None,
    image: str,
    ttl: float,
    progress_deadline: int | None = None,
    allow_protected: bool = False,
    more_rights: Sequence[Right] = (),
    pull_check: bool = False,
    cause: str = "",
    repository: str = "",
    allow_slow: bool = False,
    allow_on_delete: bool = False,
) -> list[Check]:
    """Check whether the fault is safe and the experiment would have a result.

    Args:
        target: the Deployment.
        container_name: a container or init container; None for the first container.
        image: the corrupt image.
        ttl: seconds until the guard undoes the fault.
        progress_deadline: progressDeadlineSeconds during the fault; None leaves it.
        allow_protected: whether a namespace that is protected by its name is allowed.
        more_rights: those that are needed beside the ones of the workload's kind.
        pull_check: whether a pod is created, and deleted, that shows whether the original image can be pulled.
        cause: see `FaultSpec`, like those below.
        repository: for the cause unauthorized.
        allow_slow: whether a registry is allowed that may never answer.
        allow_on_delete: whether the update strategy OnDelete is allowed.

    Returns:
        The lines of all checks. What cannot be read is a warning.

    Raises:
        NotFound: the Deployment does not exist.
        Refused: the name is that of another workload, or an environment variable on consent is invalid.
        ClusterError: it cannot be read.
    """
    access = _check_rights(target, (*rights_for(target.kind), *more_rights))
    try:
        snapshot = Snapshot(get_deployment(target))
    except Forbidden as x:
        return [*access, Check("target", Level.BLOCKER, one_line(x, 500))]
    consent = _read_consent(target, allow_protected)
    spec = FaultSpec(
        container_name,
        image,
        ttl,
        progress_deadline,
        cause=cause,
        repository=repository,
        allow_slow=allow_slow,
        allow_on_delete=allow_on_delete,
    )
    own = _check_deployment(snapshot, consent, spec)
    checks = access + own + _check_surroundings(target, snapshot.deployment, container_name)
    if any(check.level is Level.BLOCKER for check in own):
        tried = ["pull check", "dry run"] if pull_check else ["dry run"]
        return checks + [Check(name, Level.WARNING, "not tried, because of the blocker above") for name in tried]
    if pull_check:
        checks += check_original(target, snapshot.deployment, container_name)
    origin = Origin(injection_id=PREFLIGHT, now=target.cluster.timing.now(), by="preflight")
    plan = plan_injection(snapshot, spec, origin, consent)
    assert plan.patch is not None  # only a plan that was stored already has none
    return checks + _dry_run(target, snapshot.deployment, plan.patch)


def _read_consent(target: Target, allow_protected: bool) -> Consent:
    consent = consent_of(allow_protected)
    found, unknown = read("consent", lambda: with_namespace(consent, target.cluster, target.namespace))
    return replace(consent, unreadable=unknown[0].text) if found is None else found


def _check_deployment(snapshot: Snapshot, consent: Consent, spec: FaultSpec) -> list[Check]:
    deployment = snapshot.deployment
    checks = check_container(snapshot, spec)
    checks += check_consent_of(deployment, consent) + check_rollout(deployment, allow_on_delete=spec.allow_on_delete)
    checks += check_deadline(deployment, spec.ttl, spec.progress_deadline)
    # without a container, its record cannot be checked
    if checks[0].level is not Level.BLOCKER:
        checks += check_record(snapshot, spec.container_name)
    return checks


def _check_surroundings(target: Target, deployment: Deployment, container_name: str | None) -> list[Check]:
    return [
        *check_capacity(deployment),
        *check_room(target, deployment),
        *or_warning("webhooks", lambda: check_admission(deployment, *read_admission(target))),
        *or_warning("disruption budget", lambda: check_budgets(deployment, _list_budgets(target))),
        *_check_autoscalers(target, deployment),
        *check_owners(deployment, container_name),
    ]


def _list_budgets(target: Target) -> list[Object]:
    return list(target.cluster.send(list_request(BUDGETS, target.namespace))["items"])


def _check_autoscalers(target: Target, deployment: Deployment) -> list[Check]:
    autoscalers, unknown = read("autoscaler", lambda: list_autoscalers(target))
    scaled_objects, more_unknown = read("autoscaler", lambda: list_scaled_objects(target))
    unknown += more_unknown
    found = check_autoscalers(deployment, autoscalers or [], scaled_objects or [])
    # that none is found says nothing while some could not be read
    return unknown + [check for check in found if not unknown or check.level is not Level.OK]


def _dry_run(target: Target, deployment: Deployment, patch: Object) -> list[Check]:
    request = patch_request(target.kind.resource, target.namespace, target.name, patch, dry_run=True)
    try:
        return check_difference(deployment, target.cluster.send(request))
    except Unreachable:
        raise
    except ClusterError as x:
        return [Check("dry run", Level.BLOCKER, f"not accepted: {one_line(x)}")]


def _check_rights(target: Target, rights: Sequence[Right]) -> list[Check]:
    def allowed(right: Right) -> bool:
        place = {"namespace": target.namespace} if right.namespaced else {}
        attributes = {**place, "verb": right.verb, "group": right.group, "resource": right.resource}
        review = review_request(REVIEWS, {"spec": {"resourceAttributes": attributes}}, "check the rights")
        return bool(target.cluster.send(review)["status"]["allowed"])

    def check() -> list[Check]:
        others = {right: allowed(right) for right in LISTING if right not in rights and target.kind is DEPLOYMENT}
        return [*check_access({right: allowed(right) for right in rights}), *check_other_kinds(others)]

    return or_warning("rights", check)
