"""`chaos image-corrupt report`: journals as a page, a comment on a pull request, a result for CI, or JSON."""

from pathlib import Path

import click

from ..errors import Refused
from .options import handle_errors

__all__ = ["report"]


@click.command()
@click.argument("journals", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--format",
    "form",
    type=click.Choice(["html", "markdown", "junit", "json"]),
    default="html",
    show_default=True,
)
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="The file to write; default: stdout."
)
@handle_errors
def report(journals: tuple[Path, ...], form: str, output: Path | None) -> None:
    """Report on the JOURNALS of `chaos run`: verdict, chart, rubric, and a table that compares several."""
    from ..report import read_journal, render

    text = render([read_journal(path) for path in journals], form)
    if output is None:
        click.echo(text, nl=False)
        return
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as x:
        raise Refused(f"{output} cannot be written: {x.strerror}") from x
    click.echo(f"Wrote {output}", err=True)
