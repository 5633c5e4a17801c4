"""Cells of kinds that are stored and shown only (kubernetes/pkg/printers/internalversion/printers.go)."""

from __future__ import annotations

from typing import Any

from chaosimagecorrupt.simulator.api.ages import duration, seconds_since, since

__all__ = ["access_modes", "active_jobs", "completions", "job_duration", "job_status", "last_schedule", "targets"]

Obj = dict[str, Any]

UNKNOWN = "<unknown>"
SHOWN_METRICS = 2


def _status(obj: Obj) -> Obj:
    status: Obj = obj.get("status") or {}
    return status


def job_status(job: Obj, now: float) -> str:
    """Return where a Job is.

    Args:
        job: The Job.
        now: Seconds since 1970.
    """
    true = [c["type"] for c in _status(job).get("conditions") or () if c.get("status") == "True"]
    for name in ("Complete", "Failed"):
        if name in true:
            return name
    if job["metadata"].get("deletionTimestamp"):
        return "Terminating"
    return next((name for name in ("Suspended", "FailureTarget", "SuccessCriteriaMet") if name in true), "Running")


def completions(job: Obj, now: float) -> str:
    """Return how many of a Job's pods have succeeded, of how many.

    Args:
        job: The Job.
        now: Seconds since 1970.
    """
    succeeded, wanted = _status(job).get("succeeded", 0), job["spec"].get("completions")
    if wanted is not None:
        return f"{succeeded}/{wanted}"
    parallel = job["spec"].get("parallelism", 0)
    return f"{succeeded}/1 of {parallel}" if parallel > 1 else f"{succeeded}/1"


def job_duration(job: Obj, now: float) -> str:
    """Return how long a Job has run, empty when it was not started.

    Args:
        job: The Job.
        now: Seconds since 1970.
    """
    started, ended = _status(job).get("startTime"), _status(job).get("completionTime")
    if not started:
        return ""
    elapsed = seconds_since(started, now)
    return duration(elapsed - seconds_since(ended, now) if ended else elapsed)


def active_jobs(cronjob: Obj, now: float) -> int:
    """Return how many of a CronJob's Jobs run.

    Args:
        cronjob: The CronJob.
        now: Seconds since 1970.
    """
    return len(_status(cronjob).get("active") or ())


def last_schedule(cronjob: Obj, now: float) -> str:
    """Return how long ago a CronJob was last scheduled.

    Args:
        cronjob: The CronJob.
        now: Seconds since 1970.
    """
    last = _status(cronjob).get("lastScheduleTime")
    return since(last, now) if last else "<none>"


def access_modes(claim: Obj, now: float) -> str:
    """Return the access modes that a PersistentVolumeClaim was given, in short.

    Args:
        claim: The PersistentVolumeClaim.
        now: Seconds since 1970.
    """
    short = {"ReadWriteOnce": "RWO", "ReadOnlyMany": "ROX", "ReadWriteMany": "RWX", "ReadWriteOncePod": "RWOP"}
    given = _status(claim).get("accessModes") or ()
    return ",".join(name for mode, name in short.items() if mode in given)


def targets(autoscaler: Obj, now: float) -> str:
    """Return a HorizontalPodAutoscaler's metrics, each as ``current/target``.

    Args:
        autoscaler: The HorizontalPodAutoscaler.
        now: Seconds since 1970.
    """
    metrics, seen = autoscaler["spec"].get("metrics") or [], _status(autoscaler).get("currentMetrics") or []
    shown = [_metric(metric, seen[index] if index < len(seen) else {}) for index, metric in enumerate(metrics)]
    if len(shown) > SHOWN_METRICS:
        return f"{', '.join(shown[:SHOWN_METRICS])} + {len(shown) - SHOWN_METRICS} more..."
    return ", ".join(shown) or "<none>"


def _metric(metric: Obj, seen: Obj) -> str:
    """Return one metric; its source is under the type's name with a small first letter."""
    member = metric["type"][:1].lower() + metric["type"][1:]
    source, current = metric.get(member) or {}, (seen.get(member) or {}).get("current") or {}
    target = source.get("target") or {}
    if member in ("resource", "containerResource"):
        if "averageValue" in target:
            return f"{source['name']}: {current.get('averageValue', UNKNOWN)}/{target['averageValue']}"
        used, wanted = current.get("averageUtilization"), target.get("averageUtilization")
        told = UNKNOWN if used is None else f"{used}%"
        return f"{source['name']}: {told}/{'<auto>' if wanted is None else f'{wanted}%'}"
    if "averageValue" in target:
        average = "" if member == "pods" else " (avg)"
        return f"{current.get('averageValue', UNKNOWN)}/{target['averageValue']}{average}"
    return f"{current.get('value', UNKNOWN)}/{target.get('value', UNKNOWN)}"
