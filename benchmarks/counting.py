"""Requests to the API server, and bytes of its answers, by activity."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from chaosimagecorrupt import probes
from chaosimagecorrupt.actions import corrupt_image
from chaosimagecorrupt.kube.client import Cluster, connect
from chaosimagecorrupt.rollbacks import restore_image

from .place import Place

__all__ = ["Counted", "count"]

Counted = dict[str, dict[str, int]]

STEADY = ("deployment_available", "deployment_progressing", "pods_ready", "deployment_recovered", "serving_pods")
DURING = ("image_pull_failing", "image_corrupted", "reconcile_cycles", "progress_deadline_exceeded", "collateral")


def count(place: Place) -> Counted:
    """Go through a fault; return `{requests, bytes}` by activity. Probes are one-shot, but for the one that waits."""
    ns = place.namespace("counted")
    place.deploy(ns, ["web"], 2)
    found: Counted = {}
    cluster = connect()
    for name in STEADY:
        found[name] = _counted(cluster, partial(getattr(probes, name), "web", ns))
    found["corrupt_image"] = _counted(cluster, partial(corrupt_image, "web", ns, guard=False))
    assert probes.image_pull_failing("web", ns)
    for name in DURING:
        found[name] = _counted(cluster, partial(getattr(probes, name), "web", ns))
    found["restore_image"] = _counted(cluster, partial(restore_image, "web", ns))
    found["recovery_seconds"] = _counted(cluster, partial(probes.recovery_seconds, "web", ns))
    return found


def _counted(cluster: Cluster, activity: Callable[[], object]) -> dict[str, int]:
    with _answers(cluster) as answers:
        activity()
    return {"requests": len(answers), "bytes": sum(a.tell() for a in answers)}


@contextmanager
def _answers(cluster: Cluster) -> Iterator[list[Any]]:
    """Collect the HTTP answers that a connection gets."""
    pool = cluster._pool
    request, answers = pool.request, []

    def noted(*arguments: Any, **options: Any) -> Any:
        answers.append(request(*arguments, **options))
        return answers[-1]

    pool.request = noted
    try:
        yield answers
    finally:
        pool.request = request
