"""Validation of Deployments, ReplicaSets, Jobs and CronJobs (kubernetes/pkg/apis/{apps,batch}/validation)."""

import re

from ..label_selector import matches_label_selector
from ..types import Object
from .errors import Cause, invalid_value, required, unsupported_value
from .metadata_validation import invalid_labels
from .pod_validation import invalid_pod_spec

__all__ = [
    "forbidden_field", "int_or_percent", "invalid_cron_job", "invalid_deployment", "invalid_job", "invalid_workload",
    "is_zero",
]  # fmt: skip

# One term of a field of a schedule (github.com/robfig/cron), as far as its shape goes
CRON_FIELD = r"(\*|\?|\w+(-\w+)?)(/\d+)?"


def invalid_workload(obj: Object) -> list[Cause]:
    """Return what is wrong with a ReplicaSet, or with what the other workloads have in common with it.

    Args:
        obj: the object, with its defaults.
    """
    spec = obj["spec"]
    causes = _not_negative(spec, "replicas", "minReadySeconds", "revisionHistoryLimit", "progressDeadlineSeconds")
    selector = spec.get("selector")
    labels = spec["template"]["metadata"].get("labels") or {}
    if not selector:
        causes.append(required("spec.selector"))
    else:
        if not selector.get("matchLabels") and not selector.get("matchExpressions"):
            text = f"empty selector is invalid for {obj['kind'].lower()}"
            causes.append(invalid_value("spec.selector", selector, text))
        causes += invalid_labels(selector.get("matchLabels") or {}, "spec.selector.matchLabels")
        if not matches_label_selector(selector, labels):
            text = "`selector` does not match template `labels`"
            causes.append(invalid_value("spec.template.metadata.labels", labels, text))
    causes += invalid_labels(labels, "spec.template.metadata.labels")
    template = spec["template"]["spec"]
    causes += invalid_pod_spec(template, "spec.template.spec")
    if template.get("restartPolicy") != "Always":
        field = "spec.template.spec.restartPolicy"
        causes.append(unsupported_value(field, template.get("restartPolicy"), ["Always"]))
    if template.get("activeDeadlineSeconds") is not None:
        field = "spec.template.spec.activeDeadlineSeconds"
        causes.append(forbidden_field(field, f"activeDeadlineSeconds in {obj['kind']} is not Supported"))
    return causes


def forbidden_field(field: str, why: str) -> Cause:
    """Return that a field may not be as it is.

    Args:
        field: where it is.
        why: why not.
    """
    return Cause(field, "FieldValueForbidden", f"Forbidden: {why}")


def _not_negative(spec: Object, *members: str, field: str = "spec") -> list[Cause]:
    text = "must be greater than or equal to 0"
    return [invalid_value(f"{field}.{m}", spec[m], text) for m in members if (spec.get(m) or 0) < 0]


def invalid_deployment(obj: Object) -> list[Cause]:
    """Return what is wrong with a Deployment.

    Args:
        obj: the object, with its defaults.
    """
    spec = obj["spec"]
    causes = invalid_workload(obj) + _strategy(spec["strategy"])
    deadline, ready = spec.get("progressDeadlineSeconds"), spec.get("minReadySeconds", 0)
    if deadline is not None and deadline <= ready:
        causes.append(invalid_value("spec.progressDeadlineSeconds", deadline, "must be greater than minReadySeconds"))
    return causes


def _strategy(strategy: Object) -> list[Cause]:
    field = "spec.strategy"
    kind: str = strategy.get("type", "")
    rolling: Object = strategy.get("rollingUpdate") or {}
    if kind == "Recreate":
        why = "may not be specified when strategy `type` is 'Recreate'"
        return [forbidden_field(f"{field}.rollingUpdate", why)] if rolling else []
    if kind != "RollingUpdate":
        return [unsupported_value(f"{field}.type", kind, ["Recreate", "RollingUpdate"])]
    causes = []
    for member in ("maxUnavailable", "maxSurge"):
        causes += int_or_percent(rolling[member], f"{field}.rollingUpdate.{member}")
    unavailable = rolling["maxUnavailable"]
    if is_zero(unavailable) and is_zero(rolling["maxSurge"]):
        where = f"{field}.rollingUpdate.maxUnavailable"
        causes.append(invalid_value(where, unavailable, "may not be 0 when `maxSurge` is 0"))
    return causes


