"""The errors for a workload or namespace that does not exist, with the names of those that do."""

from collections.abc import Sequence
from difflib import get_close_matches

from ..errors import ClusterError, NotFound, one_line
from .client import Cluster
from .requests import PAGE, list_request
from .resources import NAMESPACES, Resource

__all__ = ["no_namespace", "not_found"]

_MOST_NAMES = 10


def not_found(cluster: Cluster, namespace: str, name: str, resource: Resource, kind: str) -> NotFound:
    """Return the error for a workload that does not exist: with whether its namespace does, and similar names.

    Args:
        cluster: the connection to the cluster.
        namespace: where it was looked for.
        name: of the workload.
        resource: its kind, as URLs name it.
        kind: its kind, as messages name it.
    """
    called = f'{kind} "{one_line(name, 80)}" is not in namespace "{one_line(namespace, 80)}"'
    try:
        there = cluster.send(list_request(resource, namespace, {"limit": PAGE}))["items"]
        missing = None if there else no_namespace(cluster, namespace)
    except ClusterError as x:
        return NotFound(f"{called} (what else exists cannot be read: {one_line(x)})")
    if missing is not None:
        return missing
    names = _nearest(name, [o["metadata"]["name"] for o in there])
    return NotFound(f"{called}; found there: {names or f'no {kind} at all'}{_elsewhere(cluster, resource, name)}")


def no_namespace(cluster: Cluster, namespace: str) -> NotFound | None:
    """Return the error for a namespace that does not exist, with the names of those that do; None when it exists.

    Raises:
        ClusterError: the namespaces cannot be listed.
    """
    only = list_request(NAMESPACES, None, {"fieldSelector": f"metadata.name={namespace}"})
    if cluster.send(only)["items"]:
        return None
    there = cluster.send(list_request(NAMESPACES, None, {"limit": PAGE}))["items"]
    names = _nearest(namespace, [o["metadata"]["name"] for o in there])
    return NotFound(f'namespace "{one_line(namespace, 80)}" does not exist on {cluster.address}; there is: {names}')


def _nearest(name: str, there: Sequence[str]) -> str:
    """Return some names, the most similar ones first."""
    similar = get_close_matches(name, there, _MOST_NAMES)
    return one_line(", ".join([*similar, *(n for n in there if n not in similar)][:_MOST_NAMES]))


def _elsewhere(cluster: Cluster, resource: Resource, name: str) -> str:
    query = {"fieldSelector": f"metadata.name={name}", "limit": str(_MOST_NAMES)}
    try:
        found = cluster.send(list_request(resource, None, query))["items"]
    except ClusterError:  # a role for one namespace does not allow it
        return ""
    places = ", ".join(o["metadata"]["namespace"] for o in found)
    return f"; there is one of that name in {one_line(places)}" if places else ""
