"""`chaos image-corrupt status`: what is corrupted in this cluster?"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import click
from rich.console import Group, RenderableType
from rich.text import Text

from ..duration import from_rfc3339
from ..errors import ClusterError, one_line
from ..kube.waiting import WatchSet
from ..record.entry import Entry
from ..record.find import recorded_deployments
from ..workload.view import Rollout, first_failing
from .json_types import StatusLine, StatusRow
from .options import Scope, cluster_options, handle_errors, output_option
from .output import (
    NO_RETRY,
    is_live,
    live_view,
    print_json,
    print_json_line,
    print_line,
    print_table,
    short_duration,
    table_of,
)

__all__ = ["status"]

REFRESH = 1.0  # seconds
_TITLES = (
    "NAMESPACE",
    "DEPLOYMENT",
    "CONTAINER",
    "ORIGINAL IMAGE",
    "CORRUPT IMAGE",
    "SINCE",
    "BY",
    "EXPIRES",
    "PODS",
)

_UNKNOWN = Entry(container="", original=None)  # stands for a record of which only the label is left


@click.command()
@click.option("-l", "--selector", help="Label selector of the Deployments.")
@click.option("--unlabelled", is_flag=True, help="Read every Deployment, to find records of operator-chaos too.")
@click.option("-w", "--watch", is_flag=True, help="Keep running, and show changes.")
@output_option
@handle_errors
@cluster_options
def status(scope: Scope, selector: str | None, unlabelled: bool, watch: bool, output: str) -> None:
    """Show every corrupted Deployment: images, since when, by whom, when its ttl ends, the state of its pods.

    Without -n, in all namespaces. With --watch, JSON is a line for each change: `{records, error}`.
    """
    query = _Query(scope, selector, unlabelled)
    rows = query.rows()
    if not rows:
        scope.check_namespace_exists()
    if watch:
        _StatusView(query).follow(rows, output)
    elif output == "json":
        print_json(rows)
    else:
        print_table(_table(rows, scope))


@dataclass(frozen=True)
class _Query:
    """Which Deployments to show."""

    scope: Scope
    selector: str | None
    unlabelled: bool

    def rows(self) -> list[StatusRow]:
        """Read the rows from the cluster."""
        now, scope = time.time(), self.scope
        return [
            _row(found.deployment, entry, _pods(scope, found.deployment), now)
            for found in recorded_deployments(scope.cluster, scope.namespace, self.selector, unlabelled=self.unlabelled)
            for entry in found.record.values() or [_UNKNOWN]
        ]


class _StatusView:
    """The table, updated until Ctrl-C; while the API server is unreachable, the last one with the error."""

    def __init__(self, query: _Query) -> None:
        self._scope = replace(query.scope, cluster=query.scope.cluster.with_patience(NO_RETRY))
        self._query = replace(query, scope=self._scope)

    def follow(self, rows: list[StatusRow], output: str) -> None:
        """Show the table until Ctrl-C.

        Args:
            rows: the first ones.
            output: `text` or `json`.
        """
        if is_live(output):
            self._update_screen(rows)
        else:
            self._print_changes(rows, output)

    def _update_screen(self, rows: list[StatusRow]) -> None:
        error = None
        with live_view() as live:
            while True:
                table = _table(rows, self._scope)
                if error is not None:
                    table = Group(Text(f"{error}; trying again. The last state:", style="bold red"), table)
                live.update(table, refresh=True)
                rows, error = self._refresh(rows)

    def _print_changes(self, rows: list[StatusRow], output: str) -> None:
        before: object = None
        error = None
        while True:
            # the remaining time always changes, and an error may differ in its details only
            now = ([{**row, "expires_in": None} for row in rows], error is None)
            if now != before:
                before = now
                self._print(rows, error, output)
            rows, error = self._refresh(rows)

    def _print(self, rows: list[StatusRow], error: str | None, output: str) -> None:
        if output == "json":
            print_json_line(StatusLine(records=rows, error=error))
        elif error is not None:
            print_line(f"{error}; trying again")
        else:
            print_table(_table(rows, self._scope))

    def _refresh(self, before: list[StatusRow]) -> tuple[list[StatusRow], str | None]:
        time.sleep(REFRESH)
        try:
            return self._query.rows(), None
        except ClusterError as x:
            if not x.is_transient:
                raise
            return before, one_line(x, 500)


def _row(deployment: Mapping[str, Any], entry: Entry, pods: str, now: float) -> StatusRow:
    return {
        "namespace": deployment["metadata"]["namespace"],
        "deployment": deployment["metadata"]["name"],
        "container": entry.container or None,
        "original_image": entry.original,
        "corrupt_image": entry.image,
        "since": entry.at or None,
        "by": entry.by or ("operator-chaos" if entry.container else None),
        "expires_in": _expires_in(entry, now),
        "pods": pods,
    }


def _expires_in(entry: Entry, now: float) -> float | None:
    try:
        return round(from_rfc3339(entry.expires) - now, 1)
    except ValueError:
        return None


def _pods(scope: Scope, deployment: Mapping[str, Any]) -> str:
    metadata = deployment["metadata"]
    try:
        watch_set = WatchSet(scope.cluster)
        return Rollout(watch_set, metadata["namespace"], metadata["name"], proof=first_failing).look().text
    except ClusterError as x:  # it was deleted meanwhile, or the role does not allow to list its pods
        if x.is_transient:
            raise
        return one_line(x)


def _table(rows: Sequence[StatusRow], scope: Scope) -> RenderableType:
    if not rows:
        return Text(f"Nothing is corrupted in {scope}.")
    return table_of(_TITLES, [_cells(row) for row in rows])


def _cells(row: StatusRow) -> tuple[str, ...]:
    values = (
        row["namespace"],
        row["deployment"],
        row["container"],
        row["original_image"],
        row["corrupt_image"],
        row["since"],
        row["by"],
    )
    return (*(one_line(v if v is not None else "?") for v in values), _expires(row["expires_in"]), row["pods"])


def _expires(seconds: float | None) -> str:
    if seconds is None:
        return "?"
    return f"in {short_duration(seconds)}" if seconds > 0 else f"{short_duration(-seconds)} ago"
