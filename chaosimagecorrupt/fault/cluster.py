"""Connects to a cluster, if it is the one that the caller means."""

import re
from collections.abc import Mapping
from typing import Any

from ..errors import Forbidden, NotFound, Refused, one_line
from ..kube.client import Cluster, connect
from ..kube.requests import get_request
from ..kube.resources import NAMESPACES

__all__ = ["check_cluster", "check_expected_cluster", "connect_to"]

# it is created with the cluster and never deleted, so its UID identifies the cluster
_OLDEST_NAMESPACE = "kube-system"
_UID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)


def connect_to(
    expected: object, secrets: Mapping[str, Any] | None, configuration: Mapping[str, Any] | None = None
) -> Cluster:
    """Return the connection to the cluster that is configured; any but the expected one is refused.

    Args:
        expected: see `check_cluster`; None for any.
        secrets: how to reach the cluster, see `client.connect`.
        configuration: see `client.connect`.

    Raises:
        Refused: as `check_cluster`; or no cluster is configured, or `expected` is not text.
        ClusterError: as `check_cluster`.
    """
    meant = check_expected_cluster(expected)
    cluster = connect(secrets, configuration)
    check_cluster(cluster, meant)
    return cluster


def check_expected_cluster(expected: object) -> str:
    """Return the argument `cluster`; None becomes empty text, which stands for any cluster.

    Raises:
        Refused: it is not text.
    """
    if expected is not None and not isinstance(expected, str):
        raise Refused(f"cluster: must be text, found {one_line(repr(expected), 80)}")
    return (expected or "").strip()


def check_cluster(cluster: Cluster, expected: str) -> None:
    """Refuse any cluster but the expected one.

    Only for a UID anything is read, and that is the namespace kube-system alone.

    Args:
        cluster: the connection to the cluster.
        expected: a context's name, an API server's address, or the UID of the namespace kube-system; empty for any.

    Raises:
        Refused: it is another cluster, or its UID may not be read.
        ClusterError: its UID cannot be read for another reason.
    """
    if expected and expected.rstrip("/") != cluster.address and expected != cluster.context:
        _check_uid(cluster, expected)


def _check_uid(cluster: Cluster, expected: str) -> None:
    """Refuse what is not the cluster's UID."""
    uid = _read_uid(cluster, expected) if _UID.fullmatch(expected.lower()) else None
    if uid != expected.lower():
        context = f", context '{one_line(cluster.context, 80)}'" if cluster.context else ""
        known = f", UID {one_line(uid, 80)}" if uid else ""
        raise Refused(
            f"cluster: '{one_line(expected)}' is expected, but this is {cluster.address}{context}{known}; name the "
            "expected cluster's context as KUBERNETES_CONTEXT, or this one as cluster"
        )


def _read_uid(cluster: Cluster, expected: str) -> str:
    try:
        return str(cluster.send(get_request(NAMESPACES, None, _OLDEST_NAMESPACE))["metadata"]["uid"])
    except (Forbidden, NotFound) as x:
        raise Refused(f"cluster: whether this is '{one_line(expected)}' cannot be found out: {one_line(x, 500)}") from x
