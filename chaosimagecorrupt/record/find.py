"""Finds Deployments and other workloads: those that carry a record, or what is left of one, or a label."""

import logging
from collections.abc import Iterator, Sequence
from functools import cache

from logzero import logger

from ..errors import Forbidden, NotFound, one_line
from ..kube.client import Cluster
from ..kube.pages import pages
from ..kube.requests import PAGE, list_request
from ..kube.types import Deployment
from ..workload.deployment import DEPLOYMENT
from ..workload.kind import WorkloadKind
from ..workload.kinds import KINDS
from .annotations import LABEL, LABEL_VALUE
from .snapshot import Snapshot

__all__ = ["matching_workloads", "recorded_workloads"]


def recorded_workloads(
    cluster: Cluster,
    namespace: str | None,
    label_selector: str | None,
    *,
    unlabelled: bool = False,
    kinds: Sequence[WorkloadKind] = KINDS,
) -> Iterator[Snapshot]:
    """Find the workloads that carry a record or only its label, a page at a time: Deployments, then other kinds.

    A role may be meant for Deployments alone: other kinds that it does not allow to list are left out, unless they are
    all that is searched for. The log says so, once.

    `kubectl rollout undo` removes the annotations and leaves the label.

    Args:
        cluster: the connection to the cluster.
        namespace: None for all namespaces.
        label_selector: which workloads; None for all.
        unlabelled: read every workload, to find records without the label too.
        kinds: of the workloads.

    Yields:
        The workloads, each with its record.

    Raises:
        ClusterError: they cannot be listed, or the selector does not parse.
    """
    labels = [label_selector] if label_selector else []
    labels += [] if unlabelled else [f"{LABEL}={LABEL_VALUE}"]
    forbidden = list[WorkloadKind]()
    for kind in kinds:
        try:
            yield from filter(_has_trace, map(Snapshot, matching_workloads(cluster, namespace, ",".join(labels), kind)))
        except (Forbidden, NotFound) as x:
            if kind is DEPLOYMENT or len(kinds) == 1:
                raise
            logger.debug(f"no record is looked for in {kind.resource.plural}: {one_line(x, 500)}")
            forbidden += [kind] if isinstance(x, Forbidden) else []
    _log_forbidden(kinds, forbidden, namespace)


def _log_forbidden(kinds: Sequence[WorkloadKind], forbidden: Sequence[WorkloadKind], namespace: str | None) -> None:
    if forbidden:
        # without any of them a role is meant for Deployments alone; without some of them it has a gap
        level = logging.INFO if set(kinds) - {DEPLOYMENT} == set(forbidden) else logging.WARNING
        _log_once(level, namespace, " and ".join(f"{kind.name}s" for kind in forbidden))


@cache
def _log_once(level: int, namespace: str | None, kinds: str) -> None:
    where = f"namespace {namespace}" if namespace else "all namespaces"
    logger.log(
        level,
        f"records on {kinds} are not looked for in {where}: the role does not allow to list them; the role "
        "image-corrupt-workloads does, which `chaos image-corrupt manifests` writes",
    )


def matching_workloads(
    cluster: Cluster, namespace: str | None, label_selector: str, kind: WorkloadKind = DEPLOYMENT
) -> Iterator[Deployment]:
    """List the workloads of a kind that match, a page at a time.

    Args:
        cluster: the connection to the cluster.
        namespace: None for all namespaces.
        label_selector: which workloads; empty for all.
        kind: of the workloads.

    Yields:
        The workloads.

    Raises:
        ClusterError: they cannot be listed, or the selector does not parse.
    """
    request = list_request(
        kind.resource, namespace, {"limit": PAGE, **({"labelSelector": label_selector} if label_selector else {})}
    )
    return (deployment for page in pages(cluster, request) for deployment in page.items)


def _has_trace(snapshot: Snapshot) -> bool:
    """Return whether a workload has a record, or only its label."""
    return bool(snapshot.record) or snapshot.is_labelled
