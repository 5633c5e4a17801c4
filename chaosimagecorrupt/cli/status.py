"""`chaos image-corrupt status`: what is corrupted in this cluster?"""

import time
from typing import Any

import click
from rich.console import Group, RenderableType
from rich.text import Text

from ..duration import from_rfc3339
from ..errors import ClusterError, one_line
from ..kube.waiting import WatchSet
from ..record.annotations import read_record
from ..record.entry import Entry
from ..record.find import recorded_deployments
from ..workload.view import Rollout, first_failing
from .options import Reached, guarded, output_option, reach_options
from .output import IMPATIENT, as_json, as_json_line, live_view, on_terminal, rows, say, show, words_of

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

_UNKNOWN = Entry(container="", original=None)  # where only the label is left

Row = dict[str, Any]


@click.command()
@click.option("-l", "--selector", help="Label selector of the Deployments.")
@click.option("--unlabelled", is_flag=True, help="Read every Deployment, to find what operator-chaos recorded too.")
@click.option("-w", "--watch", is_flag=True, help="Stay, and show what changes.")
@output_option
@guarded
@reach_options
def status(reached: Reached, selector: str | None, unlabelled: bool, watch: bool, output: str) -> None:
    """Show every corrupted Deployment: images, since when, by whom, how long still, what its pods do now.

    In all namespaces when none is named. With --watch, JSON is a line for each change: `{records, error}`.
    """
    found = _rows(reached, selector, unlabelled)
    if not found:
        reached.check_namespace_exists()
    if watch:
        _StatusView(reached, selector, unlabelled).follow(found, output)
    elif output == "json":
        as_json(found)
    else:
        show(_table(found, reached))


class _StatusView:
    """The table, again and again."""

    def __init__(self, reached: Reached, selector: str | None, unlabelled: bool) -> None:
        self._asked = (reached, selector, unlabelled)
        self._reached = reached
        reached.cluster.patience = IMPATIENT

    def follow(self, found: list[Row], output: str) -> None:
        """Show the table until Ctrl-C; what is shown while the API server is away is what was seen last."""
        if output == "text" and on_terminal():
            with live_view() as live:
                error = None
                while True:
                    live.update(_picture(found, error, self._reached), refresh=True)
                    found, error = self._look(found)
        before: object = None
        error = None
        while True:
            lasting = ([{k: v for k, v in row.items() if k != "expires_in"} for row in found], error is None)
            if lasting != before:
                before = lasting
                _print(found, error, output, self._reached)
            found, error = self._look(found)

    def _look(self, before: list[Row]) -> tuple[list[Row], str | None]:
        time.sleep(REFRESH)
        try:
            return _rows(*self._asked), None
        except ClusterError as x:
            if not x.is_transient:
                raise
            return before, one_line(x, 500)


def _rows(reached: Reached, selector: str | None, unlabelled: bool) -> list[Row]:
    now = time.time()
    return [
        _row(deployment, entry, _pods(reached, deployment), now)
        for deployment in recorded_deployments(reached.cluster, reached.namespace, selector, unlabelled=unlabelled)
        for entry in read_record(deployment).values() or [_UNKNOWN]
    ]


def _row(deployment: dict[str, Any], entry: Entry, pods: str, now: float) -> Row:
    return {
        "namespace": deployment["metadata"]["namespace"],
        "deployment": deployment["metadata"]["name"],
        "container": entry.container or None,
        "original_image": entry.original,
        "corrupt_image": entry.image,
        "since": entry.at or None,
        "by": entry.by or ("operator-chaos" if entry.container else None),
        "expires_in": _left(entry, now),
        "pods": pods,
    }


def _left(entry: Entry, now: float) -> float | None:
    try:
        return round(from_rfc3339(entry.expires) - now, 1)
    except ValueError:
        return None


def _pods(reached: Reached, deployment: dict[str, Any]) -> str:
    metadata = deployment["metadata"]
    try:
        watch_set = WatchSet(reached.cluster)
        return Rollout(watch_set, metadata["namespace"], metadata["name"], proof=first_failing).look()[1]
    except ClusterError as x:  # it was deleted meanwhile, or the role does not allow to list its pods
        if x.is_transient:
            raise
        return one_line(x)


def _print(found: list[Row], error: str | None, output: str, reached: Reached) -> None:
    if output == "json":
        as_json_line({"records": found, "error": error})
    elif error is not None:
        say(f"{error}; trying again")
    else:
        show(_table(found, reached))


def _picture(found: list[Row], error: str | None, reached: Reached) -> RenderableType:
    if error is None:
        return _table(found, reached)
    return Group(Text(f"{error}; trying again. What was seen last:", style="bold red"), _table(found, reached))


def _table(found: list[Row], reached: Reached) -> RenderableType:
    if not found:
        return Text(f"Nothing is corrupted in {reached}.")
    keys = ("namespace", "deployment", "container", "original_image", "corrupt_image", "since", "by")
    return rows(
        _TITLES,
        [
            (*(one_line(row[k] if row[k] is not None else "?") for k in keys), _expires(row["expires_in"]), row["pods"])
            for row in found
        ],
    )


def _expires(left: float | None) -> str:
    if left is None:
        return "?"
    return f"in {words_of(left)}" if left > 0 else f"{words_of(-left)} ago"
