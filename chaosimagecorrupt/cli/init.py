"""`chaos image-corrupt init`: write a ready experiment."""

from pathlib import Path
from typing import Any

import click

from ..errors import ImageCorruptError, Refused, one_line
from ..fault.refusals import check_image, target_container
from ..kube.client import Cluster
from ..kube.names import check_target
from ..kube.requests import get_request
from ..preflight.checks import OK
from ..preflight.run import inspect
from ..record.annotations import DEFAULT_IMAGE
from ..workload.conditions import find_resource
from ..workload.target import Target
from .completion import complete_deployment
from .experiment import TTL, experiment_for, to_json, to_yaml
from .options import Reached, guarded, output_option, reach_options
from .output import as_json

__all__ = ["init"]

# the common conditions of custom resources, and the status by which each reports a degradation
_DEGRADED = {"Ready": "False", "Available": "False", "Degraded": "True"}


@click.command()
@click.argument("name", shell_complete=complete_deployment)
@click.argument("file", required=False, type=click.Path(dir_okay=False, allow_dash=True, path_type=Path))
@click.option("--container", help="Container or init container; the first container when none is named.")
@click.option("--image", default=DEFAULT_IMAGE, show_default=True, help="The corrupt image.")
@click.option("--format", "form", type=click.Choice(["yaml", "json"]), help="By the file's name, else YAML.")
@click.option("--force", is_flag=True, help="Overwrite the file.")
@output_option
@guarded
@reach_options
def init(
    reached: Reached,
    name: str,
    file: Path | None,
    container: str | None,
    image: str,
    form: str | None,
    force: bool,
    output: str,
) -> None:
    """Write an experiment for the Deployment NAME, its waits and tolerances chosen from what it is.

    FILE is NAME-image-corrupt.yaml when not given, and - for stdout. Nothing is changed on the cluster.
    """
    namespace = reached.namespace or reached.default_namespace
    check_target(name, namespace)
    target = Target(name, namespace, reached.cluster)
    deployment = target.get()
    target_container(deployment, container)
    lines = inspect(target, container_name=container, image=check_image(image), ttl=TTL)
    operator = _operator(reached.cluster, deployment)
    experiment = experiment_for(deployment, container=container, image=image, operator=operator)
    to_stdout = str(file) == "-"
    form = form or ("json" if (file is not None and file.suffix == ".json") or (to_stdout and output == "json") else "")
    seen = [line for line in lines if line.level != OK and line.name != "progress deadline"]
    comments = [f"{line.level}: {line.name}: {line.text}" for line in seen]
    text = to_json(experiment) if form == "json" else to_yaml(experiment, comments)
    if to_stdout:
        click.echo(text, nl=False)
        return
    path = file or Path(f"{name}-image-corrupt.{form or 'yaml'}")
    _write(path, text, force=force)
    if output == "json":
        as_json({"file": str(path), "preflight": [line.to_json() for line in lines]})
        return
    for comment in comments:
        click.echo(comment[0].upper() + comment[1:], err=True)
    click.echo(f"Wrote {path}; run it: chaos run {path}", err=True)


def _write(path: Path, text: str, *, force: bool) -> None:
    try:
        with path.open("w" if force else "x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError as x:
        raise Refused(f"{path} is there already; --force overwrites it") from x
    except OSError as x:
        raise Refused(f"{path} cannot be written: {x.strerror}") from x


def _operator(cluster: Cluster, deployment: dict[str, Any]) -> dict[str, Any] | None:
    """Arguments of `resource_condition` for the resource that controls the Deployment, if it has such conditions."""
    namespace = deployment["metadata"]["namespace"]
    for owner in deployment["metadata"].get("ownerReferences") or []:
        if not owner.get("controller"):
            continue
        try:
            resource = find_resource(cluster, owner["apiVersion"], owner["kind"])
            ns = namespace if resource.namespaced else None
            found = cluster.send(get_request(resource, ns, owner["name"]))
        except ImageCorruptError as x:
            click.echo(f"Warning: {owner['kind']} {owner['name']} owns it and cannot be read: {one_line(x)}", err=True)
            continue
        types = [c.get("type") for c in (found.get("status") or {}).get("conditions") or []]
        conditions = [{"type": t, "status": status} for t, status in _DEGRADED.items() if t in types]
        if conditions:
            asked = {"api_version": owner["apiVersion"], "kind": owner["kind"], "name": owner["name"]}
            place = {"ns": ns} if ns else {}
            return {**asked, **place, "conditions": conditions, "timeout": "10s"}
    return None
