"""The ControllerRevisions of a DaemonSet (pkg/controller/daemon/update.go: constructHistory)."""

from collections.abc import Sequence
from functools import partial

from ...types import Object
from ..client import Client
from ..controller_revisions import REVISION_HASH, REVISIONS, by_revision, data_hash, data_of, new_revision, renumber
from ..errors import StatusError
from ..workqueue import Work

__all__ = ["excess", "sync_history"]

DAEMON_SETS = "daemonsets.apps"


def sync_history(client: Client, daemon_set: Object, revisions: Sequence[Object]) -> Work:
    """Find, renumber or create the ControllerRevision of the template; return it and the others.

    Args:
        client: sends the writes.
        daemon_set: the DaemonSet.
        revisions: its ControllerRevisions.
    """
    data = data_of(daemon_set)
    old = [each for each in revisions if each["data"] != data]
    same = by_revision(each for each in revisions if each["data"] == data)
    number = max((each["revision"] for each in old), default=0) + 1
    if not same:
        return (yield from _create(client, daemon_set, number)), old
    current = same[-1]
    if current["revision"] < number:
        yield from renumber(client, current, number)
    return current, old


def _create(client: Client, daemon_set: Object, number: int) -> Work:
    """Create a ControllerRevision; when its name is taken by another one, the next sync tries another name."""
    collisions = daemon_set.get("status", {}).get("collisionCount", 0)
    # real clusters hash Go's view of the template, so that their names differ from these
    revision = new_revision(daemon_set, number, REVISION_HASH, data_hash(data_of(daemon_set), collisions))
    try:
        return (yield partial(client.create, REVISIONS, revision))
    except StatusError as error:
        if error.reason != "AlreadyExists":
            raise
        namespace = revision["metadata"]["namespace"]
        present = client.get(REVISIONS, namespace, revision["metadata"]["name"])
        if present["data"] == revision["data"]:
            return present
        now = client.get(DAEMON_SETS, namespace, daemon_set["metadata"]["name"])
        status = {**now["status"], "collisionCount": now["status"].get("collisionCount", 0) + 1}
        yield partial(client.update_status, DAEMON_SETS, {**now, "status": status})
        raise


def excess(daemon_set: Object, old: Sequence[Object], pods: Sequence[Object]) -> list[Object]:
    """Return the ControllerRevisions beyond the limit of the history, the oldest first; not those of Pods.

    Args:
        daemon_set: the DaemonSet.
        old: the ControllerRevisions of former templates.
        pods: the DaemonSet's Pods.
    """
    count = len(old) - int(daemon_set["spec"].get("revisionHistoryLimit", 10))
    live = {(pod["metadata"].get("labels") or {}).get(REVISION_HASH) for pod in pods}
    free = [each for each in by_revision(old) if each["metadata"]["labels"].get(REVISION_HASH) not in live]
    return free[: max(0, count)]
