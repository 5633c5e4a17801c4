"""`chaos image-corrupt manifests`: write what `kubectl apply` installs in a cluster, and samples."""

import re
from pathlib import Path

import click
from click.core import ParameterSource

from .. import __version__
from .options import handle_errors
from .output import print_line

__all__ = ["manifests"]

DEPLOY = Path(__file__).parent.parent / "data" / "deploy"
IMAGE = f"chaostoolkit-image-corrupt:{__version__}"


def _files() -> dict[str, Path]:
    return {path.stem: path for path in (DEPLOY / "install.yaml", *sorted((DEPLOY / "samples").glob("*.yaml")))}


@click.command()
@click.argument("name", metavar="[NAME]", default="install", type=click.Choice([*_files()]))
@click.option("--image", default=IMAGE, show_default=True, help="The image of this extension in your registry.")
@handle_errors
def manifests(name: str, image: str) -> None:
    """Write the manifests that install the sweeper, the rights and the volume for journals in a cluster.

    NAME is `install`, the default, or a sample: `alerts` for Prometheus, `argo-workflow`, `operator` for the Chaos
    Toolkit operator, or `seed` for `chaos image-corrupt simulate --seed`.

    The image is not published. Build it from this Dockerfile, and push it to where the nodes pull from:

    \b
      FROM python:3.13-slim
      RUN pip install --no-cache-dir 'chaostoolkit-image-corrupt[report]'
      USER 10001
      ENTRYPOINT ["chaos"]

    \b
    Example:
      chaos image-corrupt manifests --image registry.example.com/chaos:1 | kubectl apply -f -
    """
    if not re.fullmatch(r"[\w.:/@-]+", image):
        raise click.UsageError(f"--image: {image!r} is not an image reference")
    text = _files()[name].read_text(encoding="utf-8").rstrip("\n")
    if IMAGE in text and click.get_current_context().get_parameter_source("image") == ParameterSource.DEFAULT:
        click.echo(f"The nodes must be able to pull {IMAGE}, which is not published; --image names another", err=True)
    print_line(text.replace(IMAGE, image))
