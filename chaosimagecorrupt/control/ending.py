"""Reads from Chaos Toolkit's journal how a run ended: to its end, interrupted, by a stop condition, or early."""

import sys

from ..errors import one_line
from ..kube.types import Json
from ..verdict.steady_states import Safeguard
from .steady_states import answer, runs_of, started

__all__ = ["activities_left", "is_interrupted", "safeguard_of"]


# chaoslib turns a signal that arrives during a Python activity into a failure of that activity, and goes on
_SWALLOWED = "chaoslib.exceptions.ActivityFailed: chaoslib.exceptions.InterruptExecution"


def is_interrupted(journal: Json) -> bool:
    """Return whether the run was interrupted or aborted, also when Chaos Toolkit went on all the same."""
    if journal.get("status") in ("interrupted", "aborted"):
        return True
    return any(line.strip().startswith(_SWALLOWED) for run in runs_of(journal) for line in run.get("exception") or [])


def activities_left(journal: Json) -> int:
    """Return how many activities of the method were not run, although the run was not interrupted.

    `--fail-fast` ends a method once the hypothesis is not met during it. A method that was not begun does not count:
    the steady state before it says why.
    """
    run, method = journal.get("run") or [], (journal.get("experiment") or {}).get("method") or []
    return max(0, len(method) - len(run)) if run and not is_interrupted(journal) else 0


def safeguard_of(journal: Json) -> Safeguard | None:
    """Return the safeguard of chaostoolkit-addons that interrupted the run; None when none did.

    Args:
        journal: the journal so far.
    """
    if not is_interrupted(journal):
        return None
    found = journal.get("safeguards") or _triggered()
    name, run = found.get("triggered_by"), found.get("run") or {}
    return Safeguard(one_line(name, 80), answer(run), started(run)) if name else None


def _triggered() -> Json:
    """Return the alarm that chaostoolkit-addons holds in memory; up to 0.11 it writes nothing into the journal."""
    guardian = getattr(sys.modules.get("chaosaddons.controls.safeguards"), "guardian", None)
    if guardian is None or not getattr(guardian, "was_triggered", False):
        return {}
    return {"triggered_by": guardian.triggered_by, "run": guardian.triggered_by_run}
