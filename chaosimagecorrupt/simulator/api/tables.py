"""Tables: what `kubectl get` prints (kubernetes/pkg/printers/internalversion)."""

from collections.abc import Callable, Sequence
from typing import Any

from ..kinds import Resource
from ..types import Object
from .columns import BUILTIN_COLUMNS, Column
from .conversion import as_served
from .errors import bad_request, not_acceptable
from .human_duration import age
from .jsonpath import find
from .request import Request

__all__ = ["table", "wants_table"]


def wants_table(request: Request) -> bool:
    """Return whether a client wants a Table rather than objects; the first type that can be produced wins.

    Args:
        request: the request.

    Raises:
        ApiError: 406 when it takes nothing that the simulator produces.
    """
    accept = request.accept
    if not accept:
        return False
    for choice in accept.split(","):
        media, *parameters = (part.strip() for part in choice.split(";"))
        if media not in ("application/json", "application/*", "*/*"):
            continue
        options = dict(parameter.split("=", 1) for parameter in parameters if "=" in parameter)
        if "as" not in options:
            return False
        if options["as"] == "Table" and options.get("v") == "v1":
            return True
    raise not_acceptable()


def _custom_columns(resource: Resource) -> list[Column]:
    columns = [Column("Name", lambda obj, now: obj["metadata"]["name"], format="name")]
    for column in resource.columns:
        columns.append(Column(column["name"], _at(column), column.get("type", "string"), column.get("priority", 0)))
    if not resource.columns:
        columns.append(Column("Age", age))
    return columns


def _at(column: Object) -> Callable[[Object, float], Any]:
    path, date = column["jsonPath"], column.get("type") == "date"

    def show(obj: Object, now: float) -> Any:
        values = find(obj, path)
        if date:
            return age({"metadata": {"creationTimestamp": values[0]}}, now) if values else "<unknown>"
        return values[0] if len(values) == 1 else ",".join(map(str, values)) or None

    return show


def table(resource: Resource, objects: Sequence[Object], now: float, metadata: Object, request: Request) -> Object:
    """Return objects as a Table.

    Args:
        resource: what they are.
        objects: the objects.
        now: seconds since 1970, from which ages are reckoned.
        metadata: the Table's metadata.
        request: the request, whose `includeObject` says how much of the objects comes along.
    """
    builtin = BUILTIN_COLUMNS.get(resource.storage)
    columns = list(builtin) if builtin and not resource.custom else _custom_columns(resource)
    include = request.query.get("includeObject", "Metadata")
    if include not in ("Metadata", "None", "Object"):
        raise bad_request(f'includeObject: Unsupported value: "{include}"')
    definitions = [
        {
            "name": column.name,
            "type": column.type,
            "format": column.format,
            "description": "",
            "priority": column.priority,
        }
        for column in columns
    ]
    rows = []
    for obj in objects:
        row: Object = {"cells": [column.show(obj, now) for column in columns]}
        if include != "None":
            row["object"] = as_served(resource, obj) if include == "Object" else _partial(obj)
        rows.append(row)
    return {
        "kind": "Table",
        "apiVersion": "meta.k8s.io/v1",
        "metadata": metadata,
        "columnDefinitions": definitions,
        "rows": rows,
    }


def _partial(obj: Object) -> Object:
    return {"kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1", "metadata": obj["metadata"]}
