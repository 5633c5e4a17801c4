"""`chaos image-corrupt verify`: judges again from journals alone, and compares."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import click

from ..errors import Refused, one_line
from ..verdict import JOURNAL_KEY, Verdict, worst
from ..verdict.judge_again import judge_again
from .options import handle_errors, output_option
from .output import print_json, print_line

__all__ = ["verify"]


class _Line(NamedTuple):
    """The new verdict on a journal or one of its Deployments; `same` is None when it cannot be judged again."""

    journal: str
    target: str | None
    written: str | None
    judged: str | None
    same: bool | None
    text: str


@click.command()
@click.argument("journals", nargs=-1, required=True, type=click.Path(path_type=Path))
@output_option
@handle_errors
def verify(journals: tuple[Path, ...], output: str) -> None:
    """Judge again from the timelines and the facts in the JOURNALS of `chaos run`, without a cluster.

    Exit code 1 when a new judgement differs from the one in the journal, or is not possible.
    """
    lines = [line for path in journals for line in _lines(path)]
    if output == "json":
        print_json([line._asdict() for line in lines])
    else:
        for line in lines:
            print_line(_text(line))
    if not all(line.same for line in lines):
        raise click.exceptions.Exit(1)


def _text(line: _Line) -> str:
    place = f"{line.journal}: {line.target}" if line.target else line.journal
    return f"{place}: {line.text}"


def _lines(path: Path) -> Iterator[_Line]:
    from ..report import read_journal

    name = one_line(path)
    try:
        found = read_journal(path).content[JOURNAL_KEY]
    except Refused as x:
        yield _Line(name, None, None, None, None, str(x).removeprefix(f"{name} "))
        return
    targets = found.get("targets")
    if not isinstance(targets, list) or not all(isinstance(t, dict) for t in targets):
        yield _Line(name, None, None, None, None, "it is damaged: the targets are not a list of objects")
        return
    judged = [_judged(name, target) for target in targets]
    yield from judged
    yield _overall(name, found, [line.judged for line in judged])


def _judged(name: str, target: dict[str, Any]) -> _Line:
    path = f"{target.get('namespace')}/{target.get('deployment')}"
    called = one_line(f"{target['kind']} {path}" if "kind" in target else path)
    written = one_line(target.get("verdict"), 40)
    try:
        judgement, differences = judge_again(target)
    except Refused as x:
        return _Line(name, called, written, None, None, f"cannot be judged again: {x}")
    now = judgement.verdict.value
    if not differences:
        return _Line(name, called, written, now, True, f"{now}, the same as written")
    reasons = one_line("; ".join(judgement.reasons), 500)
    return _Line(
        name,
        called,
        written,
        now,
        False,
        f"{now}, written {written}; what differs: {', '.join(differences)}; the reasons now: {reasons}",
    )


def _overall(name: str, found: dict[str, Any], judged: list[str | None]) -> _Line:
    """Return the line on the run: the worst verdict of its Deployments."""
    written = one_line(found.get("verdict"), 40)
    known = [verdict for verdict in judged if verdict is not None]
    if len(known) < len(judged):
        return _Line(name, None, written, None, None, f"written {written}; not all of it can be judged again")
    now = (worst(known) or Verdict.INCONCLUSIVE).value
    same = now == written
    return _Line(name, None, written, now, same, f"{now}, the same as written" if same else f"{now}, written {written}")
