"""`chaos image-corrupt restore`: restore the original images now."""

import sys
import threading
from collections import deque
from collections.abc import Callable, Sequence
from typing import NamedTuple, NoReturn

import click
from rich.progress import Progress

from ..concurrency import CONCURRENCY, map_concurrently
from ..errors import ImageCorruptError, Unreachable, one_line
from ..fault.refusals import target_container
from ..kube.client import ONE_ATTEMPT
from ..record.find import recorded_workloads
from ..record.snapshot import Snapshot
from ..restore.many import Todo, finish_one, todo_of
from ..restore.outcome import RestoreOutcome
from ..restore.restore import Restoration, preview_restore, put_back
from ..restore.result import ContainerResult, NotRestored, not_restored
from ..workload.kinds import kind_named, workload_argument
from ..workload.target import Target
from .completion import complete_corrupted
from .json_types import RestoreItem
from .options import (
    Scope,
    all_namespaces_option,
    cluster_options,
    container_option,
    handle_errors,
    output_option,
    wrong_selector,
)
from .output import console, is_live, log_above_view, print_json, print_line, print_table, table_of
from .streams import exit_interrupted
from .unlabelled import HOW_TO_FIND, left_text, without_operator_chaos

__all__ = ["restore"]


@click.command()
@click.argument("name", required=False, shell_complete=complete_corrupted)
@container_option("The container; default: every recorded one.")
@click.option("--all", "everything", is_flag=True, help="Every corrupted Deployment, StatefulSet and DaemonSet.")
@click.option("--expired", "expired_only", is_flag=True, help="Every one whose ttl is over.")
@click.option("-l", "--selector", help="Every corrupted one that this label selector matches.")
@all_namespaces_option
@click.option("--unlabelled", is_flag=True, help="Read every Deployment, to restore those of operator-chaos too.")
@click.option("--dry-run", is_flag=True, help="Print what would be done, and change nothing.")
@output_option
@handle_errors
@cluster_options("that of the context; without NAME, all")
def restore(
    scope: Scope,
    name: str | None,
    container: str | None,
    everything: bool,
    expired_only: bool,
    selector: str | None,
    all_namespaces: bool,
    unlabelled: bool,
    dry_run: bool,
    output: str,
) -> None:
    """Restore the image of the Deployment NAME, or of the Deployments that an option selects.

    NAME may be of another kind, as kubectl takes it: statefulset/web, ds/web. An option selects all kinds.

    Without -n, an option selects in all namespaces. Exit code 1 when one could not be restored.
    """
    scope.check_all_namespaces(all_namespaces)
    _check_usage(name, selects=everything or expired_only or selector is not None, all_namespaces=all_namespaces)
    if name is not None:
        selection = _Selection([Todo(scope.target(name), None)])
    else:
        selection = _selected(scope, selector, expired_only=expired_only, unlabelled=unlabelled)
    run = _Run(selection.todo, container, bar=is_live(output) and len(selection.todo) > 1)
    try:
        results = run.all(dry_run=dry_run)
    except KeyboardInterrupt:
        _interrupted(run, output, scope, selection)
    if name is not None:
        _explain(selection.todo[0].target, container, results[0])
    _print_results(results, output, scope, selection)
    sys.exit(1 if any("error" in result for result in results) else 0)


def _check_usage(name: str | None, *, selects: bool, all_namespaces: bool) -> None:
    if selects == (name is not None):
        raise click.UsageError("name one Deployment, or select with --all, --expired or --selector")
    if name is not None and all_namespaces:
        raise click.UsageError("-A goes with --all, --expired or --selector; a Deployment is in one namespace")


class _Selection(NamedTuple):
    """What is restored, and what is not.

    Attributes:
        todo: the Deployments to restore.
        left: those that only operator-chaos has corrupted, which are restored only if that was asked for.
        hint: how to find more; empty when all were found.
    """

    todo: list[Todo]
    left: Sequence[Snapshot] = ()
    hint: str = ""


def _selected(scope: Scope, selector: str | None, *, expired_only: bool, unlabelled: bool) -> _Selection:
    # one namespace is one list; a record of operator-chaos has no ttl that could be over
    reads_all = unlabelled or (scope.namespace is not None and not expired_only)
    with wrong_selector(selector):
        found = list(recorded_workloads(scope.cluster, scope.namespace, selector, unlabelled=reads_all))
    if not found:
        scope.check_namespace_exists()
    chosen, left = (found, []) if unlabelled else without_operator_chaos(found)
    todo = todo_of(scope.cluster, chosen, scope.cluster.timing.now(), expired_only=expired_only)
    return _Selection(todo, left, "" if reads_all or expired_only else HOW_TO_FIND)


def _interrupted(run: "_Run", output: str, scope: Scope, selection: _Selection) -> NoReturn:
    click.echo(f"Interrupted: {run.left}", err=True)
    _print_results(run.results_so_far, output, scope, selection)
    exit_interrupted()


