"""Who owns a field of a Deployment, as the API server notes it: metadata.managedFields."""

import json
from collections.abc import Mapping
from typing import Any

from .requests import FIELD_MANAGER

__all__ = ["DEADLINE", "image_path", "not_anothers", "owners", "writer_of"]

Json = Mapping[str, Any]
Path = tuple[str, ...]

DEADLINE: Path = ("f:spec", "f:progressDeadlineSeconds")


def image_path(field: str, container: str) -> Path:
    """Return where managedFields hold a container's image.

    Args:
        field: `containers` or `initContainers`.
        container: the container's name.
    """
    key = "k:" + json.dumps({"name": container}, separators=(",", ":"))
    return ("f:spec", "f:template", "f:spec", f"f:{field}", key, "f:image")


def owners(deployment: Json, path: Path) -> list[dict[str, Any]]:
    """Return the entries of managedFields that own a field; several do when they applied the same value."""
    return [e for e in deployment["metadata"].get("managedFields") or [] if _has(e.get("fieldsV1"), path)]


def writer_of(deployment: Json, field: str, container: str) -> dict[str, Any] | None:
    """Return the entry of managedFields that owns a container's image; of several, the newest.

    Args:
        deployment: the Deployment.
        field: `containers` or `initContainers`.
        container: the container's name.
    """
    found = owners(deployment, image_path(field, container))
    return max(found, key=lambda e: e.get("time", ""), default=None)


def not_anothers(deployment: Json, path: Path) -> bool:
    """Return whether nobody else has set a field since we did: it is ours, or managedFields name no owner."""
    found = owners(deployment, path)
    return not found or any(e.get("manager") == FIELD_MANAGER for e in found)


def _has(fields: Any, path: Path) -> bool:
    for key in path:
        if not isinstance(fields, Mapping) or key not in fields:
            return False
        fields = fields[key]
    return True
