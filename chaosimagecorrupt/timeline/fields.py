"""Reads the fields of a state whose keys name a container or a condition, or that hold more than one value."""

from typing import NamedTuple, cast

from .states import ConditionJson, State, WriterJson

__all__ = [
    "ConditionState",
    "ImageWriter",
    "cause_in",
    "condition_in",
    "image_in",
    "images_in",
    "last_writer_in",
    "replicas_writer_in",
    "waiting_in",
    "writer_in",
]


class ConditionState(NamedTuple):
    """A condition in a state.

    Attributes:
        status: True, False or Unknown, as text.
        reason: one word, empty when there is none.
        since: when it was last confirmed or changed, RFC 3339; None when that is not known.
        message: for people, empty when there is none.
    """

    status: str
    reason: str
    since: str | None
    message: str


class ImageWriter(NamedTuple):
    """Who wrote a container's image, or another field.

    Attributes:
        manager: the field manager.
        at: when, RFC 3339; None when that is not known.
    """

    manager: str
    at: str | None


def image_in(state: State, container: str) -> str | None:
    """Return a container's image, None when the state has none."""
    return cast(str | None, state.get(f"image:{container}"))


def images_in(state: State) -> dict[str, str]:
    """Return the images by container."""
    return {k.removeprefix("image:"): cast(str, v) for k, v in state.items() if k.startswith("image:")}


def waiting_in(state: State, container: str) -> str | None:
    """Return why a container of a pod waits, None when it does not."""
    return cast(str | None, state.get(f"waiting:{container}"))


def cause_in(state: State, container: str) -> str | None:
    """Return why the image of a pod's container cannot be pulled, None when nothing says it."""
    return cast(str | None, state.get(f"cause:{container}"))


def condition_in(state: State, condition_type: str) -> ConditionState | None:
    """Return the condition of a type, None when the state has none."""
    found = cast(ConditionJson | None, state.get(f"condition:{condition_type}"))
    return None if found is None else ConditionState(*found)


def writer_in(state: State, container: str) -> ImageWriter | None:
    """Return who wrote a container's image, None when that is not known."""
    found = cast(WriterJson | None, state.get(f"writer:{container}"))
    return None if found is None else ImageWriter(*found)


def last_writer_in(state: State) -> ImageWriter | None:
    """Return who wrote the spec last, None when that is not known."""
    found = state.get("lastWriter")
    return None if found is None else ImageWriter(*found)


def replicas_writer_in(state: State) -> ImageWriter | None:
    """Return who set the number of replicas, None when that is not known."""
    found = state.get("replicasWriter")
    return None if found is None else ImageWriter(*found)
