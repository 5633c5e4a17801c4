"""Requests to the API server, and bytes of its responses, by activity."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from urllib3 import BaseHTTPResponse

from chaosimagecorrupt import probes
from chaosimagecorrupt.actions import corrupt_image
from chaosimagecorrupt.kube.client import Cluster, connect
from chaosimagecorrupt.rollbacks import restore_image

from .bench_cluster import BenchCluster
from .results import RequestCount

__all__ = ["count_requests"]


WITHOUT_FAULT = ("deployment_available", "deployment_progressing", "pods_ready", "deployment_recovered", "serving_pods")
DURING_FAULT = ("image_pull_failing", "image_corrupted", "reconcile_cycles", "progress_deadline_exceeded", "collateral")


def count_requests(cluster: BenchCluster) -> dict[str, RequestCount]:
    """Inject and undo a fault; return the requests by activity. No probe has a timeout, except `recovery_seconds`."""
    ns = cluster.namespace("counted")
    cluster.deploy(ns, ["web"], 2)
    found: dict[str, RequestCount] = {}
    connection = connect()
    for name in WITHOUT_FAULT:
        found[name] = _count(connection, partial(getattr(probes, name), "web", ns))
    found["corrupt_image"] = _count(connection, partial(corrupt_image, "web", ns, guard=False))
    assert probes.image_pull_failing("web", ns)
    for name in DURING_FAULT:
        found[name] = _count(connection, partial(getattr(probes, name), "web", ns))
    found["restore_image"] = _count(connection, partial(restore_image, "web", ns))
    found["recovery_seconds"] = _count(connection, partial(probes.recovery_seconds, "web", ns))
    return found


def _count(connection: Cluster, activity: Callable[[], object]) -> RequestCount:
    with _responses(connection) as responses:
        activity()
    return {"requests": len(responses), "bytes": sum(response.tell() for response in responses)}


@contextmanager
def _responses(connection: Cluster) -> Iterator[list[BaseHTTPResponse]]:
    """Collect the HTTP responses on a connection."""
    pool = connection._pool
    request, responses = pool.request, list[BaseHTTPResponse]()

    def recorded(*arguments: Any, **options: Any) -> BaseHTTPResponse:
        responses.append(request(*arguments, **options))
        return responses[-1]

    pool.request = recorded  # type: ignore[method-assign]  # only on this pool, and only for this block
    try:
        yield responses
    finally:
        pool.request = request  # type: ignore[method-assign]  # the original
