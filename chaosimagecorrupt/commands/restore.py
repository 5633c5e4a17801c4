"""`chaos image-corrupt restore` and `sweep`: put it back, now."""

import json
import sys
import time
from collections.abc import Iterator
from typing import Any

import click
from rich.progress import track
from rich.table import Table
from rich.text import Text

from ..duration import seconds_of
from ..errors import ClusterError, ImageCorruptError, plain
from ..fault import check_target
from ..record import expired, read_record
from ..records import recorded_deployments
from ..restore import restoration
from ..restoring import restore as restore_target
from ..target import Target
from .common import Reached, as_json, console, guarded, output_option, reach_options, say

__all__ = ["restore", "sweep"]

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
        todo: list[tuple[Target, list[str] | None]] = [(Target(name, namespace, reached.cluster), None)]
    else:
        todo = list(_recorded(reached, selector, expired_only=expired_only, unlabelled=unlabelled))
    show_bar = len(todo) > 1 and output == "text" and console().is_terminal
    steps = track(todo, "restoring", console=console(), transient=True) if show_bar else todo
    results = [_one(target, container, ids, dry_run=dry_run) for target, ids in steps]
    _show(results, output)
    sys.exit(1 if any(r["outcome"] == "failed" for r in results) else 0)


@click.command()
@click.option("-l", "--selector", help="Label selector of the Deployments.")
@click.option("--interval", help="Stay, and sweep again after this time (60s).")
@guarded
@reach_options
def sweep(reached: Reached, selector: str | None, interval: str | None) -> None:
    """Restore whatever is corrupted longer than its ttl, for a CronJob: one line of JSON for each Deployment.

    In all namespaces when none is named. Exit code 1 when one could not be restored.
    """
    pause = seconds_of(interval, "interval") if interval is not None else None
    while True:
        try:
            results = [
                _one(target, None, ids, dry_run=False)
                for target, ids in _recorded(reached, selector, expired_only=True, unlabelled=False)
            ]
        except ClusterError as x:
            if pause is None:
                raise
            results = [{"outcome": "failed", "error": plain(x, 500)}]
        for result in results:
            say(json.dumps(result, ensure_ascii=False))
        if pause is None:
            sys.exit(1 if any(r["outcome"] == "failed" for r in results) else 0)
        time.sleep(pause)


def _recorded(
    reached: Reached, selector: str | None, *, expired_only: bool, unlabelled: bool
) -> Iterator[tuple[Target, list[str] | None]]:
    """Yield the Deployments with a record, each with the injections to undo; None: all."""
    now = time.time()
    for deployment in recorded_deployments(reached.cluster, reached.namespace, selector, unlabelled=unlabelled):
        ids = [e.id for e in read_record(deployment).values() if expired(e, now)] if expired_only else None
        if ids != []:
            yield Target(deployment["metadata"]["name"], deployment["metadata"]["namespace"], reached.cluster), ids


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
