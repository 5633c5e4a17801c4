"""`chaos image-corrupt import`: experiments of operator-chaos become experiments of this extension."""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import click
import yaml
from chaoslib.exceptions import ChaosException
from chaoslib.experiment import ensure_experiment_is_valid

from ..errors import Refused, one_line
from .experiment_file import refuse_existing, to_json, to_yaml, write_experiment
from .operator_chaos.chaos_experiment import ChaosExperiment, injection_type, read_chaos_experiment
from .operator_chaos.convert import experiment_of, notes_on
from .operator_chaos.yaml_documents import MOST_BYTES, documents
from .options import handle_errors
from .output import log_only_warnings

__all__ = ["import_"]

_KIND, _TYPE = "ChaosExperiment", "ImageCorrupt"
_SUFFIXES = (".yaml", ".yml", ".json")
_STDOUT = "-"


@dataclass(frozen=True)
class _Imported:
    """One experiment, written and valid.

    Attributes:
        found: what was read.
        notes: what is not carried over.
        text: the file's content.
    """

    found: ChaosExperiment
    notes: Sequence[str]
    text: str


def _check_output(_context: click.Context, _option: click.Parameter, path: str) -> str:
    if path == _STDOUT or _is_folder(path) or path.endswith(_SUFFIXES):
        return path
    raise click.UsageError(
        f"--output: {one_line(path, 80)} ends neither with .yaml, .yml nor .json, and is no folder (FOLDER/)"
    )


@click.command("import")
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=click.Path(allow_dash=True))
@click.option(
    "-o",
    "--output",
    default=_STDOUT,
    callback=_check_output,
    help="NAME.yaml or NAME.json; FOLDER/ for one file each; default: - for stdout, as YAML.",
)
@click.option("--force", is_flag=True, help="Overwrite files.")
@handle_errors
def import_(files: tuple[str, ...], output: str, force: bool) -> None:
    """Turn operator-chaos' ChaosExperiments of type ImageCorrupt into experiments of this extension.

    FILE is YAML or JSON, with one or several of them, or a List; - is stdin. No cluster is read. Each field that has no
    counterpart is a line on stderr.
    """
    log_only_warnings()
    skipped: list[str] = []
    found = [each for file in files for each in _read(file, skipped)]
    if not found:
        raise Refused(skipped[0] if len(skipped) == 1 else f"there is no {_KIND} of type {_TYPE}")
    imported = [_imported(each, as_json=output.endswith(".json")) for each in found]
    paths = _paths(imported, output)
    _write({path: each.text for path, each in zip(paths, imported, strict=True) if path is not None}, force=force)
    _print(imported, paths, skipped)


def _read(file: str, skipped: list[str]) -> Iterator[ChaosExperiment]:
    """Yield the experiments of a file; what is something else is added to those that are skipped."""
    called = "stdin" if file == _STDOUT else one_line(file, 120)
    try:
        for number, document in enumerate(_items(documents(_content(file))), 1):
            kind = document.get("kind") if isinstance(document, dict) else None
            if kind != _KIND:
                what = f"has the kind {one_line(kind, 60)}" if isinstance(kind, str) else "has no kind"
                skipped.append(f"{called}: object {number} {what}, not {_KIND}")
            elif (fault := injection_type(document)) != _TYPE:
                skipped.append(f"{called}: object {number} has the type {one_line(fault, 60)}, not {_TYPE}")
            else:
                yield read_chaos_experiment(document)
    except Refused as x:
        raise Refused(f"{called}: {x}") from x
    except OSError as x:
        raise Refused(f"{called} cannot be read: {x.strerror}") from x


def _content(file: str) -> bytes:
    if file == _STDOUT:
        return sys.stdin.buffer.read(MOST_BYTES + 1)
    with Path(file).open("rb") as opened:
        return opened.read(MOST_BYTES + 1)


def _items(found: Sequence[object]) -> Iterator[object]:
    """Yield the documents, and in the place of a List its items."""
    for document in found:
        kind = document.get("kind") if isinstance(document, dict) else None
        if isinstance(document, dict) and isinstance(kind, str) and kind.endswith("List"):
            items = document.get("items")
            yield from items if isinstance(items, list) else []
        else:
            yield document


def _imported(found: ChaosExperiment, *, as_json: bool) -> _Imported:
    experiment = experiment_of(found)
    notes = notes_on(found, experiment)
    comments = [f"imported from operator-chaos' {_KIND} {found.name}", *notes]
    text = to_json(experiment) if as_json else to_yaml(experiment, comments)
    _check_valid(found, text, as_json=as_json)
    return _Imported(found, notes, text)


def _check_valid(found: ChaosExperiment, text: str, *, as_json: bool) -> None:
    """Have Chaos Toolkit check what will be written."""
    try:
        ensure_experiment_is_valid(json.loads(text) if as_json else yaml.safe_load(text))
    except ChaosException as x:
        raise Refused(f"{found.name}: Chaos Toolkit does not accept what was made of it: {one_line(x)}") from x


def _paths(imported: Sequence[_Imported], output: str) -> list[Path | None]:
    """Return the file of each experiment; None for stdout.

    Raises:
        Refused: several experiments would be one file.
    """
    if _is_folder(output):
        paths = [Path(output) / f"{each.found.name}.yaml" for each in imported]
        twice = next((path for path in paths if paths.count(path) > 1), None)
        if twice is not None:
            raise Refused(f"two experiments have the name {twice.stem}; import them one by one")
        return [*paths]
    if len(imported) > 1:
        raise Refused(f"there are {len(imported)} experiments; -o FOLDER/ writes each into a file of its own")
    return [None if output == _STDOUT else Path(output)]


def _is_folder(output: str) -> bool:
    return output.endswith("/") or Path(output).is_dir()


def _write(texts: Mapping[Path, str], *, force: bool) -> None:
    """Write all files, or none if there is one already."""
    for path in texts if not force else ():
        refuse_existing(path)
    for path, text in texts.items():
        write_experiment(path, text, force=force, make_folder=True)


def _print(imported: Sequence[_Imported], paths: Sequence[Path | None], skipped: Sequence[str]) -> None:
    for line in skipped:
        click.echo(f"Skipped: {line}", err=True)
    for path, each in zip(paths, imported, strict=True):
        for note in each.notes:
            click.echo(f"{each.found.name}: {note}", err=True)
        if path is None:
            click.echo(each.text, nl=False)
            continue
        click.echo(f"Wrote {one_line(path)}; run it: chaos run {one_line(path)}", err=True)
