"""How often a DaemonSet's template was changed (kubernetes/pkg/registry/apps/daemonset/strategy.go)."""

from ..controllers.daemonset.pods import TEMPLATE_GENERATION
from ..types import Object

__all__ = ["number_template"]


def number_template(new: Object, old: Object | None) -> None:
    """Write the number of the template into an annotation of a DaemonSet, which clients cannot set.

    Args:
        new: the DaemonSet, with its defaults; changed.
        old: the DaemonSet before, `None` when it is new.
    """
    annotations = dict(new["metadata"].get("annotations") or {})
    annotations[TEMPLATE_GENERATION] = "1" if old is None else str(_number(old) + _differs(old, new))
    new["metadata"]["annotations"] = annotations


def _number(daemon_set: Object) -> int:
    return int((daemon_set["metadata"].get("annotations") or {}).get(TEMPLATE_GENERATION, 1))


def _differs(old: Object, new: Object) -> bool:
    return bool(old["spec"]["template"] != new["spec"]["template"])
