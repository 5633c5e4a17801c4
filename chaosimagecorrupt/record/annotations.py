"""The record: what is stored of a fault on the Deployment itself, so that no process alone knows the original image."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from ..duration import from_rfc3339
from ..kube.names import DNS_LABEL
from ..workload.containers import container_of, images_of
from .entry import Entry, entry_of

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

DEFAULT_IMAGE = "registry.invalid/nonexistent:chaos"
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
        The key; a name over 48 characters is cut to 39 and gets `-` and the first 8 hex digits of its SHA-256.
    """
    if len(container) <= _LONGEST_NAME:
        return ORIGINAL_IMAGE + container
    digest = hashlib.sha256(container.encode()).hexdigest()[:8]
    return f"{ORIGINAL_IMAGE}{container[:_SHORTENED_NAME]}-{digest}"


def corrupt_in(workload: Mapping[str, Any], entries: Iterable[Entry]) -> list[str]:
    """Return the containers of a Deployment's or ReplicaSet's template that have the corrupt image of an entry."""
    found = ((e, container_of(workload, e.container)) for e in entries if e.image is not None)
    return [e.container for e, there in found if there is not None and there[1]["image"] == e.image]


def read_record(workload: Mapping[str, Any]) -> dict[str, Entry]:
    """Read the record of a Deployment, or the copy that the Deployment controller made of it on a ReplicaSet.

    Whatever was tampered with is read as far as it makes sense, so that nothing is sent because of it that the API
    server refuses: the annotation with the original image counts more than the JSON. A record made by operator-chaos
    has only the former.

    Args:
        workload: a Deployment or ReplicaSet.

    Returns:
        The entries by container; empty when there is no record.
    """
    annotations: dict[str, str] = workload["metadata"].get("annotations") or {}
    entries = {n: entry_of(n, s, annotations.get(original_image_key(n))) for n, s in _stored(annotations).items()}
    keys = {original_image_key(name) for name in entries}
    names = {original_image_key(name): name for name in images_of(workload)}
    for key, original in annotations.items():
        if key.startswith(ORIGINAL_IMAGE) and key not in keys:
            name = names.get(key, key.removeprefix(ORIGINAL_IMAGE))
            # operator-chaos, injecting twice, overwrites the original with the corrupt image
            lost = original in ("", DEFAULT_IMAGE)
            entries[name] = Entry(container=name, original=None if lost else original)
    return entries


def metadata_patch(workload: Mapping[str, Any], entries: Iterable[Entry]) -> dict[str, Any]:
    """Return the part of a patch that makes the record hold just these entries.

    Args:
        workload: the Deployment as it was read.
        entries: what the record is to hold; none of them: every trace of the record is removed.

    Returns:
        `{"annotations": {...}, "labels": {...}}` with None for what is to be removed, only what differs.
    """
    kept = list(entries)
    metadata = workload["metadata"]
    annotations: dict[str, str] = metadata.get("annotations") or {}
    wanted: dict[str, str] = {original_image_key(e.container): e.original for e in kept if e.original is not None}
    ours = [e for e in kept if e.id or e.image is not None]
    if ours:
        stored = {e.container: e.to_json() for e in ours}
        wanted[RECORD] = json.dumps(stored, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    expiries = [e.expires for e in ours if e.expires]
    if expiries:
        wanted[EXPIRES] = min(expiries, key=from_rfc3339)
    foreign = {e.container for e in kept if e not in ours}
    if annotations.get(OPERATOR_CHAOS_CONTAINER) in foreign:
        wanted[OPERATOR_CHAOS_CONTAINER] = annotations[OPERATOR_CHAOS_CONTAINER]
    mine = [k for k in annotations if k.startswith(ORIGINAL_IMAGE) or k in (RECORD, EXPIRES, OPERATOR_CHAOS_CONTAINER)]
    changed: dict[str, str | None] = {k: None for k in mine if k not in wanted}
    changed.update({k: v for k, v in wanted.items() if annotations.get(k) != v})
    label = (metadata.get("labels") or {}).get(LABEL)
    labels: dict[str, str | None] = {}
    if kept and label != LABEL_VALUE:
        labels[LABEL] = LABEL_VALUE
    elif not kept and label == LABEL_VALUE:
        labels[LABEL] = None
    return {k: v for k, v in (("annotations", changed), ("labels", labels)) if v}


def _stored(annotations: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    try:
        stored = json.loads(annotations.get(RECORD, "{}"))
    except (ValueError, RecursionError):  # the latter for lists within lists within lists
        return {}
    if not isinstance(stored, dict):
        return {}
    return {name: entry for name, entry in stored.items() if isinstance(entry, dict) and DNS_LABEL.fullmatch(name)}
