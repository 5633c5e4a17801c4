"""`chaos image-corrupt experiments`: list the experiments that are installed with this extension, or write one."""

from pathlib import Path

import click
import yaml

from .json_types import ShippedExperiment
from .options import handle_errors, output_option
from .output import print_json, print_line, print_table, table_of

__all__ = ["experiments", "shipped_experiments"]

# resolved, so that in a checkout the printed path is that of the file and not of the link to its folder
EXPERIMENTS = (Path(__file__).parent.parent / "data" / "experiments").resolve()


def shipped_experiments() -> dict[str, Path]:
    """Return the path of each experiment, and of settings beside them, by its name, such as `cert-manager`."""
    files = (path for path in EXPERIMENTS.rglob("*") if path.suffix in (".json", ".yaml"))
    return {_name(path): path for path in sorted(files)}


def _name(path: Path) -> str:
    return path.relative_to(EXPERIMENTS).with_suffix("").as_posix().removesuffix("-image-corrupt")


def _title(path: Path) -> str:
    """Return the title of an experiment; Chaos Toolkit's settings cannot have one, so theirs is the first comment."""
    text = path.read_text(encoding="utf-8")
    title: str = yaml.safe_load(text).get("title") or text.partition("\n")[0].removeprefix("# ")
    return title


@click.command()
@click.argument("name", required=False, metavar="[NAME]", type=click.Choice([*shipped_experiments()]))
@click.option("--path", "print_path", is_flag=True, help="Print the path of the experiment NAME, for `chaos run`.")
@output_option
@handle_errors
def experiments(name: str | None, print_path: bool, output: str) -> None:
    """List the experiments that are installed with this extension, or write the experiment NAME to stdout.

    Those whose names begin with `combined/` work together with other extensions of Chaos Toolkit. Their first comments
    say which. `combined/notifications` is no experiment, but settings.

    \b
    Examples:
      chaos image-corrupt experiments cert-manager >cert-manager.json
      chaos run $(chaos image-corrupt experiments --path cert-manager)
      chaos --settings $(chaos image-corrupt experiments --path combined/notifications) run web.yaml
    """
    if name is None:
        if print_path:
            raise click.UsageError("--path: name the experiment")
        _print_list(output)
        return
    if output == "json":
        raise click.UsageError("--output: only the list has another form, an experiment is written as it is")
    path = shipped_experiments()[name]
    print_line(str(path) if print_path else path.read_text(encoding="utf-8").rstrip("\n"))


def _print_list(output: str) -> None:
    found = [
        ShippedExperiment(name=name, title=_title(path), path=str(path)) for name, path in shipped_experiments().items()
    ]
    if output == "json":
        print_json(found)
    else:
        print_table(table_of(["NAME", "TITLE"], [(each["name"], each["title"]) for each in found]))
