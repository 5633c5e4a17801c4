"""Reads from Chaos Toolkit's journal what the probe `original_pullable` answered."""

from collections.abc import Callable

from ..kube.types import Json
from ..verdict.pull_check import PullCheck
from .steady_states import runs_of, started

__all__ = ["pull_check_of"]

_FUNCTION = "original_pullable"


def pull_check_of(journal: Json, is_about: Callable[[Json], bool]) -> PullCheck | None:
    """Return the last answer of the probe about a Deployment, None when it gave none.

    Args:
        journal: the journal so far.
        is_about: whether an activity, as the experiment has it, is about the Deployment.
    """
    checks = [run for run in runs_of(journal) if _is_answer(run) and is_about(run["activity"])]
    return PullCheck(checks[-1]["output"], started(checks[-1])) if checks else None


def _is_answer(run: Json) -> bool:
    provider = (run.get("activity") or {}).get("provider") or {}
    return provider.get("func") == _FUNCTION and isinstance(run.get("output"), bool)
