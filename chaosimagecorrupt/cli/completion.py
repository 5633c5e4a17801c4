"""Shell completion of names in the kubeconfig and on the cluster; without access it completes nothing."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import click
from logzero import logger

from ..errors import ImageCorruptError
from ..kube.client import Cluster, Patience
from ..kube.configuration import configuration_of
from ..kube.kubeconfig import context_names, kubeconfig_paths, read_kubeconfig
from ..kube.requests import PAGE, list_request
from ..kube.resources import NAMESPACES
from ..kube.settings import Settings, read_settings
from ..record.find import recorded_workloads
from ..workload.kinds import kind_named, workload_argument

__all__ = ["complete_context", "complete_corrupted", "complete_deployment", "complete_namespace"]

SHORT_WAIT = Patience(connect=1.0, read=2.0, retry_for=0.0)  # the user waits at the prompt


def complete_context(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """Complete the name of a context."""
    return _matching(incomplete, lambda: context_names(kubeconfig_paths(_settings(ctx))))


def complete_namespace(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """Complete the name of a namespace."""

    def names() -> list[str]:
        return [n["metadata"]["name"] for n in _cluster(ctx).send(list_request(NAMESPACES, None))["items"]]

    return _matching(incomplete, names)


def complete_deployment(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """Complete the name of a Deployment, or of the kind in front of it, as in `statefulset/we`."""

    def names() -> list[str]:
        prefix, slash, _ = incomplete.rpartition("/")
        request = list_request(kind_named(prefix).resource, _namespace(ctx), {"limit": PAGE})
        return [f"{prefix}{slash}{d['metadata']['name']}" for d in _cluster(ctx).send(request)["items"]]

    return _matching(incomplete, names)


def complete_corrupted(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """Complete the name of a Deployment, or of another workload, that carries a record."""

    def names() -> list[str]:
        found = recorded_workloads(_cluster(ctx), _namespace(ctx), None)
        return [workload_argument(each.deployment["metadata"]["name"], each.kind) for each in found]

    return _matching(incomplete, names)


def _matching(incomplete: str, names: Callable[[], list[str]]) -> list[str]:
    try:
        with _without_log():
            return [n for n in names() if n.startswith(incomplete)]
    except (ImageCorruptError, OSError):
        return []


def _settings(ctx: click.Context) -> Settings:
    options = {key: value for key in ("context", "kubeconfig") if (value := ctx.params.get(key))}
    return replace(read_settings(None, os.environ), **options)


def _cluster(ctx: click.Context) -> Cluster:
    return Cluster(configuration_of(_settings(ctx)), SHORT_WAIT)


def _namespace(ctx: click.Context) -> str:
    settings = _settings(ctx)
    contexts = read_kubeconfig(kubeconfig_paths(settings), settings.context)["contexts"]
    return str(ctx.params.get("namespace") or contexts[0]["context"].get("namespace") or "default")


@contextmanager
def _without_log() -> Iterator[None]:
    """Print no log messages at the prompt."""
    before, logger.disabled = logger.disabled, True
    try:
        yield
    finally:
        logger.disabled = before
