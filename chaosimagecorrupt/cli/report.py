"""`chaos image-corrupt report`: journals as a page, a comment on a pull request, a result for CI, or JSON."""

import sys
from pathlib import Path

import click

from ..errors import Refused
from .options import handle_errors

__all__ = ["report"]

# the format by the ending of the output's name
_FORMATS = {".html": "html", ".md": "markdown", ".xml": "junit", ".json": "json"}


@click.command()
@click.argument("journals", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--format",
    "form",
    type=click.Choice(["html", "markdown", "junit", "json"]),
    help="Default: what the ending of --output says, else html.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file to write: .html, .md, .xml (JUnit) or .json; default: stdout.",
)
@click.option(
    "--baseline",
    multiple=True,
    type=click.Path(path_type=Path),
    help="A journal of an earlier run, or a folder of them, to compare with; can be repeated.",
)
@click.option(
    "--fail-on-regression",
    is_flag=True,
    help="Exit with 1 when a recovery or a verdict is worse than the worst of the baseline.",
)
@handle_errors
def report(
    journals: tuple[Path, ...],
    form: str | None,
    output: Path | None,
    baseline: tuple[Path, ...],
    fail_on_regression: bool,
) -> None:
    """Report on the JOURNALS of `chaos run`, the worst first: verdict, cause, chart, rubric.

    A journal that cannot be read is a row of the report on the others, and the exit code is 1.
    """
    from ..report import read_report, render_report

    if fail_on_regression and not baseline:
        raise click.UsageError("--fail-on-regression needs --baseline.")
    form = form or _format_of(output)
    found = read_report(journals, baseline)
    _write(render_report(found, form), output)
    for line in (*(f"Error: {u.why}" for u in found.unreadable), *(f"Regression: {r}" for r in found.regressions)):
        click.echo(line, err=True)
    if found.unreadable or (found.regressions and fail_on_regression):
        sys.exit(1)


def _format_of(output: Path | None) -> str:
    if output is None:
        return "html"
    if output.suffix not in _FORMATS:
        endings = ", ".join(f"{ending} ({form})" for ending, form in _FORMATS.items())
        raise click.BadParameter(
            f"the ending of {output.name} names no format: {endings}. Or add --format.", param_hint="'-o' / '--output'"
        )
    return _FORMATS[output.suffix]


def _write(text: str, output: Path | None) -> None:
    if output is None:
        click.echo(text, nl=False)
        return
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as x:
        raise Refused(f"{output} cannot be written: {x.strerror}") from x
    click.echo(f"Wrote {output}", err=True)
