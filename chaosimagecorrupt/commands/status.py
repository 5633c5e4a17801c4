"""`chaos image-corrupt status`: what is corrupted in this cluster?"""

import time
from typing import Any

import click
from rich.live import Live
from rich.table import Table
from rich.text import Text

from ..duration import from_rfc3339
from ..errors import plain
from ..record import Entry, read_record
from ..records import recorded_deployments
from ..waiting import Followed, Rollout, first_failing
from .common import Reached, as_json, console, guarded, output_option, reach_options, say

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


@click.command()
@click.option("-l", "--selector", help="Label selector of the Deployments.")
@click.option("--unlabelled", is_flag=True, help="Read every Deployment, to find what operator-chaos recorded too.")
@click.option("-w", "--watch", is_flag=True, help="Stay, and show what changes.")
@output_option
@guarded
@reach_options
def status(reached: Reached, selector: str | None, unlabelled: bool, watch: bool, output: str) -> None:
    """Show every corrupted Deployment: images, since when, by whom, how long still, what its pods do now.

    In all namespaces when none is named.
    """
    if not watch:
        _show(_rows(reached, selector, unlabelled), output)
    elif output == "text" and console().is_terminal:
        with Live(console=console(), auto_refresh=False) as live:
            while True:
                live.update(_table(_rows(reached, selector, unlabelled)), refresh=True)
                time.sleep(REFRESH)
    else:
        _follow(reached, selector, unlabelled, output)


def _follow(reached: Reached, selector: str | None, unlabelled: bool, output: str) -> None:
    before: list[dict[str, Any]] | None = None
    while True:
        rows = _rows(reached, selector, unlabelled)
        lasting = [{k: v for k, v in row.items() if k != "expires_in"} for row in rows]
        if lasting != before:
            _show(rows, output)
            before = lasting
        time.sleep(REFRESH)


def _rows(reached: Reached, selector: str | None, unlabelled: bool) -> list[dict[str, Any]]:
    now = time.time()
    return [
        _row(deployment, entry, _pods(reached, deployment), now)
        for deployment in recorded_deployments(reached.cluster, reached.namespace, selector, unlabelled=unlabelled)
        for entry in read_record(deployment).values()
    ]


def _row(deployment: dict[str, Any], entry: Entry, pods: str, now: float) -> dict[str, Any]:
    return {
        "namespace": deployment["metadata"]["namespace"],
        "deployment": deployment["metadata"]["name"],
        "container": entry.container,
        "original_image": entry.original,
        "corrupt_image": entry.image,
        "since": entry.at or None,
        "by": entry.by or "operator-chaos",
        "expires_in": _left(entry, now),
        "pods": pods,
    }


def _left(entry: Entry, now: float) -> float | None:
    try:
        return round(from_rfc3339(entry.expires) - now, 1)
    except ValueError:
        return None


def _pods(reached: Reached, deployment: dict[str, Any]) -> str:
    followed = Followed(reached.cluster)
    metadata = deployment["metadata"]
    return Rollout(followed, metadata["namespace"], metadata["name"], proof=first_failing).look()[1]


def _show(rows: list[dict[str, Any]], output: str) -> None:
    if output == "json":
        as_json(rows)
    elif not rows:
        say("Nothing is corrupted.")
    else:
        console().print(_table(rows))


def _table(rows: list[dict[str, Any]]) -> Table:
    table = Table(box=None, pad_edge=False)
    for title in _TITLES:
        table.add_column(title, overflow="fold")
    for row in rows:
        left = row["expires_in"]
        expires = "?" if left is None else f"in {left:.0f} s" if left > 0 else f"{-left:.0f} s ago"
        keys = ("namespace", "deployment", "container", "original_image", "corrupt_image", "since", "by")
        table.add_row(*(Text(plain(row[k] if row[k] is not None else "?")) for k in keys), expires, Text(row["pods"]))
    return table
