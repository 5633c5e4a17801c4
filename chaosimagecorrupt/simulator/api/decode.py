"""From a body to an object: parsing, types, unknown fields, and empty members, which Go's encoding omits."""

import json
from typing import Any

import yaml

from ..kinds import Resource
from ..schema import Schema, schema_of
from ..types import Object
from .errors import ApiError, bad_request, unsupported_media_type
from .protobuf import MEDIA_TYPE, decode
from .request import Request

__all__ = ["Decoder", "decode_object", "parse"]


def parse(request: Request) -> Any:
    """Return a request's body, parsed as its media type says: JSON unless it says YAML or protobuf.

    Args:
        request: the request.

    Raises:
        ApiError: 400 when it does not parse, 415 for other media types.
    """
    if request.content_type == MEDIA_TYPE:
        return decode(request.body)
    if request.content_type and not request.content_type.endswith(("json", "yaml")):
        raise unsupported_media_type()
    try:
        if request.content_type.endswith("yaml"):
            return yaml.safe_load(request.body)
        return json.loads(request.body)
    except (ValueError, yaml.YAMLError) as error:
        raise bad_request(f"error decoding the body: {error}") from error


class Decoder:
    """An object in the shape of its schema.

    Args:
        resource: what it is to be.
    """

    def __init__(self, resource: Resource) -> None:
        self.resource = resource
        self.unknown: list[str] = []
        self.object: Object = {}

    def take(self, value: Any) -> None:
        """Take a value: prune what the schema does not know, leave out what is empty, check types.

        Args:
            value: the value.

        Raises:
            ApiError: 400 when it is of the wrong type somewhere.
        """
        self.object = self._shape(value, schema_of(self.resource), "")

    def _shape(self, value: Any, schema: Schema, path: str) -> Any:
        self._check(value, schema, path)
        if isinstance(value, dict):
            return self._shape_map(value, schema, path)
        if isinstance(value, list):
            return [self._shape(item, schema.items, f"{path}[{index}]") for index, item in enumerate(value)]
        return value

    def _shape_map(self, value: Object, schema: Schema, path: str) -> Object:
        shaped_map = {}
        for name, child in value.items():
            below = schema.field(name)
            where = f"{path}.{name}" if path else name
            if below is None:
                self.unknown.append(where)
                continue
            child = self._shape(child, below, where) if child is not None else None
            if not self._left_out(child, schema, name, below):
                shaped_map[name] = child
        return shaped_map

    def _left_out(self, child: Any, schema: Schema, name: str, below: Schema) -> bool:
        """Return whether Go's encoding leaves a member out: absent, or empty and marked omitempty."""
        if child is None:
            return True
        if self.resource.custom or name not in schema.properties or name in schema.raw.get("required", ()):
            return False
        return child in ("", []) or (child == {} and below.values is not None and not below.open)

    def _check(self, value: Any, schema: Schema, path: str) -> None:
        expected = schema.type
        if not expected or value is None:
            return
        given = _json_type(value)
        if given == expected or (expected == "number" and given == "integer"):
            return
        version, kind = self.resource.version, self.resource.kind
        go_type = {"integer": "int32", "boolean": "bool", "object": "struct", "array": "slice"}.get(expected, expected)
        raise bad_request(
            f'{kind} in version "{version}" cannot be handled as a {kind}: json: cannot unmarshal {_go_name(given)} '
            f"into Go struct field {kind}.{path} of type {go_type}"
        )


def _json_type(value: Any) -> str:
    names = ((bool, "boolean"), (int, "integer"), (float, "number"), (str, "string"), (list, "array"))
    return next((name for kind, name in names if isinstance(value, kind)), "object")


def _go_name(given: str) -> str:
    return {"integer": "number", "boolean": "bool"}.get(given, given)


def decode_object(resource: Resource, value: Any, request: Request) -> tuple[Object, dict[str, str]]:
    """Return an object in the shape of its schema, and the headers that warn of what was dropped.

    Args:
        resource: what it is to be.
        value: what was sent, or what a patch led to.
        request: the request, whose `fieldValidation` says what happens to unknown fields.

    Raises:
        ApiError: 400 for what is no object, wrong types, and unknown fields under `Strict`.
    """
    if not isinstance(value, dict):
        raise bad_request(f"the body is not a {resource.kind}: it is no JSON object")
    decoded = Decoder(resource)
    decoded.take(value)
    mode = request.query.get("fieldValidation", "Warn")
    unknown = [f'unknown field "{field}"' for field in decoded.unknown]
    if unknown and mode == "Strict":
        raise _strict(resource, ", ".join(unknown), request)
    warnings = {"Warning": ", ".join(f"299 - {json.dumps(text)}" for text in unknown)} if unknown else {}
    return decoded.object, warnings if mode == "Warn" else {}


def _strict(resource: Resource, errors: str, request: Request) -> ApiError:
    text = f"strict decoding error: {errors}"
    if request.method == "PATCH":
        cause = {"reason": "FieldValueInvalid", "message": f"Invalid value: {text}", "field": "patch"}
        return ApiError.of("Invalid", f' "" is invalid: patch: Invalid value: {text}', {"causes": [cause]})
    kind, version = resource.kind, resource.version
    return bad_request(f'{kind} in version "{version}" cannot be handled as a {kind}: {text}')
