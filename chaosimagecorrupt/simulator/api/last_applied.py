"""The step from client-side to server-side apply: kubectl's annotation holds what it applied before.

Both only for the field manager `kubectl` (managedfields/internal/lastappliedmanager.go, lastappliedupdater.go).
"""

import json

from ..fields_v1 import Fields, compare, difference, fields_of
from ..managed_fields import without_unowned
from ..schema import Schema
from ..types import Object

__all__ = ["allowed_conflicts", "with_last_applied"]

MANAGER = "kubectl"
ANNOTATION = "kubectl.kubernetes.io/last-applied-configuration"


def _annotation(obj: Object) -> str:
    return str((obj["metadata"].get("annotations") or {}).get(ANNOTATION, ""))


def allowed_conflicts(manager: str, live: Object, schema: Schema) -> Fields:
    """Return the fields that kubectl applied itself from the client's side, and that nobody has changed since.

    Args:
        manager: who applies.
        live: the object as stored.
        schema: its schema.
    """
    if manager != MANAGER or not _annotation(live):
        return {}
    try:
        applied = without_unowned(json.loads(_annotation(live)))
    except (ValueError, AttributeError):
        return {}
    change = compare(applied, without_unowned(live), schema)
    fields = fields_of(applied, schema)
    for changed in (change.modified, change.added, change.removed):
        fields = difference(fields, changed)
    return fields


def with_last_applied(manager: str, obj: Object, config: Object) -> Object:
    """Return an object whose annotation, where it has one, holds what kubectl applies now.

    Args:
        manager: who applies.
        obj: the object.
        config: what is applied.
    """
    if manager != MANAGER or not _annotation(obj):
        return obj
    text = json.dumps(config, separators=(",", ":"), sort_keys=True) + "\n"
    annotations = {**obj["metadata"]["annotations"], ANNOTATION: text}
    return {**obj, "metadata": {**obj["metadata"], "annotations": annotations}}
