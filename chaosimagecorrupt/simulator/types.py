"""Types of JSON, for all of the simulator."""

from typing import Any

__all__ = ["Json", "ManagedFieldsEntry"]

# An object as the API serves it, or a part of one
Json = dict[str, Any]

# One entry of `metadata.managedFields`: who owns which fields
ManagedFieldsEntry = dict[str, Any]
