"""`chaos image-corrupt preflight`: is it safe, and would it say something?"""

import sys

import click
from rich.table import Table
from rich.text import Text

from ..duration import seconds_of
from ..fault.refusals import check_image
from ..kube.names import check_target
from ..preflight.checks import BLOCKER, OK, WARNING
from ..preflight.run import inspect
from ..record.annotations import DEFAULT_IMAGE
from ..workload.target import Target
from .completion import complete_deployment
from .options import Reached, guarded, output_option, reach_options
from .output import as_json, show

__all__ = ["preflight"]

_STYLES = {OK: "green", WARNING: "yellow", BLOCKER: "bold red"}


@click.command()
@click.argument("name", shell_complete=complete_deployment)
@click.option("--container", help="Container or init container; the first container when none is named.")
@click.option("--image", default=DEFAULT_IMAGE, show_default=True, help="The corrupt image.")
@click.option("--ttl", default="300s", show_default=True, help="Until when the fault is undone at the latest.")
@click.option("--progress-deadline", type=int, help="progressDeadlineSeconds for the time of the fault.")
@output_option
@guarded
@reach_options
def preflight(
    reached: Reached,
    name: str,
    container: str | None,
    image: str,
    ttl: str,
    progress_deadline: int | None,
    output: str,
) -> None:
    """Check whether the Deployment NAME can be corrupted, and what would break. Nothing is changed.

    Exit code 1 when there is a blocker.
    """
    namespace = reached.namespace or reached.default_namespace
    check_target(name, namespace)
    lines = inspect(
        Target(name, namespace, reached.cluster),
        container_name=container,
        image=check_image(image),
        ttl=seconds_of(ttl, "ttl"),
        progress_deadline=progress_deadline,
    )
    if output == "json":
        as_json([line.to_json() for line in lines])
    else:
        table = Table(box=None, show_header=False, pad_edge=False)
        table.add_column()
        table.add_column()
        table.add_column(overflow="fold")
        for line in lines:
            table.add_row(Text(line.level, style=_STYLES[line.level]), line.name, Text(line.text))
        show(table)
    sys.exit(1 if any(line.level == BLOCKER for line in lines) else 0)
