"""The options that decide on the corrupt image."""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import click

from ..fault.refusals import check_image
from ..fault.spec import check_cause
from ..workload.made_up_images import DEFAULT_IMAGE
from ..workload.pull_causes import INTENDED
from .options import wrong_usage

__all__ = ["CorruptImage", "corrupt_image_options"]

R = TypeVar("R")


@dataclass(frozen=True)
class CorruptImage:
    """Which image is put in place, see `FaultSpec`.

    Attributes:
        image: of the option `--image`.
        cause: of `--cause`; empty without it.
        repository: of `--repository`; empty without it.
        allow_slow: of `--allow-slow`.
    """

    image: str
    cause: str
    repository: str
    allow_slow: bool

    def arguments(self) -> dict[str, str | bool]:
        """Return the arguments of `corrupt_image` that say the same."""
        named: dict[str, str | bool] = {"cause": self.cause} if self.cause else {"image": self.image}
        repository = {"repository": self.repository} if self.repository else {}
        return {**named, **repository, **({"allow_slow": True} if self.allow_slow else {})}


def corrupt_image_options(command: Callable[..., R]) -> Callable[..., R]:
    """Add the options that decide on the corrupt image, and pass a `CorruptImage` as the argument `corrupt`."""

    @functools.wraps(command)
    def with_image(image: str, cause: str | None, repository: str | None, allow_slow: bool, **rest: object) -> R:
        with wrong_usage("image", "--image"):
            check_image(image)
        with wrong_usage("cause", "--cause"), wrong_usage("repository", "--repository"):
            checked = check_cause(cause, repository, image)
        return command(corrupt=CorruptImage(image, *checked, allow_slow), **rest)

    options = (
        click.option("--allow-slow", is_flag=True, help="Also an image at an IP address, whose pull may hang."),
        click.option("--repository", help="For --cause unauthorized: one that the pods may not read."),
        click.option("--cause", type=click.Choice(list(INTENDED)), help="Make up the image for this cause."),
        click.option("--image", default=DEFAULT_IMAGE, show_default=True, help="The corrupt image."),
    )
    for option in options:
        with_image = option(with_image)
    return with_image
