"""`chaos image-corrupt init`: write a ready experiment."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import click

from ..errors import ImageCorruptError, one_line
from ..fault.refusals import target_container
from ..kube.client import Cluster
from ..kube.requests import get_request
from ..kube.types import Deployment, Json
from ..preflight.model import Check, Level
from ..preflight.optional_rights import PULL_CHECK_RIGHTS
from ..preflight.rights import Right
from ..preflight.run import inspect
from ..workload.behind_name import get_deployment
from ..workload.conditions import find_resource
from .completion import complete_deployment
from .experiment_file import to_json, to_yaml, write_experiment
from .experiment_for import TTL, experiment_for, needs_pull_check
from .image_options import CorruptImage, corrupt_image_options
from .json_types import InitResult
from .options import (
    Scope,
    cluster_options,
    container_option,
    handle_errors,
    output_option,
)
from .output import print_json

__all__ = ["init"]

# the common conditions of custom resources, and the status by which each reports a degradation
_DEGRADED = {"Ready": "False", "Available": "False", "Degraded": "True"}


@click.command()
@click.argument("name", shell_complete=complete_deployment)
@click.argument("file", required=False, type=click.Path(dir_okay=False, allow_dash=True, path_type=Path))
@container_option("Container or init container; default: the first container.")
@corrupt_image_options
@click.option("--format", "form", type=click.Choice(["yaml", "json"]), help="Default: by the file's name, else YAML.")
@click.option("--allow-protected", is_flag=True, help="Also in a namespace that is protected by its name.")
@click.option("--allow-on-delete", is_flag=True, help="Also with the update strategy OnDelete.")
@click.option("--force", is_flag=True, help="Overwrite the file.")
@output_option
@handle_errors
@cluster_options()
def init(
    scope: Scope,
    name: str,
    file: Path | None,
    container: str | None,
    corrupt: CorruptImage,
    form: str | None,
    allow_protected: bool,
    allow_on_delete: bool,
    force: bool,
    output: str,
) -> None:
    """Write an experiment for the Deployment NAME; its timeouts and tolerances follow from the Deployment.

    NAME may be of another kind, as kubectl takes it: statefulset/web, ds/web. FILE is NAME-image-corrupt.yaml by
    default, and - is stdout. Nothing is changed on the cluster.
    """
    _check_file(file, form)
    target = scope.target(name)
    deployment = get_deployment(target)
    target_container(deployment, container)
    checks = inspect(
        target,
        container_name=container,
        ttl=TTL,
        allow_protected=allow_protected,
        allow_on_delete=allow_on_delete,
        more_rights=_more_rights(deployment),
        **asdict(corrupt),
    )
    operator = _operator_arguments(scope.cluster, deployment)
    experiment = experiment_for(
        deployment,
        container=container,
        image=corrupt.image,
        cause=corrupt.arguments(),
        operator=operator,
        allow_protected=allow_protected,
        allow_on_delete=allow_on_delete,
    )
    to_stdout = str(file) == "-"
    form = form or _default_format(file, output if to_stdout else "text")
    comments = _comments(checks)
    text = to_json(experiment) if form == "json" else to_yaml(experiment, comments)
    if to_stdout:
        click.echo(text, nl=False)
        return
    path = file or Path(f"{target.name}-image-corrupt.{form}")
    write_experiment(path, text, force=force)
    _print_result(path, checks, comments, output)


def _more_rights(deployment: Deployment) -> Sequence[Right]:
    """Return the rights that this experiment needs beside those of every other."""
    return PULL_CHECK_RIGHTS if needs_pull_check(deployment) else ()


def _comments(checks: Sequence[Check]) -> list[str]:
    """Return what the experiment's head says about the Deployment."""
    # the experiment chooses a progress deadline of its own, so the warning about the present one does not apply
    notes = [c for c in checks if c.level is not Level.OK and c.name != "progress deadline"]
    return [f"{check.level}: {check.name}: {check.text}" for check in notes]


def _check_file(file: Path | None, form: str | None) -> None:
    """Refuse the name of a file that `chaos run` does not read."""
    if file is None or str(file) == "-":
        return
    if file.suffix not in (".yaml", ".yml", ".json"):
        raise click.UsageError(
            f"FILE: '{one_line(file, 80)}' ends with none of .yaml, .yml and .json, so `chaos run` does not read it"
        )
    if form == "yaml" and file.suffix == ".json":
        raise click.UsageError(f"--format: `chaos run` reads {one_line(file, 80)} as JSON")


def _default_format(file: Path | None, output: str) -> str:
    return "json" if output == "json" or (file is not None and file.suffix == ".json") else "yaml"


def _print_result(path: Path, checks: list[Check], comments: list[str], output: str) -> None:
    if output == "json":
        print_json(InitResult(file=str(path), preflight=[check.to_json() for check in checks]))
        return
    for comment in comments:
        click.echo(comment[0].upper() + comment[1:], err=True)
    click.echo(f"Wrote {path}; run it: chaos run {path}", err=True)


def _operator_arguments(cluster: Cluster, deployment: Json) -> Json | None:
    """Return the arguments of `resource_condition` for the custom resource that controls the Deployment.

    None when no resource controls it, or the resource has none of the conditions Ready, Available and Degraded.
    """
    for owner in deployment["metadata"].get("ownerReferences") or []:
        if owner.get("controller"):
            try:
                found = _condition_arguments(cluster, deployment["metadata"]["namespace"], owner)
            except ImageCorruptError as x:
                resource = f"{owner['kind']} {owner['name']}"
                click.echo(f"Warning: the owner {resource} cannot be read: {one_line(x)}", err=True)
                continue
            if found is not None:
                return found
    return None


def _condition_arguments(cluster: Cluster, namespace: str, owner: Json) -> Json | None:
    resource = find_resource(cluster, owner["apiVersion"], owner["kind"])
    ns = namespace if resource.namespaced else None
    found = cluster.send(get_request(resource, ns, owner["name"]))
    types = [c.get("type") for c in (found.get("status") or {}).get("conditions") or []]
    conditions = [{"type": t, "status": status} for t, status in _DEGRADED.items() if t in types]
    if not conditions:
        return None
    reference = {"api_version": owner["apiVersion"], "kind": owner["kind"], "name": owner["name"]}
    return {**reference, **({"ns": ns} if ns else {}), "conditions": conditions, "timeout": "10s"}
