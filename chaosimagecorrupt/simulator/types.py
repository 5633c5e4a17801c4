"""The API's objects as they come: dicts of JSON. The names are those that the rest of the package has for them, too."""

from typing import Any, TypedDict

__all__ = ["MAX_INT32", "ManagedFieldsEntry", "Object"]

MAX_INT32 = 2**31 - 1
"""The greatest number that most of the API's counts and seconds can have."""

Object = dict[str, Any]
"""An object of any kind, or another one of JSON."""


class ManagedFieldsEntry(TypedDict, total=False):
    """`metadata.managedFields[]`: which fields a manager owns."""

    manager: str
    operation: str
    apiVersion: str
    time: str
    fieldsType: str
    fieldsV1: dict[str, Any]
    subresource: str
