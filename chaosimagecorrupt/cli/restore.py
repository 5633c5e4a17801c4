"""`chaos image-corrupt restore`: put it back, now."""

import sys
from dataclasses import replace
from typing import Any

import click
from rich.progress import Progress

from ..concurrency import CONCURRENCY, map_concurrently
from ..errors import ImageCorruptError, Unreachable, one_line
from ..fault.refusals import target_container
from ..kube.names import check_target
from ..record.find import recorded_deployments
from ..restore.many import Todo, todo_of
from ..restore.restore import preview_restore
from ..restore.restore import restore as restore_target
from ..restore.result import not_restored
from ..workload.target import Target
from .completion import complete_corrupted
from .options import Reached, guarded, output_option, reach_options
from .output import as_json, console, logged_above, on_terminal, rows, say, show

__all__ = ["restore"]

Result = dict[str, Any]


@click.command()
@click.argument("name", required=False, shell_complete=complete_corrupted)
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
        todo: list[Todo] = [Todo(Target(name, namespace, reached.cluster), None)]
    else:
        found = recorded_deployments(reached.cluster, reached.namespace, selector, unlabelled=unlabelled)
        todo = todo_of(reached.cluster, found, expired_only=expired_only)
        if not todo:
            reached.check_namespace_exists()
    done: dict[int, Result] = {}
    try:
        _restore_all(todo, container, done, dry_run=dry_run, bar=output == "text" and on_terminal())
    except KeyboardInterrupt:
        click.echo(f"Interrupted: {len(todo) - len(done)} of {len(todo)} are not done", err=True)
        _show([done[number] for number in sorted(done)], output, reached)
        sys.exit(130)
    results = [done[number] for number in range(len(todo))]
    if name is not None:
        results = [_named(todo[0][0], container, results[0])]
    _show(results, output, reached)
    sys.exit(1 if any(r["outcome"] == "failed" or "error" in r for r in results) else 0)


def _restore_all(todo: list[Todo], container: str | None, done: dict[int, Result], *, dry_run: bool, bar: bool) -> None:
    """Restore a few at once, with a progress bar on a terminal when there are many.

    Args:
        todo: the Deployments.
        container: the container; None for every recorded one.
        done: takes each result by its number, so that it is not lost when somebody interrupts.
        dry_run: only say what would be done.
        bar: whether there may be a progress bar.
    """

    def one(number: int) -> None:
        target, ids = todo[number]
        done[number] = _one(target, container, ids, dry_run=dry_run)

    shown = bar and len(todo) > 1
    with Progress(console=console(), transient=True, disable=not shown) as progress, logged_above():
        steps = map_concurrently(one, range(len(todo)), CONCURRENCY)
        for _ in progress.track(steps, total=len(todo), description="restoring"):
            pass


def _named(target: Target, container: str | None, result: Result) -> Result:
    """Say what is there instead, when the Deployment or the container that was named is not."""
    try:
        if result["outcome"] == "deployment-gone":
            target.get()
        elif result["outcome"] == "nothing-to-restore" and container is not None:
            target_container(target.get(), container)
    except ImageCorruptError as x:
        return {**result, "error": one_line(x, 500)}
    return result


def _one(target: Target, container: str | None, ids: list[str] | None, *, dry_run: bool) -> Result:
    cluster = target.cluster
    try:
        act = preview_restore if dry_run else restore_target
        return dict(act(target, container_name=container, injection_ids=ids))
    except ImageCorruptError as x:
        if isinstance(x, Unreachable):  # each of the others would be waited for as long
            cluster.patience = replace(cluster.patience, retry_for=0.0)
        return dict(not_restored(target, x))


def _show(results: list[Result], output: str, reached: Reached) -> None:
    if output == "json":
        as_json(results)
    elif not results:
        say(f"There is nothing to restore in {reached}.")
    else:
        dry_run = any(r.get("dry_run") for r in results)
        titles = ("NAMESPACE", "DEPLOYMENT", "CONTAINER", "WOULD BE" if dry_run else "OUTCOME", "IMAGE")
        show(rows(titles, [row for result in results for row in _rows(result)]))


def _rows(result: Result) -> list[list[str]]:
    where = [result["namespace"], result["deployment"]]
    containers = result.get("containers") or []
    found = [[*where, one_line(c["container"], 63), c["outcome"], _image(c)] for c in containers]
    return found or [[*where, "", result["outcome"], result.get("error") or ""]]


def _image(container: Result) -> str:
    who = f", by {one_line(container['by'], 80)} at {one_line(container['at'], 40)}" if container["by"] else ""
    return {
        "restored": one_line(container["original_image"]),
        "healed": f"{one_line(container['original_image'])}{who}",
        "superseded": f"{one_line(container['found_image'])}, which stays{who}",
    }.get(container["outcome"], "")
