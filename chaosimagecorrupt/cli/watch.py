"""`chaos image-corrupt watch`: a live view of one rollout."""

import sys
import time
from contextlib import closing, nullcontext

import click
from rich.live import Live

from ..errors import ClusterError, NotFound, one_line
from ..kube.client import ONE_ATTEMPT
from ..kube.informer import Informer
from ..kube.requests import get_request
from ..kube.resources import EVENTS
from ..kube.waiting import WatchSet
from ..workload.target import Target
from ..workload.view import Rollout, every_pod
from .completion import complete_deployment
from .json_types import WatchState
from .options import Scope, cluster_options, handle_errors, output_option
from .output import is_live, live_view, print_json_line, print_line
from .watch_state import FaultHistory, no_rollout, read_state
from .watch_text import line_of, view_of

__all__ = ["watch"]

TICK = 1.0  # seconds between two updates of the durations that the view shows
HEARTBEAT = 2.0  # seconds between two requests that check the connection to the API server


@click.command()
@click.argument("name", shell_complete=complete_deployment)
@click.option("--stay", is_flag=True, help="Continue after the recovery, until Ctrl-C.")
@output_option
@handle_errors
@cluster_options()
def watch(scope: Scope, name: str, stay: bool, output: str) -> None:
    """Wait for a fault in the Deployment NAME, and follow its rollout until it has recovered, or until Ctrl-C.

    JSON is a line for each change.
    """
    view = live_view() if is_live(output) else nullcontext()
    with closing(_WatchedRollout(scope.target(name))) as rollout, view as live:
        printer = _LinePrinter(output) if live is None else _ScreenPrinter(live)
        while True:
            state = rollout.read()
            printer.update(state)
            if state["recovered"] and not stay:
                sys.exit(0)
            rollout.wait()


class _WatchedRollout:
    """The rollout of a Deployment; its watches are opened again when the API server was unreachable."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._watch_set = WatchSet(target.cluster)
        self._open_watches()
        self._cluster = target.cluster.with_patience(ONE_ATTEMPT)
        self._history = FaultHistory()
        self._state = no_rollout("", self._history)
        self._last_check = time.monotonic()

    def read(self) -> WatchState:
        """Return the present state; while the API server is unreachable, the last one with the error."""
        try:
            if time.monotonic() >= self._last_check + HEARTBEAT:
                self._check_connection()
            rollout = self._rollout or self._open_watches()
            self._state = read_state(rollout, list(self._events.objects.values()), self._history)
        except NotFound as x:
            self._close_watches()
            self._state = no_rollout(str(x), self._history)
        except ClusterError as x:
            if not x.is_transient:
                raise
            self._close_watches()
            self._state = {**self._state, "recovered": False, "error": one_line(x, 500)}
        return self._state

    def wait(self) -> None:
        """Wait for the next change, at most for one tick."""
        if self._rollout is None:
            time.sleep(TICK)
        else:
            self._watch_set.next_change(time.monotonic() + TICK)

    def close(self) -> None:
        """Stop following it."""
        self._watch_set.close()

    def _check_connection(self) -> None:
        """Read the Deployment: a watch on a silently cut connection ends only after its timeout."""
        self._last_check = time.monotonic()
        self._cluster.send(get_request(self._target.kind.resource, self._target.namespace, self._target.name))

    def _open_watches(self) -> Rollout:
        namespace = self._target.namespace
        rollout = Rollout(self._watch_set, self._target, revisions=True, proof=every_pod)
        self._rollout: Rollout | None = rollout
        query = {"fieldSelector": "involvedObject.kind=Pod,reason=Pulling"}
        self._events: Informer = self._watch_set.add(EVENTS, namespace, query)
        return rollout

    def _close_watches(self) -> None:
        """Close the watches; those that are opened next give up at once, so that the view stays up to date."""
        self._watch_set.close()
        self._watch_set, self._rollout = WatchSet(self._cluster), None


class _ScreenPrinter:
    """Shows the state on a terminal, in place."""

    def __init__(self, live: Live) -> None:
        self._live, self._size = live, live.console.size

    def update(self, state: WatchState) -> None:
        """Show the state."""
        size = self._live.console.size
        if size != self._size:
            self._live.console.clear()  # what was drawn before is now on other lines
        self._size = size
        self._live.update(view_of(state, size.width), refresh=True)


class _LinePrinter:
    """Prints a line for each change of the state."""

    def __init__(self, output: str) -> None:
        self._output, self._before = output, ""

    def update(self, state: WatchState) -> None:
        """Print the state when it differs from the previous one in more than its durations."""
        text = line_of(state)
        key = text if state["error"] is None else "error"
        if key == self._before:
            return
        self._before = key
        if self._output == "json":
            print_json_line(state)
        else:
            print_line(f"{time.strftime('%H:%M:%S')} {text}")
