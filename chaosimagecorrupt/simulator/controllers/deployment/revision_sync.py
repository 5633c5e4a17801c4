"""The newest ReplicaSet of a Deployment: found, brought up to date, or created (sync.go: getNewReplicaSet)."""

from collections.abc import Sequence
from contextlib import suppress
from functools import partial

from ...clock import Clock
from ...types import Object
from ..client import Client
from ..errors import StatusError
from ..events import EventRecorder, reference
from ..workqueue import Work
from .conditions import (
    condition_of,
    deadline_of,
    new_condition,
    with_condition,
)
from .replica_counts import new_replica_set_size
from .replica_sets import (
    REVISION,
    annotations_of,
    find_new,
    greatest_revision,
    new_replica_set,
    old_of,
    revision_of,
    with_revision_annotations,
)

__all__ = ["RevisionSync"]

# Why a ReplicaSet is missing
FAILED = "ReplicaSetCreateError"


class RevisionSync:
    """Finds or creates the newest ReplicaSet, and numbers the revisions.

    Args:
        client: sends the writes.
        recorder: records events.
        clock: the time.
    """

    def __init__(self, client: Client, recorder: EventRecorder, clock: Clock) -> None:
        self._client = client
        self._recorder = recorder
        self._clock = clock

    def sync(self, deployment: Object, sets: Sequence[Object], *, create: bool) -> Work:
        """Return the Deployment, its newest ReplicaSet and the others (getAllReplicaSetsAndSyncRevision).

        Args:
            deployment: the Deployment.
            sets: its ReplicaSets.
            create: whether to create the ReplicaSet of the present template when there is none.
        """
        new = find_new(deployment, sets)
        old = old_of(sets, new)
        if new is not None:
            deployment, new = yield from self._existing_new(deployment, new, old)
        elif create:
            deployment, new = yield from self._create_new(deployment, old)
        return deployment, new, old

    def _existing_new(self, deployment: Object, new: Object, old: Sequence[Object]) -> Work:
        updated = with_revision_annotations(deployment, new, greatest_revision(old) + 1)
        seconds = deployment["spec"].get("minReadySeconds", 0)
        if updated is not new or new["spec"].get("minReadySeconds", 0) != seconds:
            changed = {**updated, "spec": {**updated["spec"], "minReadySeconds": seconds}}
            if not seconds:
                del changed["spec"]["minReadySeconds"]
            return deployment, (yield partial(self._client.update, "replicasets.apps", changed))
        with_revision = self._with_revision(deployment, str(revision_of(new)))
        progressing = condition_of(deployment.get("status", {}), "Progressing")
        if deadline_of(deployment) is not None and progressing is None:
            message = f'Found new replica set "{new["metadata"]["name"]}"'
            with_revision = self._with_progress(with_revision, "FoundNewReplicaSet", message)
        if with_revision is not deployment:
            yield partial(self._client.update_status, "deployments.apps", with_revision)
        return with_revision, new

    def _create_new(self, deployment: Object, old: Sequence[Object]) -> Work:
        desired = new_replica_set(deployment, old)
        size = new_replica_set_size(deployment, [*old, desired], desired)
        desired["spec"]["replicas"] = size
        try:
            new = yield partial(self._client.create, "replicasets.apps", desired)
        except StatusError as error:
            yield from self._not_created(deployment, desired, error)
            raise
        if size:
            message = f"Scaled up replica set {new['metadata']['name']} from 0 to {size}"
            self._recorder.event(reference(deployment), "Normal", "ScalingReplicaSet", message)
        changed = self._with_revision(deployment, str(revision_of(new)))
        if deadline_of(deployment) is not None:
            message = f'Created new replica set "{new["metadata"]["name"]}"'
            changed = self._with_progress(changed, "NewReplicaSetCreated", message)
        if changed is not deployment:
            yield partial(self._client.update_status, "deployments.apps", changed)
        return changed, new

    def _not_created(self, deployment: Object, desired: Object, error: StatusError) -> Work:
        """Say that the new ReplicaSet cannot be created; what matters more is the error itself."""
        if error.reason in ("AlreadyExists", "NamespaceTerminating"):
            return
        message = f'Failed to create new replica set "{desired["metadata"]["name"]}": {error}'
        if deadline_of(deployment) is not None:
            changed = self._with_progress(deployment, FAILED, message, status="False")
            with suppress(StatusError):
                yield partial(self._client.update_status, "deployments.apps", changed)
        self._recorder.event(reference(deployment), "Warning", FAILED, message)

    def _with_revision(self, deployment: Object, revision: str) -> Object:
        annotations = annotations_of(deployment)
        if annotations.get(REVISION) == revision:
            return deployment
        metadata = {**deployment["metadata"], "annotations": {**annotations, REVISION: revision}}
        return {**deployment, "metadata": metadata}

    def _with_progress(self, deployment: Object, reason: str, message: str, status: str = "True") -> Object:
        condition = new_condition(self._clock.now(), "Progressing", status, reason, message)
        return {**deployment, "status": with_condition(deployment.get("status", {}), condition)}
