"""The record on the Deployment: annotations with the original image and all else that a restore needs. Pure."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ..duration import from_rfc3339
from ..kube.names import DNS_LABEL
from ..kube.types import Deployment, ReplicaSet
from ..workload.containers import container_of, images_of
from ..workload.made_up_images import DEFAULT_IMAGE
from .entry import Entry, entry_of, is_by_operator_chaos

__all__ = [
    "DEFAULT_IMAGE",
    "EXPIRES",
    "LABEL",
    "LABEL_VALUE",
    "OPERATOR_CHAOS_CONTAINER",
    "ORIGINAL_IMAGE",
    "PREFIX",
    "RECORD",
    "corrupt_in",
    "metadata_patch",
    "original_image_key",
    "read_record",
]

PREFIX = "chaos.operatorchaos.io/"
ORIGINAL_IMAGE = PREFIX + "original-image-"
RECORD = PREFIX + "image-corrupt"
EXPIRES = PREFIX + "expires"
LABEL = PREFIX + "type"
LABEL_VALUE = "ImageCorrupt"
OPERATOR_CHAOS_CONTAINER = PREFIX + "corrupt-container-name"

# The name part of an annotation key is limited to 63 bytes, and `original-image-` takes 15 of them:
# k8s.io/apimachinery/pkg/util/validation: qualifiedNameMaxLength
_LONGEST_NAME = 48
_SHORTENED_NAME = 39


def original_image_key(container: str) -> str:
    """Return the annotation key that holds a container's original image.

    Args:
        container: the container's name, up to 63 characters.

    Returns:
        The key. A name of more than 48 characters is cut to 39, and `-` and the first 8 hex digits of its SHA-256 are
        appended.
    """
    if len(container) <= _LONGEST_NAME:
        return ORIGINAL_IMAGE + container
    digest = hashlib.sha256(container.encode()).hexdigest()[:8]
    return f"{ORIGINAL_IMAGE}{container[:_SHORTENED_NAME]}-{digest}"


def corrupt_in(workload: Deployment | ReplicaSet, entries: Iterable[Entry]) -> list[str]:
    """Return the containers of a template that have the corrupt image of an entry.

    Args:
        workload: the Deployment or ReplicaSet.
        entries: of the record; those without a corrupt image are left out.
    """
    found = ((e, container_of(workload, e.container)) for e in entries if e.image is not None)
    return [e.container for e, there in found if there is not None and there.image == e.image]


def read_record(workload: Deployment | ReplicaSet) -> dict[str, Entry]:
    """Read the record on a Deployment, or its copy on a ReplicaSet, which the Deployment controller makes.

    Values that cannot be valid are ignored, so that no patch contains what the API server refuses. The annotation with
    the original image counts more than the JSON; a record made by operator-chaos has only the former. One of ours whose
    JSON is lost keeps its ttl, so that a sweep undoes the fault.

    Args:
        workload: a Deployment or ReplicaSet.

    Returns:
        The entries by container; empty when there is no record.
    """
    annotations: dict[str, str] = workload["metadata"].get("annotations") or {}
    entries = {n: entry_of(n, s, annotations.get(original_image_key(n))) for n, s in _stored(annotations).items()}
    alone = {} if entries else {"expires": annotations.get(EXPIRES)}
    keys = {original_image_key(name) for name in entries}
    names = {original_image_key(name): name for name in images_of(workload)}
    for key, original in annotations.items():
        if key.startswith(ORIGINAL_IMAGE) and key not in keys:
            name = names.get(key, key.removeprefix(ORIGINAL_IMAGE))
            # operator-chaos, injecting twice, overwrites the original with the corrupt image
            lost = original in ("", DEFAULT_IMAGE)
            entries[name] = entry_of(name, alone, None if lost else original)
    return entries


def metadata_patch(workload: Deployment | ReplicaSet, entries: Iterable[Entry]) -> dict[str, Any]:
    """Return the part of a patch that makes the record hold just these entries.

    Args:
        workload: the Deployment as it was read.
        entries: what the record is to hold; none of them: every trace of the record is removed.

    Returns:
        `{"annotations": {...}, "labels": {...}}` with None for what is to be removed, only what differs.
    """
    kept = list(entries)
    annotations: dict[str, str] = workload["metadata"].get("annotations") or {}
    changes = {
        "annotations": _differences(annotations, _annotations(annotations, kept)),
        "labels": _label_change(workload, recorded=bool(kept)),
    }
    return {field: changed for field, changed in changes.items() if changed}


def _annotations(present: Mapping[str, str], entries: Sequence[Entry]) -> dict[str, str]:
    """Return the annotations of a record that holds just these entries."""
    wanted: dict[str, str] = {original_image_key(e.container): e.original for e in entries if e.original is not None}
    wanted |= _own_annotations([e for e in entries if not is_by_operator_chaos(e)])
    # also on top of a fault of ours: without it, operator-chaos would take the corrupt image for the original next time
    if present.get(OPERATOR_CHAOS_CONTAINER) in {e.container for e in entries}:
        wanted[OPERATOR_CHAOS_CONTAINER] = present[OPERATOR_CHAOS_CONTAINER]
    return wanted


def _own_annotations(entries: Sequence[Entry]) -> dict[str, str]:
    """Return the annotations that only this extension makes: the JSON of its entries, and the first expiry."""
    if not entries:
        return {}
    stored = {e.container: e.to_json() for e in entries}
    own = {RECORD: json.dumps(stored, sort_keys=True, separators=(",", ":"), ensure_ascii=False)}
    expiries = [e.expires for e in entries if e.expires]
    return {**own, EXPIRES: min(expiries, key=from_rfc3339)} if expiries else own


def _differences(present: Mapping[str, str], wanted: Mapping[str, str]) -> dict[str, str | None]:
    """Return the record's annotations that differ; None for one that is to be removed."""
    keys = (RECORD, EXPIRES, OPERATOR_CHAOS_CONTAINER)
    recorded = [k for k in present if k.startswith(ORIGINAL_IMAGE) or k in keys]
    removed: dict[str, str | None] = {k: None for k in recorded if k not in wanted}
    return {**removed, **{k: v for k, v in wanted.items() if present.get(k) != v}}


def _label_change(workload: Deployment | ReplicaSet, *, recorded: bool) -> dict[str, str | None]:
    """Return the change of the label by which records are found; a label of operator-chaos's other faults stays."""
    label = (workload["metadata"].get("labels") or {}).get(LABEL)
    if recorded and label != LABEL_VALUE:
        return {LABEL: LABEL_VALUE}
    if not recorded and label == LABEL_VALUE:
        return {LABEL: None}
    return {}


def _stored(annotations: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """Return the record's JSON by container, as far as it has the expected form."""
    try:
        stored = json.loads(annotations.get(RECORD, "{}"))
    except (ValueError, RecursionError):  # RecursionError: lists within lists within lists
        return {}
    if not isinstance(stored, dict):
        return {}
    return {name: entry for name, entry in stored.items() if isinstance(entry, dict) and DNS_LABEL.fullmatch(name)}
