"""`chaos image-corrupt sweep`: restore what is corrupted longer than its ttl, for a CronJob."""

import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from ..duration import seconds_of
from ..errors import ClusterError, Refused, one_line
from ..record.find import recorded_deployments
from ..restore.many import restore_all, todo_of
from .options import Reached, guarded, reach_options
from .output import as_json_line, quiet

__all__ = ["sweep"]


@click.command()
@click.option("-l", "--selector", help="Label selector of the Deployments.")
@click.option("--interval", help="Stay, and sweep again after this time (60s).")
@click.option(
    "--metrics",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write metrics to this file (NAME.prom), for the textfile collector of Prometheus' node_exporter.",
)
@guarded
@reach_options
def sweep(reached: Reached, selector: str | None, interval: str | None, metrics: Path | None) -> None:
    """Restore whatever is corrupted longer than its ttl, for a CronJob: one line of JSON for each Deployment.

    In all namespaces when none is named. Exit code 1 when one could not be restored.
    """
    quiet()
    pause = seconds_of(interval, "interval") if interval is not None else None
    while True:
        try:
            found = list(recorded_deployments(reached.cluster, reached.namespace, selector))
            todo = todo_of(reached.cluster, found, expired_only=True)
            results: list[dict[str, Any]] = [dict(r) for r in restore_all(todo)]
        except ClusterError as x:
            if pause is None:
                raise
            found, results = [], [{"outcome": "failed", "error": one_line(x, 500)}]
        for result in results:
            as_json_line(result)
        if metrics is not None:
            _write(metrics, found, results)
        if pause is None:
            sys.exit(1 if any(r["outcome"] == "failed" for r in results) else 0)
        time.sleep(pause)


def _write(path: Path, found: Sequence[Any], results: Sequence[Any]) -> None:
    """Replace the file as a whole: the collector may read it at any time."""
    try:
        from prometheus_client import write_to_textfile

        from .metrics import sweep_metrics
    except ImportError as x:
        raise Refused(f"--metrics needs more packages ({x}): pip install 'chaostoolkit-image-corrupt[metrics]'") from x
    try:
        write_to_textfile(str(path), sweep_metrics(found, results, time.time()))
    except OSError as x:
        raise Refused(f"{path} cannot be written: {x.strerror}") from x
