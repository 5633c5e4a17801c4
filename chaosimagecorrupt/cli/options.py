"""What the subcommands share: the options of kubectl, and errors without a traceback."""

import functools
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ParamSpec, TypeVar

import click

from ..errors import ClusterError, Forbidden, ImageCorruptError, Refused, one_line
from ..kube.client import Cluster, connect_by
from ..kube.kubeconfig import kubeconfig_paths, read_kubeconfig
from ..kube.names import DNS_LABEL, check_namespace, check_target
from ..kube.not_found import no_namespace
from ..kube.settings import Settings, read_settings
from ..workload.kinds import split_name
from ..workload.target import Target
from .completion import complete_context, complete_namespace
from .streams import orderly_end

__all__ = [
    "Scope",
    "all_namespaces_option",
    "cluster_options",
    "container_option",
    "handle_errors",
    "output_option",
    "wrong_selector",
    "wrong_usage",
]

F = TypeVar("F", bound=Callable[..., object])
P = ParamSpec("P")
R = TypeVar("R")

_ACCOUNT_NAMESPACE = Path("/var/run/secrets/kubernetes.io/serviceaccount/namespace")


@dataclass(frozen=True)
class Scope:
    """The cluster and the namespace that a command works in.

    Attributes:
        cluster: the connection.
        namespace: of the option `-n`, None without it.
        default_namespace: of the kubeconfig's context, or of the pod that this runs in.
    """

    cluster: Cluster
    namespace: str | None
    default_namespace: str

    def __str__(self) -> str:
        where = f'namespace "{self.namespace}"' if self.namespace else "any namespace"
        return f"{where} of {self.cluster.address}"

    def target(self, name: str) -> Target:
        """Return the workload of that name in the namespace of `-n` or the default one; nothing is read.

        Args:
            name: of a Deployment, or of another kind as kubectl takes and prints it: `statefulset/web`, `ds/web`.

        Raises:
            UsageError: the name or the namespace is not valid.
        """
        namespace = self.namespace or self.default_namespace
        with wrong_usage("kind", "NAME"), wrong_usage("name", "NAME"), wrong_usage("ns", "-n"):
            kind, name = split_name(name)
            check_target(name, namespace)
        return Target(name, namespace, self.cluster, kind)

    def check_all_namespaces(self, all_namespaces: bool) -> None:
        """Refuse `-A` together with `-n`, of which kubectl would ignore one.

        Args:
            all_namespaces: whether `-A` was given; without `-n` it changes nothing.

        Raises:
            UsageError: both were given.
        """
        if all_namespaces and self.namespace is not None:
            raise click.UsageError("-A and -n exclude each other: name one namespace, or take all of them")

    def check_namespace_exists(self) -> None:
        """Check that the namespace of `-n` exists, so that a typing error does not look like an empty result.

        Raises:
            NotFound: it does not exist. Without the right to list namespaces, this is not checked.
        """
        if self.namespace is None:
            return
        try:
            missing = no_namespace(self.cluster, self.namespace)
        except Forbidden:
            return
        if missing is not None:
            raise missing


@contextmanager
def wrong_usage(argument: str, option: str) -> Iterator[None]:
    """Turn a refusal of what was given on the command line into wrong usage, which is exit code 2.

    Args:
        argument: the argument that the refusal names first.
        option: what it is called on the command line.
    """
    try:
        yield
    except Refused as x:
        text = str(x)
        if not text.startswith(f"{argument}: "):
            raise
        raise click.UsageError(f"{option}: {text.removeprefix(f'{argument}: ')}") from x


@contextmanager
def wrong_selector(selector: str | None) -> Iterator[None]:
    """Turn the API server's refusal of a label selector into wrong usage, which is exit code 2.

    Args:
        selector: of the option `-l`, None without it.
    """
    try:
        yield
    except ClusterError as x:
        if selector is None or x.status != 400:
            raise
        raise click.UsageError(f"-l: '{one_line(selector, 80)}' is not a label selector: {x}") from x


