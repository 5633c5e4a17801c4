"""Reads from Chaos Toolkit's journal the runs of activities, and the results of the checks of the hypothesis."""

import json
from collections.abc import Iterable, Iterator

from ..errors import Unreachable, one_line
from ..kube.types import Json
from ..verdict.steady_states import Checks, FailedProbe, Hypothesis

__all__ = ["answer", "hypothesis_of", "runs_of", "started"]


# How chaoslib.provider.python writes the error of an activity
_ACTIVITY_FAILED = "chaoslib.exceptions.ActivityFailed: "
_UNREACHABLE = f"{Unreachable.__module__}.{Unreachable.__qualname__}"
# probes that are kept of one phase
_MOST_PROBES = 20


def hypothesis_of(journal: Json) -> Hypothesis:
    """Return the checks of the hypothesis before, during and after the method.

    Chaos Toolkit keeps one check before and one after the method, None when its strategy makes none, and a list of
    those during it. A check ends with the first probe that fails.

    Args:
        journal: the journal so far.
    """
    states = journal.get("steady_states") or {}
    return Hypothesis(
        before=_checks([states.get("before")]),
        during=_checks(states.get("during") or []),
        after=_checks([states.get("after")]),
    )


def runs_of(journal: Json) -> Iterator[Json]:
    """Yield the runs of all activities: of the hypothesis before, during and after the method, and of the method.

    Args:
        journal: the journal so far.
    """
    states = journal.get("steady_states") or {}
    yield from _probes([states.get("before"), *(states.get("during") or [])])
    yield from journal.get("run") or []
    yield from _probes([states.get("after")])


def answer(run: Json) -> str:
    """Say what a probe answered and what was expected, or the error that it raised.

    Args:
        run: of the probe, as the journal keeps it.
    """
    if run.get("status") != "succeeded":
        return f"raised {_error(run)}"
    expected = (run.get("activity") or {}).get("tolerance")
    return f"answered {_short(_measured(run))}, expected {_short(expected)}"


def started(run: Json) -> str | None:
    """Return when an activity began, RFC 3339; chaostoolkit-addons writes UTC without saying so."""
    at = run.get("start")
    if not isinstance(at, str):
        return None
    return at if at.endswith("Z") or "+" in at else f"{at}Z"


def _checks(states: Iterable[Json | None]) -> Checks | None:
    made = [s for s in states if s]
    if not made:
        return None
    failed: dict[tuple[str, bool], FailedProbe] = {}
    for probe in (_failed_probe(run) for state in made for run in _not_met(state)):
        failed.setdefault((probe.name, probe.raised), probe)
    unmet = sum(not state.get("steady_state_met") for state in made)
    return Checks(len(made), unmet, tuple(failed.values())[:_MOST_PROBES])


def _probes(states: Iterable[Json | None]) -> Iterator[Json]:
    for state in states:
        yield from (state or {}).get("probes") or []


def _not_met(state: Json) -> list[Json]:
    return [run for run in state.get("probes") or [] if not run.get("tolerance_met")]


def _failed_probe(run: Json) -> FailedProbe:
    raised = run.get("status") != "succeeded"
    return FailedProbe(
        name=one_line((run.get("activity") or {}).get("name"), 80),
        why=answer(run),
        raised=raised,
        unreachable=raised and _text(run).startswith(_UNREACHABLE),
        at=started(run),
    )


def _measured(run: Json) -> object:
    """Return what a probe answered; of an HTTP answer status and body, which its headers would crowd out."""
    output, provider = run.get("output"), (run.get("activity") or {}).get("provider") or {}
    if provider.get("type") == "http" and isinstance(output, dict):
        return {name: value for name, value in output.items() if name != "headers"}
    return output


def _error(run: Json) -> str:
    """Return the error of an activity, its class without the module."""
    name, colon, message = _text(run).partition(": ")
    return one_line(" ".join(f"{name.rpartition('.')[2]}{colon}{message}".split()) or "an error", 300)


def _text(run: Json) -> str:
    lines = run.get("exception") or []
    text = "".join(lines if isinstance(lines, list) else [str(lines)]).strip()
    _, found, error = text.rpartition(_ACTIVITY_FAILED)
    return error if found else text.rpartition("\n")[2]


def _short(value: object) -> str:
    return one_line(json.dumps(value, default=str, ensure_ascii=False), 100)
