"""`chaos image-corrupt preflight`: is the experiment safe, and would it have a result?"""

import shlex
import sys
from collections.abc import Sequence
from dataclasses import asdict

import click
from rich.table import Table
from rich.text import Text

from ..duration import rfc3339, seconds_of
from ..preflight.model import Check, Level, count_text
from ..preflight.optional_rights import PULL_CHECK_RIGHTS
from ..preflight.run import inspect
from ..workload.kinds import workload_argument
from ..workload.target import Target
from .completion import complete_deployment
from .image_options import CorruptImage, corrupt_image_options
from .options import (
    Scope,
    cluster_options,
    container_option,
    handle_errors,
    output_option,
    wrong_usage,
)
from .output import print_json, print_line, print_table

__all__ = ["preflight"]

_IMAGE = ("image", "cause", "repository", "allow_slow")
_STYLES = {Level.OK: "green", Level.WARNING: "yellow", Level.BLOCKER: "bold red"}


@click.command()
@click.argument("name", shell_complete=complete_deployment)
@container_option("Container or init container; default: the first container.")
@corrupt_image_options
@click.option("--ttl", default="300s", show_default=True, help="Time after which the guard undoes the fault.")
@click.option(
    "--progress-deadline", type=click.IntRange(min=1), help="progressDeadlineSeconds during the fault, in seconds."
)
@click.option("--allow-protected", is_flag=True, help="Also in a namespace that is protected by its name.")
@click.option(
    "--pull-check",
    is_flag=True,
    help="Have a short-lived pod show that the original image can be pulled; it needs the right to create pods.",
)
@click.option("--allow-on-delete", is_flag=True, help="Also with the update strategy OnDelete.")
@output_option
@handle_errors
@cluster_options()
def preflight(
    scope: Scope,
    name: str,
    container: str | None,
    corrupt: CorruptImage,
    ttl: str,
    progress_deadline: int | None,
    allow_protected: bool,
    pull_check: bool,
    allow_on_delete: bool,
    output: str,
) -> None:
    """Check whether the Deployment NAME can be corrupted, and what would break. Nothing is changed.

    With --pull-check, a pod is created and deleted: it pulls the original image, and starts nothing.

    NAME may be of another kind, as kubectl takes it: statefulset/web, ds/web.

    Exit code 1 when there is a blocker.
    """
    with wrong_usage("ttl", "--ttl"):
        seconds = seconds_of(ttl, "ttl")
        rfc3339(scope.cluster.timing.now() + seconds)
    target = scope.target(name)
    checks = inspect(
        target,
        container_name=container,
        ttl=seconds,
        progress_deadline=progress_deadline,
        allow_protected=allow_protected,
        more_rights=PULL_CHECK_RIGHTS if pull_check else (),
        pull_check=pull_check,
        allow_on_delete=allow_on_delete,
        **asdict(corrupt),
    )
    if output == "json":
        print_json([check.to_json() for check in checks])
    else:
        table = Table(box=None, show_header=False, pad_edge=False)
        table.add_column()
        table.add_column()
        table.add_column(overflow="fold")
        for check in checks:
            table.add_row(Text(check.level, style=_STYLES[check.level]), check.name, Text(check.text))
        print_table(table)
        print_line(f"{count_text(checks)}; next: {_next_command(target, checks)}")
    sys.exit(1 if any(check.level is Level.BLOCKER for check in checks) else 0)


def _next_command(target: Target, checks: Sequence[Check]) -> str:
    """Return what to run next: write the experiment; or, with a blocker, what can remove it, and this command again."""
    blockers = {check.name for check in checks if check.level is Level.BLOCKER}
    if not blockers:
        return _command("init", target, ("container", *_IMAGE, "allow_protected", "allow_on_delete"))
    if "record" in blockers:
        return _command("restore", target, ("container",))
    given = ("ttl", "progress_deadline", "allow_protected", "pull_check", "allow_on_delete")
    again = _command("preflight", target, ("container", *_IMAGE, *given))
    return f"remove what blocks, then {again}"


def _command(subcommand: str, target: Target, options: Sequence[str]) -> str:
    """Return a command for the same Deployment, with those of these options that this command was called with."""
    context = click.get_current_context()
    given = [option for option in (*options, "kubeconfig", "context") if _is_given(context, option)]
    parts = ["chaos", "image-corrupt", subcommand, workload_argument(target.name, target.kind), "-n", target.namespace]
    for option in given:
        value = context.params[option]
        parts += [f"--{option.replace('_', '-')}", *([] if value is True else [str(value)])]
    return shlex.join(parts)


def _is_given(context: click.Context, option: str) -> bool:
    return context.get_parameter_source(option) is click.core.ParameterSource.COMMANDLINE
