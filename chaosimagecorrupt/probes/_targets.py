"""Which Deployments a probe of many is about, and how it asks all of them within one timeout."""

import time
from collections.abc import Callable, Sequence
from typing import TypeVar

from ..concurrency import CONCURRENCY, map_concurrently
from ..duration import parse_duration
from ..errors import Refused, one_line
from ..fault.selection import check_label_selector
from ..kube.client import Cluster
from ..kube.names import any_namespace
from ..kube.types import Deployment
from ..record.find import matching_workloads, recorded_workloads
from ..workload.deployment import DEPLOYMENT
from ..workload.kind import WorkloadKind
from ..workload.target import Target

__all__ = ["corrupted_targets", "map_in_time", "matching_targets"]

_T = TypeVar("_T")


def corrupted_targets(
    cluster: Cluster, label_selector: str, ns: str | None, kind: WorkloadKind = DEPLOYMENT
) -> list[Target]:
    """Return the matching workloads that carry a complete record of a fault.

    Args:
        cluster: where they are.
        label_selector: which workloads.
        ns: in which namespace; in all of them when none is named.
        kind: of the workloads.

    Raises:
        Refused: the label selector is empty.
        ClusterError: they cannot be listed, or the selector does not parse.
    """
    found = recorded_workloads(cluster, any_namespace(ns), check_label_selector(label_selector), kinds=[kind])
    return [Target.found(snapshot.deployment, cluster) for snapshot in found if snapshot.record]


def matching_targets(
    cluster: Cluster, label_selector: str, ns: str | None, counts: Callable[[Deployment, Target], object]
) -> list[Target]:
    """Return the matching Deployments that count.

    Args:
        cluster: where they are.
        label_selector: which Deployments.
        ns: in which namespace; in all of them when none is named.
        counts: whether a Deployment that matches counts.

    Raises:
        Refused: none counts.
        ClusterError: they cannot be listed, or the selector does not parse.
    """
    found = matching_workloads(cluster, any_namespace(ns), check_label_selector(label_selector))
    targets = [target for d in found if counts(d, target := Target.found(d, cluster))]
    if not targets:
        raise Refused(f"label_selector: no Deployment that has replicas matches '{one_line(label_selector)}'")
    return targets


def map_in_time(targets: Sequence[Target], timeout: object, probe: Callable[[Target, float], _T]) -> list[_T]:
    """Probe each Deployment, some at the same time, within one timeout for all of them.

    Args:
        targets: the Deployments.
        timeout: seconds, or Go's duration.
        probe: takes a Deployment and the seconds that are left, 0 at the least.

    Returns:
        The answers, in the order of the Deployments.

    Raises:
        Refused: the timeout is no duration.
    """
    until = time.monotonic() + parse_duration(timeout, "timeout")
    return list(map_concurrently(lambda t: probe(t, max(0.0, until - time.monotonic())), targets, CONCURRENCY))
