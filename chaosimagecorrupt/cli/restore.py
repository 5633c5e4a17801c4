"""`chaos image-corrupt restore`: restore the original images now."""

import sys
import threading
from typing import NoReturn, cast

import click
from rich.progress import Progress

from ..concurrency import CONCURRENCY, map_concurrently
from ..errors import ImageCorruptError, Unreachable, one_line
from ..fault.refusals import target_container
from ..record.find import recorded_deployments
from ..restore.many import Todo, todo_of
from ..restore.restore import preview_restore
from ..restore.restore import restore as restore_target
from ..restore.result import not_restored
from ..workload.target import Target
from .completion import complete_corrupted
from .json_types import ContainerResult, RestoreResult
from .options import Scope, cluster_options, handle_errors, output_option
from .output import NO_RETRY, console, is_live, log_above_view, print_json, print_line, print_table, table_of

__all__ = ["restore"]


@click.command()
@click.argument("name", required=False, shell_complete=complete_corrupted)
@click.option("--container", help="The container; default: every recorded one.")
@click.option("--all", "everything", is_flag=True, help="Every corrupted Deployment.")
@click.option("--expired", "expired_only", is_flag=True, help="Every Deployment whose ttl is over.")
@click.option("-l", "--selector", help="Every corrupted Deployment that this label selector matches.")
@click.option("--unlabelled", is_flag=True, help="Read every Deployment, to find records of operator-chaos too.")
@click.option("--dry-run", is_flag=True, help="Print what would be done, and change nothing.")
@output_option
@handle_errors
@cluster_options
def restore(
    scope: Scope,
    name: str | None,
    container: str | None,
    everything: bool,
    expired_only: bool,
    selector: str | None,
    unlabelled: bool,
    dry_run: bool,
    output: str,
) -> None:
    """Restore the image of the Deployment NAME, or of the Deployments that an option selects.

    Without -n, an option selects in all namespaces. Exit code 1 when one could not be restored.
    """
    selects = everything or expired_only or selector is not None
    if selects == (name is not None):
        raise click.UsageError("name one Deployment, or select with --all, --expired or --selector")
    if name is not None:
        todo = [Todo(scope.target(name), None)]
    else:
        todo = _selected(scope, selector, expired_only=expired_only, unlabelled=unlabelled)
    done: dict[int, RestoreResult] = {}
    try:
        _restore_all(todo, container, done, dry_run=dry_run, bar=is_live(output))
    except KeyboardInterrupt:
        _interrupted(todo, done, output, scope)
    results = [done[number] for number in range(len(todo))]
    if name is not None:
        results = [_explained(todo[0][0], container, results[0])]
    _print_results(results, output, scope)
    sys.exit(1 if any("error" in result for result in results) else 0)


def _selected(scope: Scope, selector: str | None, *, expired_only: bool, unlabelled: bool) -> list[Todo]:
    found = recorded_deployments(scope.cluster, scope.namespace, selector, unlabelled=unlabelled)
    todo = todo_of(scope.cluster, found, scope.cluster.timing.now(), expired_only=expired_only)
    if not todo:
        scope.check_namespace_exists()
    return todo


def _interrupted(todo: list[Todo], done: dict[int, RestoreResult], output: str, scope: Scope) -> NoReturn:
    click.echo(f"Interrupted: {len(todo) - len(done)} of {len(todo)} are not done", err=True)
    _print_results([done[number] for number in sorted(done)], output, scope)
    sys.exit(130)


def _restore_all(
    todo: list[Todo], container: str | None, done: dict[int, RestoreResult], *, dry_run: bool, bar: bool
) -> None:
    """Restore several Deployments concurrently, with a progress bar when there is more than one.

    Args:
        todo: the Deployments.
        container: the container; None for every recorded one.
        done: receives each result by the position in `todo`, so that Ctrl-C does not lose it.
        dry_run: only preview what would be done.
        bar: whether a progress bar may be shown.
    """

    unreachable = threading.Event()

    def restore_one(number: int) -> None:
        target, ids = todo[number]
        if unreachable.is_set():  # otherwise each of the others would wait as long
            target = Target(target.name, target.namespace, target.cluster.with_patience(NO_RETRY))
        try:
            done[number] = _restore_one(target, container, ids, dry_run=dry_run)
        except ImageCorruptError as x:
            if isinstance(x, Unreachable):
                unreachable.set()
            done[number] = cast(RestoreResult, not_restored(target, x))

    hidden = not bar or len(todo) == 1
    with Progress(console=console(), transient=True, disable=hidden) as progress, log_above_view():
        steps = map_concurrently(restore_one, range(len(todo)), CONCURRENCY)
        for _ in progress.track(steps, total=len(todo), description="restoring"):
            pass


def _explained(target: Target, container: str | None, result: RestoreResult) -> RestoreResult:
    """Add an error that lists the existing names when the named Deployment or container does not exist."""
    try:
        if result["outcome"] == "deployment-gone":
            target.get()
        elif result["outcome"] == "nothing-to-restore" and container is not None:
            target_container(target.get(), container)
    except ImageCorruptError as x:
        return {**result, "error": one_line(x, 500)}
    return result


def _restore_one(target: Target, container: str | None, ids: list[str] | None, *, dry_run: bool) -> RestoreResult:
    act = preview_restore if dry_run else restore_target
    return cast(RestoreResult, act(target, container_name=container, injection_ids=ids))


def _print_results(results: list[RestoreResult], output: str, scope: Scope) -> None:
    if output == "json":
        print_json(results)
    elif not results:
        print_line(f"There is nothing to restore in {scope}.")
    else:
        dry_run = any(r.get("dry_run") for r in results)
        titles = ("NAMESPACE", "DEPLOYMENT", "CONTAINER", "WOULD BE" if dry_run else "OUTCOME", "IMAGE")
        print_table(table_of(titles, [row for result in results for row in _rows(result)]))


def _rows(result: RestoreResult) -> list[list[str]]:
    deployment = [result["namespace"], result["deployment"]]
    containers = result.get("containers") or []
    found = [[*deployment, one_line(c["container"], 63), c["outcome"], _image(c)] for c in containers]
    return found or [[*deployment, "", result["outcome"], result.get("error") or ""]]


def _image(container: ContainerResult) -> str:
    writer = f", by {one_line(container['by'], 80)} at {one_line(container['at'], 40)}" if container["by"] else ""
    return {
        "restored": one_line(container["original_image"]),
        "healed": f"{one_line(container['original_image'])}{writer}",
        "superseded": f"{one_line(container['found_image'])}, which stays{writer}",
    }.get(container["outcome"], "")
