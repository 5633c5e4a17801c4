"""`chaos image-corrupt sweep`: restore every workload whose ttl is over, for a CronJob."""

import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from ..duration import seconds_of
from ..errors import ClusterError, Refused, one_line
from ..record.entry import OPERATOR_CHAOS, is_by_operator_chaos
from ..record.find import recorded_workloads
from ..record.snapshot import Snapshot
from ..restore.command import restore_command
from ..restore.many import restore_all, todo_of
from ..restore.outcome import RestoreOutcome
from ..workload.kinds import with_kind
from .json_types import SweepFailure, SweepLeft, SweepLine
from .options import Scope, all_namespaces_option, cluster_options, handle_errors, wrong_selector, wrong_usage
from .output import log_only_warnings, print_json_line

__all__ = ["sweep"]


def _check_metrics(_context: click.Context, _option: click.Parameter, path: Path | None) -> Path | None:
    if path is not None and path.suffix != ".prom":
        raise click.UsageError(f"--metrics: {one_line(path)} does not end with .prom, so node_exporter ignores it")
    return path


@click.command()
@click.option("-l", "--selector", help="Label selector of the Deployments.")
@click.option("--unlabelled", is_flag=True, help="Read every Deployment, to report records of operator-chaos too.")
@all_namespaces_option
@click.option("--interval", help="Keep running, and sweep again after this time, such as 60s.")
@click.option(
    "--metrics",
    type=click.Path(dir_okay=False, path_type=Path),
    callback=_check_metrics,
    help="Write metrics to this file (NAME.prom), for the textfile collector of Prometheus' node_exporter.",
)
@handle_errors
@cluster_options("all namespaces")
def sweep(
    scope: Scope,
    selector: str | None,
    unlabelled: bool,
    all_namespaces: bool,
    interval: str | None,
    metrics: Path | None,
) -> None:
    """Restore every Deployment, StatefulSet and DaemonSet whose ttl is over, for a CronJob: a line of JSON for each.

    Without -n, in all namespaces. Exit code 1 when one could not be restored. A record of operator-chaos has no ttl:
    with --unlabelled it is reported and left; without, it is not looked for.
    """
    log_only_warnings()
    scope.check_all_namespaces(all_namespaces)
    with wrong_usage("interval", "--interval"):
        pause = seconds_of(interval, "interval") if interval is not None else None
    while True:
        try:
            deployments, results = _sweep(scope, selector, unlabelled=unlabelled)
        except ClusterError as x:
            if pause is None:
                raise
            deployments, results = [], [SweepFailure(outcome=RestoreOutcome.FAILED.value, error=one_line(x, 500))]
        for line in [*results, *_left(deployments)]:
            print_json_line(line)
        if metrics is not None:
            _write_metrics(metrics, deployments, results)
        if pause is None:
            sys.exit(1 if any(r["outcome"] == RestoreOutcome.FAILED for r in results) else 0)
        time.sleep(pause)


def _sweep(scope: Scope, selector: str | None, *, unlabelled: bool) -> tuple[list[Snapshot], list[SweepLine]]:
    """Return the Deployments with a record, as they were before the sweep, and the results of the expired ones."""
    with wrong_selector(selector):
        deployments = list(recorded_workloads(scope.cluster, scope.namespace, selector, unlabelled=unlabelled))
    todo = todo_of(scope.cluster, deployments, scope.cluster.timing.now(), expired_only=True)
    return deployments, [*restore_all(todo)]


def _left(deployments: Sequence[Snapshot]) -> Iterator[SweepLeft]:
    """Yield a line for each Deployment with a record of operator-chaos, whose experiment may still run."""
    for snapshot in deployments:
        containers = [entry.container for entry in snapshot.record.values() if is_by_operator_chaos(entry)]
        if containers:
            metadata, kind = snapshot.deployment["metadata"], snapshot.kind
            left: SweepLeft = {
                "namespace": metadata["namespace"],
                "deployment": metadata["name"],
                "outcome": "left",
                "by": OPERATOR_CHAOS,
                "containers": containers,
                "reason": "the record has no ttl; to undo it: "
                + restore_command(metadata["namespace"], metadata["name"], kind),
            }
            yield with_kind(left, kind)


def _write_metrics(path: Path, deployments: Sequence[Snapshot], results: Sequence[SweepLine]) -> None:
    """Replace the file atomically: the collector may read it at any time."""
    try:
        from prometheus_client import write_to_textfile

        from .metrics import sweep_metrics
    except ImportError as x:
        raise Refused(f"--metrics needs more packages ({x}): pip install 'chaostoolkit-image-corrupt[metrics]'") from x
    try:
        write_to_textfile(str(path), sweep_metrics(deployments, results, time.time()))
    except OSError as x:
        raise Refused(f"{path} cannot be written: {x.strerror}") from x
