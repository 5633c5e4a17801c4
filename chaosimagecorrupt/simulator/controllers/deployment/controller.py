"""When a Deployment is synced, and in which steps (kubernetes/pkg/controller/deployment: deployment_controller.go)."""

from ...clock import Clock
from ...label_selector import matches_label_selector
from ...types import Object
from ..client import Client
from ..controller_ref import adopt, is_up_for_adoption
from ..events import EventRecorder
from ..informer import Informer, controller_of
from ..randomness import Randomness
from ..workqueue import Key, Work, WorkQueue
from .conditions import (
    condition_of,
    deadline_of,
    new_condition,
    with_condition,
)
from .replica_counts import is_rolling_update
from .rollout import Rollout

__all__ = ["DeploymentController"]


class DeploymentController:
    """Keeps each Deployment's ReplicaSets and status as its spec says.

    Args:
        informer: of Deployments, ReplicaSets and Pods.
        client: sends the writes.
        recorder: records events.
        clock: the time, and callbacks at a later time.
        randomness: how long requests take.
    """

    def __init__(
        self, informer: Informer, client: Client, recorder: EventRecorder, clock: Clock, randomness: Randomness
    ) -> None:
        self._informer = informer
        self._client = client
        self._clock = clock
        self._queue = WorkQueue(clock, randomness, self._sync)
        self._rollout = Rollout(informer, client, recorder, clock, self._queue)
        informer.on("deployments.apps", self._deployment_changed)
        informer.on("replicasets.apps", self._replica_set_changed)
        informer.on("pods", self._pod_changed)

    def _deployment_changed(self, old: Object | None, new: Object | None) -> None:
        obj = new or old
        if obj is not None:
            self._queue.add((obj["metadata"]["namespace"], obj["metadata"]["name"]))

    def _replica_set_changed(self, old: Object | None, new: Object | None) -> None:
        if new is not None and is_up_for_adoption(old, new):
            self._offer(new)
        for replica_set in (old, new):
            reference = controller_of(replica_set) if replica_set else None
            if replica_set and reference and reference["kind"] == "Deployment":
                self._queue.add((replica_set["metadata"]["namespace"], reference["name"]))

    def _offer(self, replica_set: Object) -> None:
        """Queue the Deployments that might adopt a ReplicaSet without a controller."""
        namespace, labels = replica_set["metadata"]["namespace"], replica_set["metadata"].get("labels") or {}
        for deployment in self._informer.list("deployments.apps", namespace):
            if matches_label_selector(deployment["spec"]["selector"], labels):
                self._queue.add((namespace, deployment["metadata"]["name"]))

    def _pod_changed(self, old: Object | None, new: Object | None) -> None:
        """Queue a Recreate Deployment when its last Pod is gone."""
        if new is not None or old is None:
            return
        replica_set_of = controller_of(old)
        namespace = old["metadata"]["namespace"]
        replica_set = replica_set_of and self._informer.get("replicasets.apps", namespace, replica_set_of["name"])
        reference = controller_of(replica_set) if replica_set else None
        deployment = reference and self._informer.get("deployments.apps", namespace, reference["name"])
        if deployment and not is_rolling_update(deployment):
            sets = self._informer.owned("replicasets.apps", deployment["metadata"]["uid"])
            if not any(self._informer.owned("pods", each["metadata"]["uid"]) for each in sets):
                self._queue.add((namespace, deployment["metadata"]["name"]))

    def _sync(self, key: Key) -> Work:
        deployment = self._informer.get("deployments.apps", *key)
        if deployment is None:
            return
        selector = deployment["spec"]["selector"]
        replica_sets = yield from adopt(self._informer, self._client, "replicasets.apps", deployment, selector)
        rollout = self._rollout
        if deployment["metadata"].get("deletionTimestamp"):
            yield from rollout.sync_status_only(deployment, replica_sets)
            return
        deployment = yield from self._sync_paused_condition(deployment)
        if deployment["spec"].get("paused"):
            yield from rollout.sync(deployment, replica_sets)
            return
        deployment, scaled = yield from rollout.was_scaled(deployment, replica_sets)
        if scaled:
            yield from rollout.sync(deployment, replica_sets)
        elif is_rolling_update(deployment):
            yield from rollout.rolling_update(deployment, replica_sets)
        else:
            yield from rollout.recreate(deployment, replica_sets)

    def _sync_paused_condition(self, deployment: Object) -> Work:
        """Say that the Deployment is paused or resumed; returns it with the condition (checkPausedConditions).

        The version stays the one that was read, so that the status that follows conflicts and is tried again.
        """
        condition = condition_of(deployment.get("status", {}), "Progressing")
        reason = condition["reason"] if condition else None
        paused = bool(deployment["spec"].get("paused"))
        if deadline_of(deployment) is None or reason == "ProgressDeadlineExceeded":
            return deployment
        if paused == (reason == "DeploymentPaused"):
            return deployment
        now = self._clock.now()
        found = (
            new_condition(now, "Progressing", "Unknown", "DeploymentPaused", "Deployment is paused")
            if paused
            else new_condition(now, "Progressing", "Unknown", "DeploymentResumed", "Deployment is resumed")
        )
        changed = {**deployment, "status": with_condition(deployment.get("status", {}), found)}
        yield lambda: self._client.update_status("deployments.apps", changed)
        return changed
