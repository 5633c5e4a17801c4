"""The objects around the Deployment: its operator, its owners, the webhooks that its pods serve."""

from collections.abc import Callable, Mapping
from contextlib import closing
from typing import Any, Dict, List, TypeVar

from chaoslib.types import Configuration, Secrets

from ..duration import from_rfc3339
from ..errors import Forbidden, Refused, one_line
from ..kube.requests import list_request
from ..kube.resources import Resource
from ..kube.waiting import WatchSet, poll
from ..record.annotations import read_record
from ..record.entry import IMAGE_OWNERS
from ..workload.accepted import accepted_conditions
from ..workload.admission import served_webhooks
from ..workload.autoscaler_lists import read_autoscalers
from ..workload.collateral import DeploymentCollateral, collateral_of
from ..workload.conditions import Conditions, connected, find_resource, matches
from ..workload.target import Target
from ..workload.webhooks import ServedWebhook
from ._fault import over_for_all
from ._wait import Limited, answer_in_time, timeout_of

__all__ = ["collateral", "resource_condition", "resource_exists"]


_T = TypeVar("_T")


class CollateralResult(DeploymentCollateral):
    """What `collateral` returns; `webhooks` and `autoscalers` are None when the role does not allow to read them."""

    webhooks: list[ServedWebhook] | None
    autoscalers: list[str] | None
    not_observed: list[str]


def resource_condition(
    api_version: str,
    kind: str,
    name: str,
    condition_type: str = None,
    status: str = "True",
    reason: str = None,
    ns: str = None,
    timeout: float = 0,
    conditions: List[Dict[str, str]] = None,
    configuration: Configuration = None,
    secrets: Secrets = None,
) -> bool:
    """Tell whether any resource has a condition, or one of several: does the operator report the degradation?

    Between this run's corruption and its restore, a wait ends at once when the fault has no effect any longer, so that
    nothing is left to report: others put the image back or set a third one, or the Deployment is gone or scaled to 0.

    Args:
        api_version: such as operator.knative.dev/v1beta1.
        kind: such as KnativeServing.
        name: of the object.
        condition_type: such as Ready; none when `conditions` are named.
        status: True, False or Unknown, as text.
        reason: of the condition; any when none is named.
        ns: its namespace, for kinds that have one.
        timeout: seconds, or Go's duration, to wait for it; 0 answers from the current state.
        conditions: several conditions instead of one, each `{type, status, reason}`; any of them counts.
        configuration: its KUBERNETES_CONTEXT names the kubeconfig's context, unless `secrets` do.
        secrets: how to reach the cluster; the keys of chaostoolkit-kubernetes.

    Returns:
        Whether it has. A status that is older than the spec, by observedGeneration, is waited for.

    Raises:
        Refused: the cluster does not know the kind, a namespace is missing, or no condition is named.
        ImageCorruptError: the object is not there.
    """
    ns = ns or None  # an experiment's empty variable
    accepted = accepted_conditions(condition_type, status, reason, conditions)
    cluster = connected(name, ns, secrets, configuration)
    seconds = timeout_of(timeout)
    resource = find_resource(cluster, api_version, kind)
    watch_set, types = WatchSet(cluster), list(dict.fromkeys(each.type for each in accepted))
    subject = Conditions(watch_set, resource, _namespace_of(resource, kind, ns), name, types)
    called = f"{one_line(kind, 80)} {one_line(name, 80)}"

    def reported(found: Mapping[str, Any]) -> bool:
        return any(matches(found, each) for each in accepted)

    if not seconds:
        with closing(poll(watch_set, subject, called, 0)) as looks:
            return any(map(reported, looks))
    limited = Limited(subject, over_for_all(watch_set))
    what = one_line(" or ".join(map(str, accepted)))
    return answer_in_time(watch_set, limited, called, seconds, reported, what).reached


def resource_exists(
    api_version: str,
    kind: str,
    name: str,
    ns: str = None,
    configuration: Configuration = None,
    secrets: Secrets = None,
) -> bool:
    """Tell whether a resource of any kind exists.

    Args:
        api_version: such as v1 or operator.knative.dev/v1beta1.
        kind: such as Service.
        name: of the object.
        ns: its namespace, for kinds that have one.
        configuration: its KUBERNETES_CONTEXT names the kubeconfig's context, unless `secrets` do.
        secrets: how to reach the cluster; the keys of chaostoolkit-kubernetes.

    Returns:
        Whether it does.

    Raises:
        Refused: the cluster does not know the kind, or a namespace is missing.
        ClusterError: the API server could not be reached, or refused.
    """
    ns = ns or None  # an experiment's empty variable
    cluster = connected(name, ns, secrets, configuration)
    resource = find_resource(cluster, api_version, kind)
    # listed as resource_condition does it, so that the same right suffices
    query = {"fieldSelector": f"metadata.name={name}"}
    return bool(cluster.send(list_request(resource, _namespace_of(resource, kind, ns), query))["items"])


def collateral(
    name: str,
    ns: str = "default",
    kind: str = "Deployment",
    configuration: Configuration = None,
    secrets: Secrets = None,
) -> Dict[str, Any]:
    """Report what the fault affects besides the Deployment itself.

    Args:
        name: of the Deployment.
        ns: its namespace.
        kind: Deployment, StatefulSet or DaemonSet.
        configuration: its KUBERNETES_CONTEXT names the kubeconfig's context, unless `secrets` do.
        secrets: how to reach the cluster; the keys of chaostoolkit-kubernetes.

    Returns:
        `{strategy, max_surge, max_unavailable, replicas, ready_replicas, owners, progress_deadline, ttl_left,
        deadline_inside_ttl, webhooks, autoscalers, not_observed}`: webhooks are the admission webhooks that its pods
        serve, autoscalers what scales it; each is None when the role does not allow to read it, and not_observed
        says so.

    Raises:
        ImageCorruptError: the Deployment is not there.
    """
    target = Target.of(name, ns, secrets, configuration, kind)
    deployment = target.get()
    record = read_record(deployment)
    expiries = [from_rfc3339(e.expires) for e in record.values() if e.expires]
    owned = {name: entry.owners.get(IMAGE_OWNERS, []) for name, entry in record.items()}
    found = collateral_of(
        deployment, round(min(expiries) - target.cluster.timing.now(), 1) if expiries else None, owned
    )
    not_observed: List[str] = []
    result: CollateralResult = {
        **found,
        "webhooks": _read("webhooks", lambda: served_webhooks(target, deployment), not_observed),
        "autoscalers": _read("autoscalers", lambda: [*map(str, read_autoscalers(target, deployment))], not_observed),
        "not_observed": not_observed,
    }
    return dict(result)


def _namespace_of(resource: Resource, kind: str, ns: str | None) -> str | None:
    """Return the namespace of an object, None if its kind has none."""
    if resource.namespaced and ns is None:
        raise Refused(f"ns: {one_line(kind, 80)} lives in a namespace; name it")
    return ns if resource.namespaced else None


def _read(key: str, read: Callable[[], List[_T]], not_observed: List[str]) -> List[_T] | None:
    """Return what is read; None when the role does not allow it, which is added to what was not observed."""
    try:
        return read()
    except Forbidden as x:
        not_observed.append(f"{key}: {one_line(x)}")
        return None
