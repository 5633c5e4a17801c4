"""The owners of fields, as managedFields names them."""

from typing import Any

from chaosimagecorrupt.simulator.types import ManagedFieldsEntry, Object

from .calls import APPLY, WEB, PureCalls


def managed(obj: Object) -> list[ManagedFieldsEntry]:
    return list(obj["metadata"].get("managedFields", []))


def owner_of_image(obj: Object) -> list[str]:
    path = ("f:spec", "f:template", "f:spec", "f:containers", 'k:{"name":"app"}')
    found = []
    for entry in managed(obj):
        node = entry["fieldsV1"]
        for element in path:
            node = node.get(element, {})
        if "f:image" in node:
            found.append(entry["manager"])
    return found


def applied(calls: PureCalls, obj: Object, manager: str, force: bool = False) -> Any:
    return calls("PATCH", f"{WEB}?fieldManager={manager}&force={str(force).lower()}", obj, APPLY)
