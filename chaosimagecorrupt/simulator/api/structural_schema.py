"""Custom resources: defaults, pruning and validation by their CustomResourceDefinition's schema."""

import re
from typing import Any

from ..types import Object
from .errors import Cause, invalid_value, required, unsupported_value

__all__ = ["default_custom", "invalid_custom"]


def default_custom(value: Any, schema: Object) -> None:
    """Fill in the defaults that a schema names.

    Args:
        value: the object or a part of it; changed.
        schema: the openAPIV3Schema.
    """
    if isinstance(value, dict):
        for name, below in schema.get("properties", {}).items():
            if name not in value and "default" in below:
                value[name] = below["default"]
            if name in value:
                default_custom(value[name], below)
    elif isinstance(value, list):
        for item in value:
            default_custom(item, schema.get("items") or {})


def invalid_custom(value: Any, schema: Object, path: str = "") -> list[Cause]:
    """Return what in a custom resource its schema does not allow: required, enum, pattern, bounds.

    Args:
        value: the object or a part of it.
        schema: the openAPIV3Schema.
        path: where the part is.
    """
    causes = []
    if isinstance(value, dict):
        for name in schema.get("required", ()):
            if name not in value:
                causes.append(required(_join(path, name)))
        properties, others = schema.get("properties", {}), schema.get("additionalProperties")
        for name, child in value.items():
            below = properties.get(name) or (others if isinstance(others, dict) else {})
            causes += invalid_custom(child, below, _join(path, name))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            causes += invalid_custom(item, schema.get("items") or {}, f"{path}[{index}]")
    else:
        causes += _invalid_scalar(value, schema, path)
    return causes


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _invalid_scalar(value: Any, schema: Object, path: str) -> list[Cause]:
    if "enum" in schema and value not in schema["enum"]:
        return [unsupported_value(path, value, [str(choice) for choice in schema["enum"]])]
    if isinstance(value, str):
        return _invalid_text(value, schema, path)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return []
    return _invalid_number(value, schema, path)


def _invalid_number(value: float, schema: Object, path: str) -> list[Cause]:
    causes = []
    if "minimum" in schema and value < schema["minimum"]:
        text = f"{path} in body should be greater than or equal to {schema['minimum']}"
        causes.append(invalid_value(path, value, text))
    if "maximum" in schema and value > schema["maximum"]:
        text = f"{path} in body should be less than or equal to {schema['maximum']}"
        causes.append(invalid_value(path, value, text))
    return causes


def _invalid_text(value: str, schema: Object, path: str) -> list[Cause]:
    if "pattern" in schema and not re.search(schema["pattern"], value):
        return [invalid_value(path, value, f"{path} in body should match '{schema['pattern']}'")]
    if len(value) < schema.get("minLength", 0):
        return [invalid_value(path, value, f"{path} in body should be at least {schema['minLength']} chars long")]
    if "maxLength" in schema and len(value) > schema["maxLength"]:
        return [Cause(path, "FieldValueTooLong", f"Too long: may not be more than {schema['maxLength']} bytes")]
    return []
