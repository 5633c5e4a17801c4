"""The corrupt image is named, or made up for a cause; what does not fit is wrong usage."""

import json

import click
import pytest
from click.testing import CliRunner, Result

from chaosimagecorrupt.cli.image_options import CorruptImage, corrupt_image_options

DEFAULT = "registry.invalid/nonexistent:chaos"


@click.command()
@corrupt_image_options
def show(corrupt: CorruptImage) -> None:
    click.echo(json.dumps(corrupt.arguments()))


def run(*options: str) -> Result:
    return CliRunner().invoke(show, options)


@pytest.mark.parametrize(
    ("options", "arguments"),
    [
        ([], {"image": DEFAULT}),
        (["--image", "10.0.0.1/a:1", "--allow-slow"], {"image": "10.0.0.1/a:1", "allow_slow": True}),
        (["--cause", "not-found"], {"cause": "not-found"}),
        (["--cause", "unauthorized", "--repository", "r.corp/a"], {"cause": "unauthorized", "repository": "r.corp/a"}),
    ],
)
def test_the_options_become_the_arguments_of_corrupt_image(options: list[str], arguments: object) -> None:
    assert json.loads(run(*options).output) == arguments


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (["--image", " a"], "--image: ' a' has white space at one end"),
        (["--image", "a", "--cause", "dns"], "--cause: the image is made up for it"),
        (["--cause", "unauthorized"], "--repository: cause: unauthorized needs one"),
        (["--repository", "r.corp/a"], "--repository: only cause: unauthorized takes one"),
        (["--cause", "timeout"], "'timeout' is not one of 'dns', 'not-found'"),
    ],
)
def test_what_does_not_fit_is_wrong_usage(options: list[str], why: str) -> None:
    found = run(*options)
    assert found.exit_code == 2 and why in found.output
