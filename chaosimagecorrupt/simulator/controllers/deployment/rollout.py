"""One sync of a Deployment, by strategy (kubernetes/pkg/controller/deployment: rolling.go, recreate.go, sync.go).

A Deployment is passed on with what was written to it, but with the version that was read: as in the real controller,
a second write in the same sync conflicts, and the Deployment is synced again.
"""

from collections.abc import Sequence
from functools import partial

from ...clock import Clock
from ...types import Object
from ..client import Client
from ..errors import StatusError
from ..events import EventRecorder
from ..informer import Informer
from ..workqueue import Work, WorkQueue
from .replica_counts import (
    DESIRED,
    available_of,
    desired_of,
    max_unavailable,
    new_replica_set_size,
    size_of,
    sum_of_sizes,
    sum_of_status,
)
from .replica_sets import active, annotations_of, by_age, revision_of
from .revision_sync import RevisionSync
from .scaling import Scaling
from .status import (
    calculate_status,
    is_complete,
    rollout_status,
    seconds_to_deadline,
)

__all__ = ["Rollout"]


class Rollout:
    """The steps that replace Pods of old templates by Pods of the present one.

    Args:
        informer: of Deployments, ReplicaSets and Pods.
        client: sends the writes.
        recorder: records events.
        clock: the time.
        queue: takes Deployments whose deadline has to be checked later.
    """

    def __init__(
        self, informer: Informer, client: Client, recorder: EventRecorder, clock: Clock, queue: WorkQueue
    ) -> None:
        self._informer = informer
        self._client = client
        self._clock = clock
        self._queue = queue
        self._revisions = RevisionSync(client, recorder, clock)
        self._scaling = Scaling(client, recorder)

    def was_scaled(self, deployment: Object, sets: Sequence[Object]) -> Work:
        """Return the Deployment, and whether its replicas changed since its ReplicaSets were sized (isScalingEvent).

        Args:
            deployment: the Deployment.
            sets: its ReplicaSets.
        """
        deployment, new, old = yield from self._revisions.sync(deployment, sets, create=False)
        for replica_set in active([*old, *([new] if new else [])]):
            desired = annotations_of(replica_set).get(DESIRED)
            if desired is not None and int(desired) != desired_of(deployment):
                return deployment, True
        return deployment, False

    def rolling_update(self, deployment: Object, sets: Sequence[Object]) -> Work:
        """Replace Pods of old templates a few at a time (rolloutRolling).

        Args:
            deployment: the Deployment.
            sets: its ReplicaSets.
        """
        deployment, new, old = yield from self._revisions.sync(deployment, sets, create=True)
        every = [*old, new]
        moved = yield from self._reconcile_new(deployment, every, new)
        if not moved:
            moved = yield from self._reconcile_old(deployment, every, active(old), new)
        if not moved and is_complete(deployment, deployment.get("status", {})):
            yield from self._clean_up(deployment, old)
        yield from self._sync_rollout_status(deployment, every, new)

    def recreate(self, deployment: Object, sets: Sequence[Object]) -> Work:
        """Replace all Pods at once, when all those of old templates are gone (rolloutRecreate).

        Args:
            deployment: the Deployment.
            sets: its ReplicaSets.
        """
        deployment, new, old = yield from self._revisions.sync(deployment, sets, create=False)
        every = [*old, *([new] if new else [])]
        moved = False
        for replica_set in active(old):
            moved = (yield from self._scaling.scale(deployment, replica_set, 0))[0] or moved
        if moved or self._old_pods_run(deployment, old, new):
            yield from self._sync_rollout_status(deployment, every, new)
            return
        if new is None:
            deployment, new, old = yield from self._revisions.sync(deployment, sets, create=True)
            every = [*old, new]
        yield from self._scaling.scale(deployment, new, desired_of(deployment))
        if is_complete(deployment, deployment.get("status", {})):
            yield from self._clean_up(deployment, old)
        yield from self._sync_rollout_status(deployment, every, new)

    def sync(self, deployment: Object, sets: Sequence[Object]) -> Work:
        """Follow a change of replicas, or stay paused (sync).

        Args:
            deployment: the Deployment.
            sets: its ReplicaSets.
        """
        deployment, new, old = yield from self._revisions.sync(deployment, sets, create=False)
        yield from self._scaling.scale_all(deployment, new, old)
        if deployment["spec"].get("paused"):
            yield from self._clean_up(deployment, old)
        yield from self._sync_status(deployment, [*old, *([new] if new else [])], new)

    def sync_status_only(self, deployment: Object, sets: Sequence[Object]) -> Work:
        """Write the status of a Deployment that is being deleted (syncStatusOnly).

        Args:
            deployment: the Deployment.
            sets: its ReplicaSets.
        """
        deployment, new, old = yield from self._revisions.sync(deployment, sets, create=False)
        yield from self._sync_status(deployment, [*old, *([new] if new else [])], new)

    def _reconcile_new(self, deployment: Object, every: Sequence[Object], new: Object) -> Work:
        """Scale the newest ReplicaSet; returns whether it was (reconcileNewReplicaSet)."""
        if size_of(new) == desired_of(deployment):
            return False
        size = desired_of(deployment)
        if size_of(new) < size:
            size = new_replica_set_size(deployment, every, new)
        return (yield from self._scaling.scale(deployment, new, size))[0]

    def _reconcile_old(self, deployment: Object, every: Sequence[Object], old: list[Object], new: Object) -> Work:
        """Scale old ReplicaSets down; returns whether any was (reconcileOldReplicaSets)."""
        if not sum_of_sizes(old):
            return False
        least = desired_of(deployment) - max_unavailable(deployment)
        room = sum_of_sizes(every) - least - (size_of(new) - available_of(new))
        if room <= 0:
            return False
        old, removed = yield from self._remove_unhealthy(deployment, by_age(old), room)
        spare = sum_of_status([*old, new], "availableReplicas") - least
        for replica_set in old:
            count = min(size_of(replica_set), spare)
            if count > 0:
                yield from self._scaling.scale(deployment, replica_set, size_of(replica_set) - count)
                spare, removed = spare - count, removed + count
        return removed > 0

    def _remove_unhealthy(self, deployment: Object, old: list[Object], room: int) -> Work:
        """Scale down what is not available; returns the ReplicaSets and by how many (cleanupUnhealthyReplicas)."""
        removed = 0
        for index, replica_set in enumerate(old):
            size, available = size_of(replica_set), available_of(replica_set)
            if removed >= room:
                break
            if not size or size == available:
                continue
            count = min(room - removed, size - available)
            if count < 0:
                # Pods beyond the size are counted as available still: the real controller fails, and so waits for them
                raise StatusError("Invalid", f"invalid request to scale down from {size} to {size - count}")
            _, old[index] = yield from self._scaling.scale(deployment, replica_set, size - count)
            removed += count
        return old, removed

    def _old_pods_run(self, deployment: Object, old: Sequence[Object], new: Object | None) -> bool:
        """Return whether Pods of old templates are still about (oldPodsRunning)."""
        if sum_of_status(old, "replicas"):
            return True
        pods = [pod for each in old for pod in self._informer.owned("pods", each["metadata"]["uid"])]
        return any(pod["status"].get("phase") not in ("Failed", "Succeeded") for pod in pods)

    def _clean_up(self, deployment: Object, old: Sequence[Object]) -> Work:
        """Delete the oldest of the empty ReplicaSets that are too many (cleanupDeployment)."""
        limit = deployment["spec"].get("revisionHistoryLimit", 10)
        kept = [each for each in old if "deletionTimestamp" not in each["metadata"]]
        if limit is None or len(kept) <= limit:
            return
        for replica_set in sorted(kept, key=revision_of)[: len(kept) - limit]:
            status = replica_set.get("status", {})
            behind = replica_set["metadata"]["generation"] > status.get("observedGeneration", 0)
            if status.get("replicas", 0) or size_of(replica_set) or behind:
                continue
            metadata = replica_set["metadata"]
            yield partial(self._client.delete, "replicasets.apps", metadata["namespace"], metadata["name"])

    def _sync_rollout_status(self, deployment: Object, every: Sequence[Object], new: Object | None) -> Work:
        now = self._clock.now()
        status = rollout_status(now, deployment, every, new)
        if status != deployment.get("status", {}):
            yield partial(self._client.update_status, "deployments.apps", {**deployment, "status": status})
            return
        seconds = seconds_to_deadline(now, deployment, status)
        if seconds is None:
            return
        key = (deployment["metadata"]["namespace"], deployment["metadata"]["name"])
        if seconds < 1:
            self._queue.add_rate_limited(key)
        else:
            # a second more, because times in conditions are whole seconds
            self._queue.add_after(key, seconds + 1)

    def _sync_status(self, deployment: Object, every: Sequence[Object], new: Object | None) -> Work:
        status = calculate_status(self._clock.now(), deployment, every, new)
        if status != deployment.get("status", {}):
            yield partial(self._client.update_status, "deployments.apps", {**deployment, "status": status})
