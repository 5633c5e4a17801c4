"""The ControllerRevisions of a StatefulSet: which one is current and which one is new (getStatefulSetRevisions)."""

from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

from ...types import Object
from ..client import Client
from ..controller_revisions import REVISIONS, by_revision, data_hash, data_of, new_revision, renumber
from ..errors import StatusError
from ..workqueue import Work

__all__ = ["Revisions", "sync_revisions"]

# The label of a ControllerRevision that holds its hash
HASH = "controller.kubernetes.io/hash"


class Revisions(NamedTuple):
    """The two ends of a rollout.

    Attributes:
        current: the ControllerRevision that it began with.
        update: the one that it leads to: that of the present template.
        collisions: how many names were taken.
    """

    current: Object
    update: Object
    collisions: int


def sync_revisions(client: Client, stateful_set: Object, revisions: Sequence[Object]) -> Work:
    """Find, renumber or create the ControllerRevision of the template, and return the `Revisions`.

    Args:
        client: sends the writes.
        stateful_set: the StatefulSet.
        revisions: its ControllerRevisions.
    """
    status, known = stateful_set.get("status", {}), by_revision(revisions)
    collisions = status.get("collisionCount", 0)
    number = known[-1]["revision"] + 1 if known else 1
    equal = [each for each in known if each["data"] == data_of(stateful_set)]
    if equal and known[-1]["data"] == equal[-1]["data"]:
        update = known[-1]
    elif equal:
        update = yield from renumber(client, equal[-1], number)
    else:
        update, collisions = yield from _create(client, stateful_set, number, collisions)
    named = (each for each in known if each["metadata"]["name"] == status.get("currentRevision"))
    return Revisions(next(named, update), update, collisions)


def _create(client: Client, stateful_set: Object, number: int, collisions: int) -> Work:
    """Create a ControllerRevision under the first name that is free (CreateControllerRevision)."""
    while True:
        revision = new_revision(stateful_set, number, HASH, data_hash(data_of(stateful_set), collisions))
        try:
            return (yield partial(client.create, REVISIONS, revision)), collisions
        except StatusError as error:
            if error.reason != "AlreadyExists":
                raise
        present = client.get(REVISIONS, revision["metadata"]["namespace"], revision["metadata"]["name"])
        if present["data"] == revision["data"]:
            return present, collisions
        collisions += 1
