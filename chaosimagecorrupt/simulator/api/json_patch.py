"""JSON patch (RFC 6902) and JSON merge patch (RFC 7386)."""

from typing import Any

import jsonpatch
import jsonpointer

from .errors import ApiError, bad_request

__all__ = ["json_patch", "merge_patch"]


def json_patch(original: Any, patch: Any) -> Any:
    """Return a document with a JSON patch applied.

    Args:
        original: the document; not changed.
        patch: the patch's operations.

    Raises:
        ApiError: 400 when this is no JSON patch, 422 when it does not fit the document.
    """
    try:
        return jsonpatch.JsonPatch(patch).apply(original)
    except (jsonpatch.InvalidJsonPatch, TypeError, KeyError) as error:
        raise bad_request(f"error decoding patch: {error}") from error
    except (jsonpatch.JsonPatchException, jsonpointer.JsonPointerException) as error:
        message = "the server rejected our request due to an error in our request"
        raise ApiError.of("Invalid", message, {}) from error


def merge_patch(original: Any, patch: Any) -> Any:
    """Return a document with a JSON merge patch applied.

    Args:
        original: the document; not changed.
        patch: the patch.
    """
    if not isinstance(patch, dict):
        return patch
    merged = dict(original) if isinstance(original, dict) else {}
    for name, value in patch.items():
        if value is None:
            merged.pop(name, None)
        else:
            merged[name] = merge_patch(merged.get(name), value)
    return merged
