"""ControllerRevisions: the rollout history of StatefulSets and DaemonSets (kubernetes/pkg/controller/history)."""

import json
from collections.abc import Iterable, Sequence
from functools import partial

from ..store import NAME_CHARACTERS
from ..types import Object
from .client import Client
from .controller_ref import owner_reference
from .errors import StatusError
from .workqueue import Work

__all__ = [
    "REVISIONS",
    "REVISION_HASH",
    "by_revision",
    "data_hash",
    "data_of",
    "new_revision",
    "renumber",
    "template_of",
    "unneeded",
]

REVISIONS = "controllerrevisions.apps"

# The label of a Pod that says which revision it is of
REVISION_HASH = "controller-revision-hash"

# How long the part of a name before the hash may get (ControllerRevisionName)
PREFIX_CHARACTERS = 223


def data_of(owner: Object) -> Object:
    """Return what a revision keeps: a strategic merge patch that brings the template back (getPatch).

    Args:
        owner: the StatefulSet or DaemonSet.
    """
    return {"spec": {"template": {**owner["spec"]["template"], "$patch": "replace"}}}


def template_of(revision: Object) -> Object:
    """Return the template that a revision keeps.

    Args:
        revision: the ControllerRevision.
    """
    template = revision["data"]["spec"]["template"]
    return {name: value for name, value in template.items() if name != "$patch"}


def data_hash(data: Object, collisions: int) -> str:
    """Return a short name of a revision, as real clusters do: FNV-1 over its JSON and the number of collisions.

    Args:
        data: from `data_of`.
        collisions: how many names were taken already.
    """
    number = 0x811C9DC5
    for byte in (json.dumps(data, sort_keys=True, separators=(",", ":")) + str(collisions)).encode():
        number = (number * 0x01000193 & 0xFFFFFFFF) ^ byte
    return "".join(NAME_CHARACTERS[ord(digit) % len(NAME_CHARACTERS)] for digit in str(number))


def by_revision(revisions: Iterable[Object]) -> list[Object]:
    """Return revisions from the oldest to the newest (SortControllerRevisions).

    Args:
        revisions: the ControllerRevisions.
    """

    def rank(revision: Object) -> tuple[int, str, str]:
        return revision["revision"], revision["metadata"]["creationTimestamp"], revision["metadata"]["name"]

    return sorted(revisions, key=rank)


def new_revision(owner: Object, number: int, hash_label: str, value: str) -> Object:
    """Return a revision of an owner's template (NewControllerRevision).

    Args:
        owner: the StatefulSet or DaemonSet.
        number: which one it is.
        hash_label: the label that holds the hash.
        value: the hash.
    """
    metadata, labels = owner["metadata"], owner["spec"]["template"]["metadata"].get("labels") or {}
    made: Object = {
        "name": f"{metadata['name'][:PREFIX_CHARACTERS]}-{value}",
        "namespace": metadata["namespace"],
        "labels": {**labels, hash_label: value},
        "ownerReferences": [owner_reference(owner["kind"], metadata)],
    }
    if metadata.get("annotations"):
        made["annotations"] = dict(metadata["annotations"])
    return {"metadata": made, "data": data_of(owner), "revision": number}


def renumber(client: Client, revision: Object, number: int) -> Work:
    """Give a revision another number, and return it (UpdateControllerRevision).

    Args:
        client: sends the writes.
        revision: the ControllerRevision as read.
        number: the new number.
    """
    metadata = revision["metadata"]
    while revision["revision"] != number:
        try:
            revision = yield partial(client.update, REVISIONS, {**revision, "revision": number})
        except StatusError as error:
            if error.reason != "Conflict":
                raise
            revision = client.get(REVISIONS, metadata["namespace"], metadata["name"])
    return revision


def unneeded(revisions: Iterable[Object], live: Iterable[str], limit: int) -> Sequence[Object]:
    """Return the revisions beyond the limit of the history, the oldest ones first.

    Args:
        revisions: the ControllerRevisions.
        live: the names of those that are no history.
        limit: how much history is kept.
    """
    kept = set(live)
    history = [each for each in by_revision(revisions) if each["metadata"]["name"] not in kept]
    return history[: max(0, len(history) - limit)]
