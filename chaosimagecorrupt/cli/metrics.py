"""Metrics of a sweep, for Prometheus: what is corrupted, since when, and what a guard should have undone already."""

from collections.abc import Iterable, Mapping
from typing import Any

from prometheus_client import CollectorRegistry, Gauge

from ..duration import from_rfc3339
from ..record.annotations import read_record
from ..record.entry import Entry, expired

__all__ = ["sweep_metrics"]

Json = Mapping[str, Any]

_RECORD = ("namespace", "deployment", "container")


def sweep_metrics(found: Iterable[Json], results: Iterable[Json], now: float) -> CollectorRegistry:
    """Return the metrics of one sweep.

    A fault that a sweep finds expired is one that its guard has not undone in time, so `restored` and `overdue` say
    how well the guards work.

    Args:
        found: the Deployments with a record, as they were before the sweep.
        results: what the sweep did, from `group.restore_all`, or one failure without a Deployment when it could not
            even list them.
        now: seconds since 1970.
    """
    results = list(results)
    done = {(r.get("namespace"), r.get("deployment")) for r in results if r["outcome"] != "failed"}
    before = [(_where(d), e) for d in found for e in read_record(d).values()]
    # what was expired is undone with the Deployment, what was not stays
    left = [(w, e) for w, e in before if w not in done or not expired(e, now)]
    overdue = [now - from_rfc3339(e.expires) for _, e in before if expired(e, now)]
    registry = CollectorRegistry()

    def gauge(name: str, text: str, value: float) -> None:
        Gauge(f"image_corrupt_{name}", text, registry=registry).set(value)

    gauge("records", "Containers that are corrupted, after the sweep", len(left))
    gauge("expired", "Of these, those whose ttl is over", sum(expired(e, now) for _, e in left))
    gauge(
        "oldest_age_seconds",
        "Since when the oldest of these is corrupted",
        max((_age(e, now) for _, e in left), default=0),
    )
    gauge("overdue_seconds", "How long the ttl of the most overdue was over before the sweep", max(overdue, default=0))
    gauge("sweep_restored", "Deployments that this sweep restored", sum(r["outcome"] == "restored" for r in results))
    gauge(
        "sweep_failed",
        "Deployments that could not be restored, or 1 when none could be listed",
        sum(r["outcome"] == "failed" for r in results),
    )
    gauge("sweep_timestamp_seconds", "When the sweep ended, in seconds since 1970", now)
    expires = Gauge(
        "image_corrupt_expires_timestamp_seconds",
        "When the ttl of a corrupted container is over",
        _RECORD,
        registry=registry,
    )
    for where, entry in left:
        if entry.expires:
            expires.labels(*where, entry.container).set(from_rfc3339(entry.expires))
    return registry


def _where(deployment: Json) -> tuple[str, str]:
    return deployment["metadata"]["namespace"], deployment["metadata"]["name"]


def _age(entry: Entry, now: float) -> float:
    return max(0.0, now - from_rfc3339(entry.at)) if entry.at else 0.0
