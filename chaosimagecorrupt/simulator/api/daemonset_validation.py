"""Validation of DaemonSets and ControllerRevisions (kubernetes/pkg/apis/apps/validation: ValidateDaemonSet)."""

from ..types import Object
from .errors import Cause, invalid_value, required, unsupported_value
from .workload_validation import int_or_percent, invalid_workload, is_zero

__all__ = ["invalid_controller_revision", "invalid_daemon_set"]


def invalid_daemon_set(obj: Object) -> list[Cause]:
    """Return what is wrong with a DaemonSet.

    Args:
        obj: the object, with its defaults.
    """
    return invalid_workload(obj) + _strategy(obj["spec"]["updateStrategy"])


def _strategy(strategy: Object) -> list[Cause]:
    field, kind = "spec.updateStrategy", strategy["type"]
    if kind == "OnDelete":
        return []
    if kind != "RollingUpdate":
        return [unsupported_value(f"{field}.type", kind, ["OnDelete", "RollingUpdate"])]
    rolling, causes = strategy["rollingUpdate"], []
    for member in ("maxUnavailable", "maxSurge"):
        causes += int_or_percent(rolling[member], f"{field}.rollingUpdate.{member}")
    no_loss, no_surge = is_zero(rolling["maxUnavailable"]), is_zero(rolling["maxSurge"])
    if no_loss and no_surge:
        causes.append(required(f"{field}.rollingUpdate.maxUnavailable", "cannot be 0 when maxSurge is 0"))
    if not no_loss and not no_surge:
        text = "may not be set when maxUnavailable is non-zero"
        causes.append(invalid_value(f"{field}.rollingUpdate.maxSurge", rolling["maxSurge"], text))
    return causes


def invalid_controller_revision(obj: Object) -> list[Cause]:
    """Return what is wrong with a ControllerRevision.

    Args:
        obj: the object.
    """
    causes = [] if obj.get("data") is not None else [required("data", "data is mandatory")]
    if obj["revision"] < 0:
        causes.append(invalid_value("revision", obj["revision"], "must be greater than or equal to 0"))
    return causes
