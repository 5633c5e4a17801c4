"""What the subcommands share: the options of kubectl, errors without a traceback."""

import functools
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

import click

from ..errors import Forbidden, ImageCorruptError, Refused, one_line
from ..kube.client import Cluster, connect_by
from ..kube.kubeconfig import kubeconfig_paths, read_kubeconfig
from ..kube.names import check_namespace
from ..kube.not_found import no_namespace
from ..kube.settings import Settings, read_settings
from .completion import complete_context, complete_namespace

__all__ = ["Reached", "guarded", "output_option", "reach_options"]

F = TypeVar("F", bound=Callable[..., Any])

_ACCOUNT_NAMESPACE = Path("/var/run/secrets/kubernetes.io/serviceaccount/namespace")


@dataclass(frozen=True)
class Reached:
    """Where a command works.

    Attributes:
        cluster: the connection.
        namespace: the one that was named, None when none was.
        default_namespace: the one that counts otherwise: the kubeconfig's context's, or the pod's.
    """

    cluster: Cluster
    namespace: str | None
    default_namespace: str

    def __str__(self) -> str:
        where = f'namespace "{self.namespace}"' if self.namespace else "any namespace"
        return f"{where} of {self.cluster.address}"

    def check_namespace_exists(self) -> None:
        """Make sure that finding nothing is no typing error.

        Raises:
            NotFound: the namespace that was named does not exist. Without the right to list namespaces, nobody knows.
        """
        if self.namespace is None:
            return
        try:
            missing = no_namespace(self.cluster, self.namespace)
        except Forbidden:
            return
        if missing is not None:
            raise missing


def output_option(command: F) -> F:
    """Add `--output`."""
    choice = click.Choice(["text", "json"])
    return click.option(
        "-o", "--output", type=choice, default="text", show_default=True, help="For people or scripts."
    )(command)


def reach_options(command: F) -> F:
    """Add kubectl's options, and pass on a `Reached` as the argument `reached`."""

    @functools.wraps(command)
    def with_cluster(context: str | None, kubeconfig: str | None, namespace: str | None, **rest: Any) -> Any:
        return command(reached=_reach(context, kubeconfig, namespace), **rest)

    options = (
        click.option(
            "--context",
            shell_complete=complete_context,
            help="Of the kubeconfig; the current one when none is named.",
        ),
        click.option("--kubeconfig", type=click.Path(), help="Path of the kubeconfig; KUBECONFIG, or ~/.kube/config."),
        click.option(
            "-n",
            "--namespace",
            shell_complete=complete_namespace,
            help="Of the Deployment; the context's when none is named.",
        ),
    )
    for option in options:
        with_cluster = option(with_cluster)
    return with_cluster  # type: ignore[return-value]  # click has replaced three parameters by one


def guarded(command: F) -> F:
    """Turn errors into one line on stderr and exit code 1, and Ctrl-C into 130."""

    @functools.wraps(command)
    def without_traceback(*args: Any, **kwargs: Any) -> Any:
        if hasattr(sys.stdout, "reconfigure"):  # whatever the locale cannot show is no reason to fail
            sys.stdout.reconfigure(errors="backslashreplace")
        try:
            return command(*args, **kwargs)
        except ImageCorruptError as x:
            raise click.ClickException(str(x)) from x
        except KeyboardInterrupt:
            sys.exit(130)
        except BrokenPipeError:  # `| head`
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(141)

    return without_traceback  # type: ignore[return-value]  # it has the command's own signature


def _reach(context: str | None, kubeconfig: str | None, namespace: str | None) -> Reached:
    if namespace is not None:
        check_namespace(namespace)
    settings = read_settings(None, os.environ)
    settings = replace(settings, context=context or settings.context, kubeconfig=kubeconfig or settings.kubeconfig)
    there = any(p.exists() for p in kubeconfig_paths(settings))
    if kubeconfig and not there:
        raise Refused(f"--kubeconfig: there is no file {one_line(kubeconfig)}")
    if context and not there:  # not to end up on another cluster than the one that was named
        files = one_line(settings.kubeconfig or "~/.kube/config")
        raise Refused(f"--context {one_line(context, 80)}: there is no kubeconfig ({files}) that could hold it")
    return Reached(connect_by(settings), namespace, _default_namespace(settings))


def _default_namespace(settings: Settings) -> str:
    paths = kubeconfig_paths(settings)
    if any(p.exists() for p in paths):
        named = read_kubeconfig(paths, settings.context)["contexts"][0]["context"].get("namespace")
        return str(named or "default")
    return _ACCOUNT_NAMESPACE.read_text().strip() if _ACCOUNT_NAMESPACE.exists() else "default"
