"""The preflight of the server-side dry run: what the patch would change."""

from collections.abc import Iterator, Mapping
from typing import TypeGuard

from ..errors import one_line
from ..kube.types import Json
from .model import Check, Level

__all__ = ["check_difference"]


# What the API server writes by itself
_IGNORED = ("metadata.generation", "metadata.resourceVersion", "metadata.managedFields", "status")


def check_difference(before: Json, after: Json) -> list[Check]:
    """Return what the dry run would change.

    Args:
        before: the Deployment.
        after: the response to the dry run.
    """
    changes = ", ".join(_differences(before, after, ""))
    return [Check("dry run", Level.OK, f"accepted; would change {one_line(changes, 900)}")]


def _differences(before: object, after: object, path: str) -> Iterator[str]:
    if path in _IGNORED or before == after:
        return
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for key in dict.fromkeys([*before, *after]):
            yield from _differences(before.get(key), after.get(key), f"{path}.{key}".lstrip("."))
    elif _is_named_list(before) and _is_named_list(after):
        yield from _list_differences(before, after, path)
    elif before is None:
        yield f"{path} (new)"
    else:
        yield f"{path}: {before} -> {after}"


def _list_differences(before: list[Json], after: list[Json], path: str) -> Iterator[str]:
    old = {item["name"]: item for item in before}
    for item in after:
        yield from _differences(old.get(item["name"]), item, f"{path}[{item['name']}]")


def _is_named_list(value: object) -> TypeGuard[list[Json]]:
    """Return whether a value is a list of objects with names, such as the containers of a pod."""
    return isinstance(value, list) and all(isinstance(item, Mapping) and "name" in item for item in value)
