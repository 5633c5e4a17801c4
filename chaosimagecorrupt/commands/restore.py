"""`chaos image-corrupt restore`: put it back, now."""

import sys
from collections.abc import Iterable
from typing import Any

import click
from rich.progress import track
from rich.table import Table
from rich.text import Text

from ..errors import ImageCorruptError, plain
from ..fault import check_target
from ..group import CONCURRENCY, Todo, at_once, todo_of
from ..records import recorded_deployments
from ..restore import restoration
from ..restoring import restore as restore_target
from ..target import Target
from .common import Reached, as_json, console, guarded, output_option, reach_options, say

__all__ = ["restore"]

Result = dict[str, Any]


@click.command()
@click.argument("name", required=False)
@click.option("--container", help="The container; every recorded one when none is named.")
@click.option("--all", "everything", is_flag=True, help="Every corrupted Deployment.")
@click.option("--expired", "expired_only", is_flag=True, help="Every one whose ttl is over.")
@click.option("-l", "--selector", help="Every one that this label selector matches.")
@click.option("--unlabelled", is_flag=True, help="Read every Deployment, to find what operator-chaos recorded too.")
@click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")
@output_option
@guarded
@reach_options
def restore(
    reached: Reached,
    name: str | None,
    container: str | None,
    everything: bool,
    expired_only: bool,
    selector: str | None,
    unlabelled: bool,
    dry_run: bool,
    output: str,
) -> None:
    """Put back the image of the Deployment NAME, or of those that an option chooses.

    Without -n these are looked for in all namespaces. Exit code 1 when one could not be restored.
    """
    many = everything or expired_only or selector is not None
    if many == (name is not None):
        raise click.UsageError("name one Deployment, or choose by --all, --expired or --selector")
    if name is not None:
        namespace = reached.namespace or reached.default_namespace
        check_target(name, namespace)
        todo: list[Todo] = [(Target(name, namespace, reached.cluster), None)]
    else:
        found = recorded_deployments(reached.cluster, reached.namespace, selector, unlabelled=unlabelled)
        todo = todo_of(reached.cluster, found, expired_only=expired_only)
    results: Iterable[Result] = at_once(lambda t: _one(t[0], container, t[1], dry_run=dry_run), todo, CONCURRENCY)
    if len(todo) > 1 and output == "text" and console().is_terminal:
        results = track(results, "restoring", len(todo), console=console(), transient=True)
    done = list(results)
    _show(done, output)
    sys.exit(1 if any(r["outcome"] == "failed" for r in done) else 0)


def _one(target: Target, container: str | None, ids: list[str] | None, *, dry_run: bool) -> Result:
    try:
        if dry_run:
            return _would_be(target, container, ids)
        return restore_target(target, container_name=container, injection_ids=ids)
    except ImageCorruptError as x:
        failure = {"namespace": target.namespace, "deployment": target.name}
        return {**failure, "outcome": "failed", "error": plain(x, 500)}


def _would_be(target: Target, container: str | None, ids: list[str] | None) -> Result:
    outcomes = restoration(target.get(), container_name=container, injection_ids=ids).outcomes
    return {
        "namespace": target.namespace,
        "deployment": target.name,
        "outcome": outcomes[0].outcome if outcomes else "nothing-to-restore",
        "dry_run": True,
        "containers": [o.to_json() for o in outcomes],
    }


def _show(results: list[Result], output: str) -> None:
    if output == "json":
        as_json(results)
        return
    if not results:
        say("There is nothing to restore.")
        return
    table = Table(box=None, pad_edge=False)
    for title in ("NAMESPACE", "DEPLOYMENT", "CONTAINER", "OUTCOME", "IMAGE"):
        table.add_column(title, overflow="fold")
    for result in results:
        where = (result["namespace"], result["deployment"])
        for c in result.get("containers") or [{"container": "", "outcome": result["outcome"]}]:
            outcome = ("would be " if result.get("dry_run") and c["container"] else "") + c["outcome"]
            text = plain(result.get("error") or c.get("original_image") or "", 300)
            table.add_row(*where, Text(plain(c["container"], 63)), outcome, Text(text))
    console().print(table)
