"""`chaos image-corrupt status`: what is corrupted in this cluster?"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

import click
from rich.console import Console
from rich.text import Text

from ..concurrency import CONCURRENCY, map_concurrently
from ..errors import ClusterError, one_line
from ..kube.client import ONE_ATTEMPT
from ..kube.waiting import WatchSet
from ..record.find import recorded_workloads
from ..record.snapshot import Snapshot
from ..workload.target import Target
from ..workload.view import Rollout, first_failing
from .json_types import StatusLine
from .options import Scope, cluster_options, handle_errors, wrong_selector
from .output import (
    console,
    is_live,
    live_view,
    print_json,
    print_json_line,
    print_line,
    print_table,
    table_of,
)
from .status_changes import ChangedRows
from .status_faults import FaultStatus, fault_of, json_rows, waiting_reason, worst_first
from .status_text import Layout, footer_lines, no_faults, screen_of, status_lines
from .unlabelled import HOW_TO_FIND

__all__ = ["status"]

REFRESH = 1.0  # seconds
RESIZE_CHECK = 0.1  # seconds between two looks at the size of the terminal


@click.command()
@click.option("-l", "--selector", help="Label selector of the Deployments.")
@click.option("-A", "--all-namespaces", is_flag=True, help="In all namespaces, also with -n; the default without -n.")
@click.option(
    "--unlabelled",
    is_flag=True,
    help="Read every Deployment, to find records of operator-chaos too; the default with -n, but not with -w.",
)
@click.option("-w", "--watch", is_flag=True, help="Keep running, and show changes.")
@click.option(
    "-o",
    "--output",
    type=click.Choice(["text", "wide", "json"]),
    default="text",
    show_default=True,
    help="For people, with images, who and id too, or for scripts.",
)
@handle_errors
@cluster_options("all namespaces")
def status(
    scope: Scope, selector: str | None, all_namespaces: bool, unlabelled: bool, watch: bool, output: str
) -> None:
    """List the corrupted Deployments, the worst first.

    The columns: ready pods, why new ones wait, since when, and when the ttl ends. Without -n, in all namespaces. With
    --watch, a terminal shows as many as it has room for. Elsewhere each change is a row, or a line of JSON:
    `{records, error}`.
    """
    scope = replace(scope, namespace=None) if all_namespaces else scope
    # one namespace is one list; --watch repeats it each second, so it takes only what the label selects
    query = _Query(scope, selector, unlabelled or (scope.namespace is not None and not watch))
    with wrong_selector(selector):
        faults = query.faults()
    if not faults:
        scope.check_namespace_exists()
    layout = Layout(all_namespaces=scope.namespace is None, wide=output == "wide")
    if watch:
        _watch(_StatusView(query, layout), faults, output)
    elif output == "json" or faults:
        _print(faults, layout, output)
        if not query.unlabelled:
            click.echo(HOW_TO_FIND, err=True)
    else:
        click.echo(query.no_faults_text, err=True)


def _watch(view: "_StatusView", faults: list[FaultStatus], output: str) -> None:
    if output == "json":
        view.print_json_lines(faults)
    elif is_live("text"):
        view.update_screen(faults)
    else:
        view.print_changed_rows(faults)


def _print(faults: Sequence[FaultStatus], layout: Layout, output: str) -> None:
    if output == "json":
        print_json(json_rows(faults, time.time()))
    else:
        _print_faults(faults, layout)


def _print_faults(faults: Sequence[FaultStatus], layout: Layout) -> None:
    terminal = console() if is_live("text") else None
    now, width = time.time(), terminal.width if terminal else None
    if layout.wide and width is not None and not layout.fits(faults, now, width):
        print_table(table_of(layout.titles, layout.rows(faults, now)))  # all was asked for
        lines = footer_lines(faults, now)
    else:
        lines = status_lines(faults, now, layout, width)
    print_table(Text("\n".join(lines)))


@dataclass(frozen=True)
class _Query:
    """Which Deployments to show."""

    scope: Scope
    selector: str | None
    unlabelled: bool

    def faults(self) -> list[FaultStatus]:
        """Read the faults from the cluster, the worst first."""
        scope = self.scope
        found = list(recorded_workloads(scope.cluster, scope.namespace, self.selector, unlabelled=self.unlabelled))
        return worst_first(map_concurrently(self._fault, found, CONCURRENCY), time.time())

    @property
    def no_faults_text(self) -> str:
        """What to say when there are none."""
        return no_faults(self.scope.namespace, unlabelled=self.unlabelled)

    def _fault(self, snapshot: Snapshot) -> FaultStatus:
        target = Target.found(snapshot.deployment, self.scope.cluster)
        try:
            if not snapshot.record:  # then only the ReplicaSets tell whether an image is a corrupt one
                snapshot = snapshot.with_revisions(target.revisions(snapshot.deployment))
            view, text = Rollout(WatchSet(target.cluster), target, proof=first_failing).look()
        except ClusterError as x:  # it was deleted meanwhile, or the role does not allow to list what it has
            if x.is_transient:
                raise
            return fault_of(snapshot, None, one_line(x), one_line(x))
        return fault_of(snapshot, waiting_reason(view), text, None)


class _StatusView:
    """The faults, updated until Ctrl-C; while the API server is unreachable, the last ones with the error.

    Args:
        query: which Deployments to show.
        layout: which columns to show.
    """

    def __init__(self, query: _Query, layout: Layout) -> None:
        scope = replace(query.scope, cluster=query.scope.cluster.with_patience(ONE_ATTEMPT))
        self._query, self._layout = replace(query, scope=scope), layout

    def update_screen(self, faults: list[FaultStatus]) -> None:
        """Show as many faults as the terminal has room for, in place.

        Args:
            faults: the first ones, the worst first.
        """
        error = None
        with live_view() as live:
            size = live.console.size
            while True:
                if live.console.size != size:
                    live.console.clear()  # what was drawn before is now on other lines
                size = live.console.size
                lines = screen_of(faults, time.time(), self._layout, size, self._query.no_faults_text, error)
                live.update(Text("\n".join(lines), no_wrap=True), refresh=True)
                if not _is_resized(live.console, size):
                    faults, error = self._read(faults)

    def print_changed_rows(self, faults: list[FaultStatus]) -> None:
        """Print the faults, and then a row for each that changes, as kubectl does."""
        rows, error = ChangedRows(self._layout), None
        if not faults:
            click.echo(self._query.no_faults_text, err=True)
        while True:
            for line in rows.update(faults, time.time()):
                print_line(line)
            before = error
            faults, error = self._read_again(faults)
            if error is not None and before is None:
                print_line(f"{error}; trying again")

    def print_json_lines(self, faults: list[FaultStatus]) -> None:
        """Print a line of JSON for each change."""
        before: object = None
        error = None
        while True:
            records = json_rows(faults, time.time())
            # the remaining time always changes, and an error may differ in its details only
            now = ([{**r, "expires_in": (r["expires_in"] or 0) < 0} for r in records], error is None)
            if now != before:
                before = now
                print_json_line(StatusLine(records=records, error=error))
            faults, error = self._read_again(faults)

    def _read_again(self, before: list[FaultStatus]) -> tuple[list[FaultStatus], str | None]:
        time.sleep(REFRESH)
        return self._read(before)

    def _read(self, before: list[FaultStatus]) -> tuple[list[FaultStatus], str | None]:
        try:
            return self._query.faults(), None
        except ClusterError as x:
            if not x.is_transient:
                raise
            return before, one_line(x, 500)


def _is_resized(terminal: Console, size: object) -> bool:
    """Wait until the faults are to be read again, or until the terminal has another size."""
    until = time.monotonic() + REFRESH
    while time.monotonic() < until:
        if terminal.size != size:
            return True
        time.sleep(RESIZE_CHECK)
    return False