def container_option(text: str) -> Callable[[F], F]:
    """Add `--container`; what cannot be the name of a container is wrong usage.

    Args:
        text: for `--help`.
    """
    return click.option("--container", callback=_check_container, help=text)


def _check_container(_context: click.Context, _option: click.Parameter, name: str | None) -> str | None:
    if name is not None and not DNS_LABEL.fullmatch(name):
        shown = one_line(name, 80)
        raise click.UsageError(
            f"--container: '{shown}' is not the name of a container (lower case letters, digits and -)"
        )
    return name


def all_namespaces_option(command: F) -> F:
    """Add `-A`, which says what holds without `-n`; see `Scope.check_all_namespaces`."""
    return click.option("-A", "--all-namespaces", is_flag=True, help="In all namespaces, as without -n.")(command)


def output_option(command: F) -> F:
    """Add `--output`."""
    choice = click.Choice(["text", "json"])
    return click.option(
        "-o", "--output", type=choice, default="text", show_default=True, help="For people or scripts."
    )(command)


def cluster_options(namespace: str = "that of the context") -> Callable[[Callable[..., R]], Callable[..., R]]:
    """Return what adds kubectl's options, and passes a `Scope` as the argument `scope`.

    Args:
        namespace: what `-n` is by default, for its help.
    """
    options = (
        click.option(
            "--context",
            shell_complete=complete_context,
            help="Context of the kubeconfig; default: the current one.",
        ),
        click.option(
            "--kubeconfig", type=click.Path(), help="Path of the kubeconfig; default: KUBECONFIG, else ~/.kube/config."
        ),
        click.option(
            "-n",
            "--namespace",
            shell_complete=complete_namespace,
            help=f"Namespace of the Deployment; default: {namespace}.",
        ),
    )

    def add(command: Callable[..., R]) -> Callable[..., R]:
        @functools.wraps(command)
        def with_cluster(context: str | None, kubeconfig: str | None, namespace: str | None, **rest: object) -> R:
            return command(scope=_scope(context, kubeconfig, namespace), **rest)

        for option in options:
            with_cluster = option(with_cluster)
        return with_cluster

    return add


def handle_errors(command: Callable[P, R]) -> Callable[P, R]:
    """Turn errors into one line on stderr and exit code 1; end as `orderly_end` does."""

    @functools.wraps(command)
    def without_traceback(*args: P.args, **kwargs: P.kwargs) -> R:
        if hasattr(sys.stdout, "reconfigure"):  # escape characters that the locale cannot encode
            sys.stdout.reconfigure(errors="backslashreplace")
        try:
            with orderly_end():
                return command(*args, **kwargs)
        except ImageCorruptError as x:
            raise click.ClickException(str(x)) from x

    return without_traceback


def _scope(context: str | None, kubeconfig: str | None, namespace: str | None) -> Scope:
    if namespace is not None:
        with wrong_usage("ns", "-n"):
            check_namespace(namespace)
    settings = read_settings(None, os.environ)
    settings = replace(settings, context=context or settings.context, kubeconfig=kubeconfig or settings.kubeconfig)
    has_kubeconfig = any(p.exists() for p in kubeconfig_paths(settings))
    if kubeconfig and not has_kubeconfig:
        raise Refused(f"--kubeconfig: there is no file {one_line(kubeconfig)}")
    if context and not has_kubeconfig:  # otherwise the command would use another cluster than the named one
        files = one_line(settings.kubeconfig or "~/.kube/config")
        raise Refused(f"--context {one_line(context, 80)}: there is no kubeconfig ({files}) that could hold it")
    return Scope(connect_by(settings), namespace, _default_namespace(settings))


def _default_namespace(settings: Settings) -> str:
    paths = kubeconfig_paths(settings)
    if any(p.exists() for p in paths):
        namespace = read_kubeconfig(paths, settings.context)["contexts"][0]["context"].get("namespace")
        return str(namespace or "default")
    return _ACCOUNT_NAMESPACE.read_text().strip() if _ACCOUNT_NAMESPACE.exists() else "default"
