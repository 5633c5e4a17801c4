"""Finds Deployments: those that carry a record, or what is left of one, or a label."""

from collections.abc import Iterator

from ..kube.client import Cluster
from ..kube.pages import pages
from ..kube.requests import PAGE, list_request
from ..kube.resources import DEPLOYMENTS
from ..kube.types import Deployment
from .annotations import LABEL, LABEL_VALUE
from .snapshot import Snapshot

__all__ = ["matching_deployments", "recorded_deployments"]


def recorded_deployments(
    cluster: Cluster, namespace: str | None, label_selector: str | None, *, unlabelled: bool = False
) -> Iterator[Snapshot]:
    """Find the Deployments that carry a record or only its label, a page at a time.

    `kubectl rollout undo` removes the annotations and leaves the label.

    Args:
        cluster: the connection to the cluster.
        namespace: None for all namespaces.
        label_selector: which Deployments; None for all.
        unlabelled: read every Deployment, to find records without the label too.

    Yields:
        The Deployments, each with its record.

    Raises:
        ClusterError: they cannot be listed, or the selector does not parse.
    """
    labels = [label_selector] if label_selector else []
    if not unlabelled:
        labels.append(f"{LABEL}={LABEL_VALUE}")
    found = (Snapshot(d) for d in matching_deployments(cluster, namespace, ",".join(labels)))
    return (snapshot for snapshot in found if snapshot.record or _labelled(snapshot.deployment))


def matching_deployments(cluster: Cluster, namespace: str | None, label_selector: str) -> Iterator[Deployment]:
    """List the Deployments that match, a page at a time.

    Args:
        cluster: the connection to the cluster.
        namespace: None for all namespaces.
        label_selector: which Deployments; empty for all.

    Yields:
        The Deployments.

    Raises:
        ClusterError: they cannot be listed, or the selector does not parse.
    """
    request = list_request(
        DEPLOYMENTS, namespace, {"limit": PAGE, **({"labelSelector": label_selector} if label_selector else {})}
    )
    return (deployment for page in pages(cluster, request) for deployment in page.items)


def _labelled(deployment: Deployment) -> bool:
    return (deployment["metadata"].get("labels") or {}).get(LABEL) == LABEL_VALUE
