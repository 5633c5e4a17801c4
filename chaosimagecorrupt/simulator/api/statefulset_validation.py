"""Validation of StatefulSets (kubernetes/pkg/apis/apps/validation: ValidateStatefulSet)."""

from ..types import Object
from .errors import Cause, invalid_value
from .workload_validation import forbidden_field, invalid_workload

__all__ = ["invalid_stateful_set", "invalid_stateful_set_change"]

# What of the spec may change
MUTABLE = (
    "replicas", "ordinals", "template", "updateStrategy", "revisionHistoryLimit",
    "persistentVolumeClaimRetentionPolicy", "minReadySeconds",
)  # fmt: skip


def invalid_stateful_set(obj: Object) -> list[Cause]:
    """Return what is wrong with a StatefulSet.

    Args:
        obj: the object, with its defaults.
    """
    spec, causes = obj["spec"], []
    policy = spec["podManagementPolicy"]
    if policy not in ("OrderedReady", "Parallel"):
        text = "must be 'OrderedReady' or 'Parallel'"
        causes.append(invalid_value("spec.podManagementPolicy", policy, text))
    if spec.get("ordinals", {}).get("start", 0) < 0:
        text = "must be greater than or equal to 0"
        causes.append(invalid_value("spec.ordinals.start", spec["ordinals"]["start"], text))
    return causes + _strategy(spec["updateStrategy"]) + invalid_workload(obj)


def _strategy(strategy: Object) -> list[Cause]:
    field, kind = "spec.updateStrategy", strategy["type"]
    rolling = strategy.get("rollingUpdate")
    if kind not in ("RollingUpdate", "OnDelete"):
        return [invalid_value(field, strategy, "must be 'RollingUpdate' or 'OnDelete'")]
    if kind == "OnDelete":
        text = "only allowed for updateStrategy 'RollingUpdate'"
        return [invalid_value(f"{field}.rollingUpdate", rolling, text)] if rolling is not None else []
    partition = strategy["rollingUpdate"]["partition"]
    text = "must be greater than or equal to 0"
    return [invalid_value(f"{field}.rollingUpdate.partition", partition, text)] if partition < 0 else []


def invalid_stateful_set_change(old: Object, new: Object) -> list[Cause]:
    """Return what is wrong with a change of a StatefulSet's spec.

    Args:
        old: the spec before.
        new: the spec after, with its defaults.
    """
    before, after = ({name: value for name, value in spec.items() if name not in MUTABLE} for spec in (old, new))
    if before == after:
        return []
    names = ", ".join(f"'{name}'" for name in MUTABLE[:-1])
    text = f"updates to statefulset spec for fields other than {names} and '{MUTABLE[-1]}' are forbidden"
    return [forbidden_field("spec", text)]
