"""Cells of Jobs and CronJobs (kubernetes/pkg/printers/internalversion/printers.go)."""

from ..types import Object
from .human_duration import duration, seconds_since, since

__all__ = ["active_jobs", "completions", "job_duration", "job_status", "last_schedule"]


def _status(obj: Object) -> Object:
    status: Object = obj.get("status") or {}
    return status


def job_status(job: Object, now: float) -> str:
    """Return where a Job is.

    Args:
        job: the Job.
        now: seconds since 1970.
    """
    true = [c["type"] for c in _status(job).get("conditions") or () if c.get("status") == "True"]
    for name in ("Complete", "Failed"):
        if name in true:
            return name
    if job["metadata"].get("deletionTimestamp"):
        return "Terminating"
    return next((name for name in ("Suspended", "FailureTarget", "SuccessCriteriaMet") if name in true), "Running")


def completions(job: Object, now: float) -> str:
    """Return how many of a Job's pods have succeeded, of how many.

    Args:
        job: the Job.
        now: seconds since 1970.
    """
    succeeded, completions = _status(job).get("succeeded", 0), job["spec"].get("completions")
    if completions is not None:
        return f"{succeeded}/{completions}"
    parallel = job["spec"].get("parallelism", 0)
    return f"{succeeded}/1 of {parallel}" if parallel > 1 else f"{succeeded}/1"


def job_duration(job: Object, now: float) -> str:
    """Return how long a Job has run, empty when it was not started.

    Args:
        job: the Job.
        now: seconds since 1970.
    """
    started, ended = _status(job).get("startTime"), _status(job).get("completionTime")
    if not started:
        return ""
    elapsed = seconds_since(started, now)
    return duration(elapsed - seconds_since(ended, now) if ended else elapsed)


def active_jobs(cronjob: Object, now: float) -> int:
    """Return how many of a CronJob's Jobs run.

    Args:
        cronjob: the CronJob.
        now: seconds since 1970.
    """
    return len(_status(cronjob).get("active") or ())


def last_schedule(cronjob: Object, now: float) -> str:
    """Return how long ago a CronJob was last scheduled.

    Args:
        cronjob: the CronJob.
        now: seconds since 1970.
    """
    last = _status(cronjob).get("lastScheduleTime")
    return since(last, now) if last else "<none>"
