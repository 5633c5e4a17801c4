"""The report for scripts: what the other formats show, without the timeline, which the journal itself has."""

import json
from dataclasses import asdict
from typing import Any

from .formatting import iso
from .model import Run, Target, summary

__all__ = ["as_json"]

VERSION = 1
_MOMENTS = {"at", "start", "end", "injected", "expires", "restored_at", "recovered_at"}


def as_json(runs: list[Run]) -> str:
    """Render as JSON.

    Args:
        runs: what to report on.

    Returns:
        `{"version": 1, "summary": [...], "runs": [...]}`, moments as RFC 3339, spans in seconds, ASCII only.
    """
    compared = [asdict(row) for row in summary(runs)]
    return json.dumps({"version": VERSION, "summary": compared, "runs": [_run(r) for r in runs]}, indent=1) + "\n"


def _run(run: Run) -> dict[str, Any]:
    written: dict[str, Any] = _written({**asdict(run), "targets": []})
    return {**written, "targets": [_target(t) for t in run.targets]}


def _target(target: Target) -> dict[str, Any]:
    written: dict[str, Any] = _written({**asdict(target), "picture": None})
    del written["picture"]
    return written


def _written(value: Any, key: str = "") -> Any:
    if isinstance(value, dict):
        return {k: _written(v, k) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_written(v) for v in value]
    return iso(value) if key in _MOMENTS else value