class _Run:
    """Restores several Deployments, and keeps each result, so that Ctrl-C does not lose it.

    Args:
        todo: the Deployments.
        container: the container; None for every recorded one.
        bar: whether a progress bar is shown.
    """

    def __init__(self, todo: list[Todo], container: str | None, *, bar: bool) -> None:
        self.todo, self._container, self._bar = todo, container, bar
        self._unreachable = threading.Event()
        self._put_back: dict[int, Restoration | NotRestored] = {}
        self._done: dict[int, RestoreItem] = {}

    @property
    def results_so_far(self) -> list[RestoreItem]:
        """The results of the Deployments that are restored, those that are not cleaned up yet included."""
        put_back = {n: r.result() if isinstance(r, Restoration) else r for n, r in self._put_back.items()}
        return [result for _, result in sorted({**put_back, **self._done}.items())]

    @property
    def left(self) -> str:
        """How many are not restored, and how many are, but may have traces left: a stuck pod, a corrupt revision."""
        number, put_back = len(self.todo), len(self._put_back.keys() | self._done.keys())
        unclean = put_back - len(self._done)
        text = f"{number - put_back} of {number} are not done"
        return text + (f"; {unclean} may not be cleaned up: restore again" if unclean else "")

    def all(self, *, dry_run: bool) -> list[RestoreItem]:
        """Put all images back, then clean up; return the results. In a dry run, return what would be done."""
        if dry_run:
            self._track(self._preview_one, "reading")
        else:
            self._track(self._put_back_one, "restoring")
            self._track(self._finish_one, "cleaning up")
        return self.results_so_far

    def _track(self, one: Callable[[int], None], description: str) -> None:
        steps = map_concurrently(one, range(len(self.todo)), CONCURRENCY)
        if not self._bar:  # Progress(disable=True) prints an empty line with rich older than 14.3
            deque(steps, maxlen=0)
            return
        with Progress(console=console(), transient=True) as progress, log_above_view():
            deque(progress.track(steps, total=len(self.todo), description=description), maxlen=0)

    def _put_back_one(self, number: int) -> None:
        target, ids, listed = self.todo[number]
        if self._unreachable.is_set():  # otherwise each of the others would wait as long
            target = Target(target.name, target.namespace, target.cluster.with_patience(ONE_ATTEMPT), target.kind)
        try:
            restoration = put_back(target, container_name=self._container, injection_ids=ids, listed=listed)
            self._put_back[number] = restoration
        except ImageCorruptError as x:
            if isinstance(x, Unreachable):
                self._unreachable.set()
            self._put_back[number] = not_restored(target, x)

    def _finish_one(self, number: int) -> None:
        self._done[number] = finish_one(self._put_back[number])

    def _preview_one(self, number: int) -> None:
        target, ids, _ = self.todo[number]
        try:
            self._done[number] = preview_restore(target, container_name=self._container, injection_ids=ids)
        except ImageCorruptError as x:
            self._done[number] = not_restored(target, x)


def _explain(target: Target, container: str | None, result: RestoreItem) -> None:
    """Add an error that lists the existing names when the named Deployment or container does not exist."""
    try:
        if result["outcome"] == RestoreOutcome.DEPLOYMENT_GONE:
            target.get()
        elif result["outcome"] == RestoreOutcome.NOTHING_TO_RESTORE and container is not None:
            target_container(target.get(), container)
    except ImageCorruptError as x:
        result["error"] = one_line(x, 500)


def _print_results(results: list[RestoreItem], output: str, scope: Scope, selection: _Selection) -> None:
    if output == "json":
        print_json(results)
    elif results:
        dry_run = any(r.get("dry_run") for r in results)
        titles = ("NAMESPACE", "DEPLOYMENT", "CONTAINER", "WOULD BE" if dry_run else "OUTCOME", "IMAGE")
        print_table(table_of(titles, [row for result in results for row in _rows(result)]))
    elif not selection.left:
        print_line(f"There is nothing to restore in {scope}.")
    note = left_text(selection.left) if selection.left else selection.hint
    if note:
        click.echo(note, err=True)


def _rows(result: RestoreItem) -> list[list[str]]:
    name = workload_argument(result["deployment"], kind_named(result.get("kind")))
    deployment = [result["namespace"], name]
    rows = [_row(deployment, each) for each in result["containers"]] if "containers" in result else []
    return rows or [[*deployment, "", result["outcome"], result.get("error") or ""]]


def _row(deployment: list[str], container: ContainerResult) -> list[str]:
    return [*deployment, one_line(container["container"], 63), container["outcome"], _image(container)]


def _image(container: ContainerResult) -> str:
    writer = f", by {one_line(container['by'], 80)} at {one_line(container['at'], 40)}" if container["by"] else ""
    return {
        RestoreOutcome.RESTORED.value: one_line(container["original_image"]),
        RestoreOutcome.HEALED.value: f"{one_line(container['original_image'])}{writer}",
        RestoreOutcome.SUPERSEDED.value: f"{one_line(container['found_image'])}, which stays{writer}",
    }.get(container["outcome"], "")