def is_zero(value: int | str) -> bool:
    """Return whether a number or percentage of pods is none.

    Args:
        value: the number or percentage.
    """
    return value in (0, "0%")


def int_or_percent(value: int | str, field: str) -> list[Cause]:
    """Return what is wrong with a number or percentage of pods.

    Args:
        value: the number or percentage.
        field: where it is.
    """
    if isinstance(value, int):
        return [] if value >= 0 else [invalid_value(field, value, "must be greater than or equal to 0")]
    if not re.fullmatch(r"[0-9]+%", value):
        rule = "a valid percent string must be a numeric string followed by an ending '%'"
        return [invalid_value(field, value, f"{rule} (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')")]
    if field.endswith("maxUnavailable") and int(value[:-1]) > 100:
        return [invalid_value(field, value, "must not be greater than 100%")]
    return []


def invalid_job(obj: Object) -> list[Cause]:
    """Return what is wrong with a Job.

    Args:
        obj: the object, with its defaults.
    """
    return _job_spec(obj["spec"], "spec")


def _job_spec(spec: Object, field: str) -> list[Cause]:
    counts = (
        "parallelism", "completions", "activeDeadlineSeconds", "backoffLimit", "ttlSecondsAfterFinished",
    )  # fmt: skip
    causes = _not_negative(spec, *counts, field=field)
    template = spec["template"]["spec"]
    where = f"{field}.template.spec"
    if template.get("restartPolicy") == "Always":
        causes.append(required(f"{where}.restartPolicy", 'valid values: "OnFailure", "Never"'))
    causes += invalid_labels(spec["template"]["metadata"].get("labels") or {}, f"{field}.template.metadata.labels")
    return causes + invalid_pod_spec(template, where)


def invalid_cron_job(obj: Object) -> list[Cause]:
    """Return what is wrong with a CronJob.

    Args:
        obj: the object, with its defaults.
    """
    spec = obj["spec"]
    causes = _schedule(spec.get("schedule", ""))
    policies = ["Allow", "Forbid", "Replace"]
    if spec["concurrencyPolicy"] not in policies:
        causes.append(unsupported_value("spec.concurrencyPolicy", spec["concurrencyPolicy"], policies))
    if len(name := obj["metadata"].get("name", "")) > 52:
        causes.append(invalid_value("metadata.name", name, "must be no more than 52 characters"))
    counts = ("startingDeadlineSeconds", "successfulJobsHistoryLimit", "failedJobsHistoryLimit")
    return causes + _not_negative(spec, *counts) + _job_spec(spec["jobTemplate"]["spec"], "spec.jobTemplate.spec")


def _schedule(schedule: str) -> list[Cause]:
    fields = schedule.split()
    if not fields:
        return [required("spec.schedule")]
    if schedule.startswith("@"):
        known = r"@(yearly|annually|monthly|weekly|daily|midnight|hourly|every \S+)"
        wrong = not re.fullmatch(known, schedule)
        return [invalid_value("spec.schedule", schedule, f"unrecognized descriptor: {schedule}")] if wrong else []
    if len(fields) != 5:
        why = f"expected exactly 5 fields, found {len(fields)}: [{schedule}]"
        return [invalid_value("spec.schedule", schedule, why)]
    wrong_fields = [each for each in fields if not re.fullmatch(rf"{CRON_FIELD}(,{CRON_FIELD})*", each)]
    return [invalid_value("spec.schedule", schedule, f"failed to parse {each}") for each in wrong_fields]
