"""PATCH: strategic merge, merge and JSON patches, and server-side apply."""

from typing import Any

from ..schema import schema_of
from ..store import Store
from ..types import Object
from .decode import decode_object, parse
from .errors import bad_request, unsupported_media_type
from .json_patch import json_patch, merge_patch
from .preconditions import check_identity
from .request import Request
from .routing import Target
from .server_side_apply import apply_configuration
from .strategic_merge_patch import strategic_merge_patch
from .write import Writer

__all__ = ["APPLY", "apply_patch", "patch"]

APPLY = "application/apply-patch+yaml"
STRATEGIC = "application/strategic-merge-patch+json"
_TYPES = (APPLY, STRATEGIC, "application/merge-patch+json", "application/json-patch+json")


def apply_patch(request: Request, original: Object, target: Target) -> Any:
    """Return a document with a request's patch applied.

    Args:
        request: the request.
        original: the document; not changed.
        target: what the request is about.

    Raises:
        ApiError: 400, 415 or 422.
    """
    body = parse(request)
    if request.content_type == STRATEGIC:
        return strategic_merge_patch(original, body, schema_of(target.resource))
    if request.content_type == "application/json-patch+json":
        return json_patch(original, body)
    return merge_patch(original, body)


def patch(store: Store, writer: Writer, request: Request, target: Target) -> tuple[Object, int, dict[str, str]]:
    """Patch an object; return it as stored, the HTTP status and the answer's further headers.

    Args:
        store: the objects.
        writer: stores what comes of it.
        request: the request.
        target: what it is about.

    Raises:
        ApiError: 400, 404, 409, 415 or 422.
    """
    custom = target.resource.custom
    if request.content_type not in _TYPES or (custom and request.content_type == STRATEGIC):
        raise unsupported_media_type()
    if request.content_type == APPLY:
        return _apply(store, writer, request, target)
    current = writer.current(target)
    new, warnings = decode_object(target.resource, apply_patch(request, current, target), request)
    new.setdefault("metadata", {})
    return writer.replace(request, target, current, new, request.field_manager), 200, warnings


def _apply(store: Store, writer: Writer, request: Request, target: Target) -> tuple[Object, int, dict[str, str]]:
    if not request.query.get("fieldManager"):
        why = "fieldManager: Required value: is required for apply patch"
        raise bad_request(f'PatchOptions.meta.k8s.io "" is invalid: {why}')
    body = parse(request)
    if not isinstance(body, dict) or "apiVersion" not in body or "kind" not in body:
        raise bad_request("couldn't create the object to apply: apiVersion and kind must be set")
    config, warnings = decode_object(target.resource, body, request)
    config.setdefault("metadata", {})
    check_identity(target, config)
    if config["metadata"].pop("managedFields", None):
        raise bad_request("metadata.managedFields must be nil")
    current = store.get(target.resource.name, target.namespace, target.name)
    new, entries = apply_configuration(target, current, config, request, store.time())
    if current is None:
        new["metadata"] = {**new["metadata"], "name": target.name, "managedFields": entries}
        return writer.create(request, target, new, None), 201, warnings
    if config["metadata"].get("resourceVersion"):
        new["metadata"]["resourceVersion"] = config["metadata"]["resourceVersion"]
    new["metadata"]["managedFields"] = entries
    return writer.replace(request, target, current, new, None), 200, warnings
