"""`chaos image-corrupt init`: write a ready experiment."""

from pathlib import Path
from typing import Any

import click

from ..cluster import Cluster
from ..conditions import find_resource
from ..duration import seconds_of
from ..errors import ImageCorruptError, Refused, plain
from ..experiment import TTL, experiment_for, to_json, to_yaml
from ..fault import DEFAULT_IMAGE, check_image, check_target
from ..inspection import inspect
from ..preflight import BLOCKER
from ..requests import get_request
from ..target import Target
from .common import Reached, guarded, reach_options

__all__ = ["init"]


@click.command()
@click.argument("name")
@click.option("--container", help="Container or init container; the first container when none is named.")
@click.option("--image", default=DEFAULT_IMAGE, show_default=True, help="The corrupt image.")
@click.option("--format", "form", type=click.Choice(["yaml", "json"]), help="By the file's name, else YAML.")
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="NAME-image-corrupt.yaml; - for stdout."
)
@click.option("--force", is_flag=True, help="Overwrite the file.")
@guarded
@reach_options
def init(
    reached: Reached, name: str, container: str | None, image: str, form: str | None, output: Path | None, force: bool
) -> None:
    """Write an experiment for the Deployment NAME, its waits and tolerances chosen from what it is."""
    namespace = reached.namespace or reached.default_namespace
    check_target(name, namespace)
    target = Target(name, namespace, reached.cluster)
    lines = inspect(target, container_name=container, image=check_image(image), ttl=seconds_of(f"{TTL}s", "ttl"))
    for line in lines:
        if line.level == BLOCKER:
            click.echo(f"Warning: {line.name}: {line.text}", err=True)
    deployment = target.get()
    operator = _operator(reached.cluster, deployment)
    experiment = experiment_for(deployment, container=container, image=image, operator=operator)
    form = form or ("json" if output is not None and output.suffix == ".json" else "yaml")
    text = to_json(experiment) if form == "json" else to_yaml(experiment)
    path = output or Path(f"{name}-image-corrupt.{form}")
    if str(path) == "-":
        click.echo(text, nl=False)
        return
    try:
        with path.open("w" if force else "x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError as x:
        raise Refused(f"{path} is there already; --force overwrites it") from x
    except OSError as x:
        raise Refused(f"{path} cannot be written: {x.strerror}") from x
    click.echo(f"Wrote {path}; run it: chaos run {path}", err=True)


def _operator(cluster: Cluster, deployment: dict[str, Any]) -> dict[str, Any] | None:
    """Arguments of `resource_condition` for the resource that controls the Deployment, if it has such a condition."""
    namespace = deployment["metadata"]["namespace"]
    for owner in deployment["metadata"].get("ownerReferences") or []:
        if not owner.get("controller"):
            continue
        try:
            resource = find_resource(cluster, owner["apiVersion"], owner["kind"])
            ns = namespace if resource.namespaced else None
            found = cluster.send(get_request(resource, ns, owner["name"]))
        except ImageCorruptError as x:
            click.echo(f"Warning: {owner['kind']} {owner['name']} owns it and cannot be read: {plain(x)}", err=True)
            continue
        types = [c.get("type") for c in (found.get("status") or {}).get("conditions") or []]
        chosen = next((t for t in ("Ready", "Available") if t in types), None)
        if chosen is not None:
            asked = {"api_version": owner["apiVersion"], "kind": owner["kind"], "name": owner["name"]}
            place = {"ns": ns} if ns else {}
            return {**asked, **place, "condition_type": chosen, "status": "False", "timeout": "10s"}
    return None
