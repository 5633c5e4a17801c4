"""Metrics of a sweep, for Prometheus: what is corrupted, since when, and what a guard should have undone."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from prometheus_client import CollectorRegistry, Gauge

from ..duration import from_rfc3339
from ..record.entry import Entry, expired
from ..record.snapshot import Snapshot
from ..restore.outcome import RestoreOutcome
from ..workload.kinds import kind_named, workload_argument
from .json_types import SweepLine

__all__ = ["sweep_metrics"]


class _Fault(NamedTuple):
    """A corrupted container."""

    namespace: str
    deployment: str
    entry: Entry

    @property
    def labels(self) -> tuple[str, str, str]:
        return self.namespace, self.deployment, self.entry.container

    def age(self, now: float) -> float:
        return max(0.0, now - from_rfc3339(self.entry.at)) if self.entry.at else 0.0


def sweep_metrics(deployments: Iterable[Snapshot], results: Sequence[SweepLine], now: float) -> CollectorRegistry:
    """Return the metrics of one sweep.

    A fault that a sweep finds expired was not undone in time by its guard, so `restored` and `overdue` show how well
    the guards work.

    Args:
        deployments: those with a record, as they were before the sweep.
        results: of `restore_all`, or one failure without a Deployment when they could not be listed.
        now: seconds since 1970.
    """
    before = [fault for snapshot in deployments for fault in _faults(snapshot)]
    left = _left(before, results, now)
    registry = CollectorRegistry()
    _set_gauges(registry, _values(before, left, results, now))
    _set_expiry(registry, left)
    return registry


_HELP = {
    "records": "Containers that are corrupted after the sweep",
    "expired": "Of these, those whose ttl is over",
    "oldest_age_seconds": "Time since the oldest of these was corrupted",
    "overdue_seconds": "Time since the ttl of the most overdue one was over, before the sweep",
    "sweep_restored": "Deployments that this sweep restored",
    "sweep_failed": "Deployments that could not be restored, or 1 when none could be listed",
    "sweep_timestamp_seconds": "When the sweep ended, in seconds since 1970",
}


def _faults(snapshot: Snapshot) -> list[_Fault]:
    metadata = snapshot.deployment["metadata"]
    name = workload_argument(metadata["name"], snapshot.kind)
    return [_Fault(metadata["namespace"], name, entry) for entry in snapshot.record.values()]


def _left(before: Iterable[_Fault], results: Iterable[SweepLine], now: float) -> list[_Fault]:
    """Return the faults after the sweep: it undoes the expired ones of a Deployment, and leaves the others."""
    done = {_named(r) for r in results if r["outcome"] != RestoreOutcome.FAILED}
    return [f for f in before if (f.namespace, f.deployment) not in done or not expired(f.entry, now)]


def _named(result: SweepLine) -> tuple[object, object]:
    """Return namespace and name of a result as its faults have them."""
    kind = kind_named(result.get("kind"))
    return result.get("namespace"), workload_argument(str(result.get("deployment")), kind)


def _values(
    before: Iterable[_Fault], left: Sequence[_Fault], results: Iterable[SweepLine], now: float
) -> dict[str, float]:
    outcomes = [result["outcome"] for result in results]
    overdue = [now - from_rfc3339(f.entry.expires) for f in before if expired(f.entry, now)]
    return {
        "records": len(left),
        "expired": sum(expired(f.entry, now) for f in left),
        "oldest_age_seconds": max((f.age(now) for f in left), default=0),
        "overdue_seconds": max(overdue, default=0),
        "sweep_restored": outcomes.count(RestoreOutcome.RESTORED),
        "sweep_failed": outcomes.count(RestoreOutcome.FAILED),
        "sweep_timestamp_seconds": now,
    }


def _set_gauges(registry: CollectorRegistry, values: Mapping[str, float]) -> None:
    for name, value in values.items():
        Gauge(f"image_corrupt_{name}", _HELP[name], registry=registry).set(value)


def _set_expiry(registry: CollectorRegistry, left: Iterable[_Fault]) -> None:
    expires = Gauge(
        "image_corrupt_expires_timestamp_seconds",
        "When the ttl of a corrupted container is over",
        ("namespace", "deployment", "container"),
        registry=registry,
    )
    for fault in left:
        if fault.entry.expires:
            expires.labels(*fault.labels).set(from_rfc3339(fault.entry.expires))
