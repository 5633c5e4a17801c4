"""`chaos image-corrupt simulate`: a simulated cluster for one command, or until Ctrl-C."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import click

from .json_types import SimulatorAddress
from .options import handle_errors, output_option
from .output import print_json, print_line

__all__ = ["simulate"]

GUARDS_END_WITHIN = 5.0  # seconds; a guard ends 1 s after its fault is undone, or sooner


@click.command(context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False})
@click.option(
    "--seed",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Manifests to start with (YAML or JSON); default: the five components of the experiments.",
)
@click.option(
    "--keep", is_flag=True, help="Keep the cluster running until Ctrl-C, and print the `export KUBECONFIG=` line."
)
@click.option("--list", "list_components", is_flag=True, help="List the workloads that it starts with, and exit.")
@click.argument("command", nargs=-1, type=click.UNPROCESSED)
@output_option
@handle_errors
def simulate(seed: Path | None, keep: bool, list_components: bool, command: tuple[str, ...], output: str) -> None:
    """Run COMMAND with KUBECONFIG pointing at a simulated cluster, and return its exit code.

    With --output json, --keep prints `{kubeconfig, server}` and --list a list of names.

    \b
    Example:
      chaos image-corrupt simulate -- chaos run $(chaos image-corrupt experiments --path cert-manager)
    """
    try:
        from ..guard.processes import end_guards
        from ..simulator import Simulator
        from ..simulator.components import default_manifests, load_manifests
    except ModuleNotFoundError as x:
        if (x.name or "").startswith("chaosimagecorrupt"):
            raise
        raise click.ClickException(
            f"the simulator needs more packages ({x}): pip install 'chaostoolkit-image-corrupt[simulator]'"
        ) from x
    if keep + list_components + bool(command) != 1:
        raise click.UsageError("give a COMMAND after --, or --keep, or --list")
    on_sigterm = _SigtermHandler()
    signal.signal(signal.SIGTERM, on_sigterm)
    with ExitStack() as stack:
        with _named_errors(seed):
            manifests = load_manifests(seed) if seed is not None else default_manifests()
        if list_components:
            _print_components(manifests, output)
            return
        with _named_errors(seed):
            simulator = stack.enter_context(Simulator(manifests))
        click.echo(f"A simulated cluster, not a real one, is at {simulator.url}", err=True)
        stack.callback(lambda: _end_guards(end_guards, simulator.url))
        if keep:
            _wait_for_signal(simulator.kubeconfig, simulator.url, output)
        else:
            sys.exit(_run(command, {**os.environ, "KUBECONFIG": str(simulator.kubeconfig)}, on_sigterm))


@contextmanager
def _named_errors(seed: Path | None) -> Iterator[None]:
    """Turn what is wrong with the manifests into one line that names their file."""
    try:
        yield
    except (ValueError, OSError) as x:
        called = f"{seed}: " if seed is not None else ""
        raise click.ClickException(f"{called}{str(x).removeprefix(called)}") from x


def _end_guards(end: Callable[[str, float], int], url: str) -> None:
    """End the guards of the cluster, which is about to go away."""
    asked = end(url, GUARDS_END_WITHIN)
    if asked:
        guards = f"{asked} guard{'s' if asked > 1 else ''}"
        click.echo(f"Faults were left to {guards}, asked to restore them before the cluster ends", err=True)


def _print_components(manifests: list[dict[str, Any]], output: str) -> None:
    """Print the workloads: `namespace/name`, with the kind before the name where it is no Deployment."""
    kinds = {"Deployment": "", "StatefulSet": "statefulset/", "DaemonSet": "daemonset/"}
    workloads = [(kinds[m["kind"]], m["metadata"]) for m in manifests if m["kind"] in kinds]
    names = [f"{metadata.get('namespace', 'default')}/{kind}{metadata['name']}" for kind, metadata in workloads]
    if output == "json":
        print_json(names)
    else:
        for name in names:
            print_line(name)


def _wait_for_signal(kubeconfig: Path, url: str, output: str) -> None:
    from ..simulator.ending import Ending

    ending = Ending()
    if output == "json":
        print_json(SimulatorAddress(kubeconfig=str(kubeconfig), server=url))
    else:
        click.echo(f"export KUBECONFIG={kubeconfig}")
    sys.stdout.flush()
    ending.wait()


class _SigtermHandler:
    """Ends the command, or this process before there is one, so that neither the command nor the kubeconfig is left."""

    def __init__(self) -> None:
        self._starting, self._received = False, False
        self._process: subprocess.Popen[bytes] | None = None

    def __call__(self, number: int, frame: FrameType | None) -> None:
        self._received = True
        if self._process is not None:
            self._process.terminate()
        elif not self._starting:
            sys.exit(128 + number)

    def start(self, command: tuple[str, ...], env: dict[str, str]) -> "subprocess.Popen[bytes]":
        """Start the command; a SIGTERM that arrives meanwhile is passed on to it."""
        self._starting = True
        self._process = subprocess.Popen(command, env=env)
        if self._received:
            self._process.terminate()
        return self._process


def _run(command: tuple[str, ...], env: dict[str, str], on_sigterm: _SigtermHandler) -> int:
    """Run a command to its end, whatever signals arrive; return its exit code as a shell would."""
    # the terminal sends Ctrl-C to the command too; the simulated cluster must outlive it
    signal.signal(signal.SIGINT, lambda number, frame: None)
    try:
        process = on_sigterm.start(command, env)
    except OSError as x:
        click.echo(f"Error: {command[0]}: {x.strerror}", err=True)
        return 127 if isinstance(x, FileNotFoundError) else 126
    code = process.wait()
    return code if code >= 0 else 128 - code
