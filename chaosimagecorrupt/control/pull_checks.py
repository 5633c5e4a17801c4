"""Reads from Chaos Toolkit's journal what the probe `original_pullable` answered."""

from collections.abc import Callable, Iterator

from ..kube.types import Json
from ..verdict.pull_check import PullCheck
from .steady_states import started

__all__ = ["pull_check_of"]

_FUNCTION = "original_pullable"


def pull_check_of(journal: Json, is_about: Callable[[Json], bool]) -> PullCheck | None:
    """Return the last answer of the probe about a Deployment, None when it gave none.

    Args:
        journal: the journal so far.
        is_about: whether an activity, as the experiment has it, is about the Deployment.
    """
    checks = [run for run in _runs(journal) if _is_answer(run) and is_about(run["activity"])]
    return PullCheck(checks[-1]["output"], started(checks[-1])) if checks else None


def _runs(journal: Json) -> Iterator[Json]:
    """Yield the runs of all activities: of the hypothesis before, during and after the method, and of the method."""
    states = journal.get("steady_states") or {}
    yield from (states.get("before") or {}).get("probes") or []
    for state in states.get("during") or []:
        yield from state.get("probes") or []
    yield from journal.get("run") or []
    yield from (states.get("after") or {}).get("probes") or []


def _is_answer(run: Json) -> bool:
    provider = (run.get("activity") or {}).get("provider") or {}
    return provider.get("func") == _FUNCTION and isinstance(run.get("output"), bool)
