"""Replays the user's actions of a recording in the simulator."""

import math
from collections.abc import Sequence
from functools import partial

from ..clock import ManualClock
from ..cluster import SimulatedCluster
from ..controllers.client import Client
from ..controllers.kubelet.images import Images
from ..controllers.randomness import RESYNC, Randomness
from ..types import Object
from ..watch_cache import Change
from .actions import REVISION, Action
from .compare import TOLERANCE
from .environment import (
    clock_offset,
    deletions,
    images_ignoring_sigterm,
    missing_images,
    phase_of,
    quotas,
    start_times,
    sync_times,
)
from .ordinals import Ordinals
from .recording import KINDS, WORKLOADS, Observation, Recording

__all__ = ["Replay"]

RESOURCES = {
    "ControllerRevision": "controllerrevisions.apps",
    "DaemonSet": "daemonsets.apps",
    "Deployment": "deployments.apps",
    "Pod": "pods",
    "ReplicaSet": "replicasets.apps",
    "StatefulSet": "statefulsets.apps",
}

# About the seconds from a sync of the kubelet to its write, and from a list of its containers to the sync
WRITE, LISTED = 0.008, 0.02

# Seconds within which a container starts that the recording shows to start
START_MOST = 0.3

# Seconds by which the recorded cluster's waits may have been longer than they should
SLACK = 0.1


class _RecordedRandomness(Randomness):
    """Repeats what the recording shows, and draws the rest, within the range of a real cluster."""

    def __init__(self, recording: Recording, offset: float) -> None:
        super().__init__(0)
        self._recording = recording
        self._offset = offset
        self._phases = {work: phase_of(recording, work) for work in ("relist", "resync")}
        self._syncs = sync_times(recording)
        self._starts = start_times(recording)
        self._deletions = deletions(recording)
        self.ordinals = Ordinals()

    def phase(self, work: str) -> float:
        recorded = self._phases[work]
        if recorded is None:
            return super().phase(work)
        return (recorded - WRITE - (LISTED if work == "relist" else 0) + self._offset) % 1

    def start(self, pod: Object, container: str, now: float) -> float:
        """Return the seconds until the container started in the recording, if it is about time."""
        ordinal = self.ordinals.of(pod["metadata"]["uid"])
        recorded = self._starts.get((ordinal, container), 0.0) + self._offset - WRITE - now
        drawn = super().start(pod, container, now)
        return recorded if 0 < recorded < START_MOST else drawn

    def resync(self, pod: Object, now: float) -> float:
        """Return the seconds that lead to the next time at which the recorded kubelet looked at the Pod."""
        drawn = super().resync(pod, now)
        ordinal = self.ordinals.of(pod["metadata"]["uid"])
        coming = [t for t in self._syncs.get(ordinal, ()) if t + self._offset > now + 9]
        if not coming:
            # not before the Pod was deleted, or the recording ended
            quiet = min(self._deletions.get(ordinal, math.inf), self._recording.end) + self._offset - now
            return max(drawn, min(quiet, RESYNC[1] + SLACK))
        gap = coming[0] + self._offset - now
        # the kubelet syncs the Pods that are due once a second
        steps = math.ceil(gap / (RESYNC[1] + 1))
        # there were syncs between that left no trace in the recording
        unknown = self.between(-2, 2) if steps > 1 else 0
        return min(max(gap / steps - 0.5 + unknown, RESYNC[0]), RESYNC[1] + SLACK)

    def rank(self, pod: Object) -> str:
        deleted = self._deletions.get(self.ordinals.of(pod["metadata"]["uid"]))
        # those that were never deleted come last
        return f"{deleted:012.3f}" if deleted is not None else f"never {super().rank(pod)}"


class Replay:
    """Replays the user's actions of one recording, with different latencies each time.

    Args:
        recording: the recording.
        actions: what was done, in order.
    """

    def __init__(self, recording: Recording, actions: Sequence[Action]) -> None:
        self._recording = recording
        self._actions = actions
        self._offset = clock_offset(recording)
        self._ordinals = Ordinals(recording.observations)
        self._missing = missing_images(recording)
        self._ignoring_sigterm = images_ignoring_sigterm(recording)
        self._quotas = quotas(recording)

    def run(self, seeds: Sequence[tuple[float, int]]) -> list[Observation]:
        """Return what a watch of the simulator shows.

        Args:
            seeds: what latencies follow from, and from when on, in seconds since the recorder started.
        """
        clock = ManualClock(self._offset)
        randomness = _RecordedRandomness(self._recording, self._offset)
        for t, seed in seeds:
            if t < 0:
                randomness.reseed(seed)
        cluster = SimulatedCluster(clock, randomness, Images(self._missing, self._ignoring_sigterm))
        observations: list[Observation] = []

        def observe(change: Change) -> None:
            if change.object["kind"] in KINDS:
                t = clock.now() - self._offset
                observations.append(Observation(t, change.object["kind"], change.type, change.object))
                randomness.ordinals.add(observations[-1])

        cluster.store.subscribe(observe)
        for quota in self._quotas:
            cluster.store.create("resourcequotas", quota)
        cluster.start()
        for t, seed in seeds:
            if t >= 0:
                clock.call_at(t + self._offset, partial(randomness.reseed, seed))
        for action in self._actions:
            clock.advance_to(action.t + self._offset)
            self._act(cluster, randomness.ordinals, action)
        clock.advance_to(self._recording.end + TOLERANCE + self._offset)
        return observations

    def _act(self, cluster: SimulatedCluster, ordinals: Ordinals, action: Action) -> None:
        client = Client(cluster.store, cluster.clock.now, "user")
        metadata, resource = action.object["metadata"], RESOURCES[action.object["kind"]]
        if action.object["kind"] in WORKLOADS:
            _act_on_workload(client, resource, action)
            return
        name = ordinals.name_at(self._ordinals.of(metadata["uid"]))
        # it may be gone already, in a run that is not like the recording
        if name and client.store.get(resource, metadata["namespace"], name) is not None:
            client.delete(resource, metadata["namespace"], name)


def _act_on_workload(client: Client, resource: str, action: Action) -> None:
    metadata = action.object["metadata"]
    key = (resource, metadata["namespace"], metadata["name"])
    annotations = {k: v for k, v in (metadata.get("annotations") or {}).items() if k != REVISION}
    written: Object = {"annotations": annotations, "labels": metadata.get("labels") or {}}
    if action.verb == "create":
        named = {"name": metadata["name"], "namespace": metadata["namespace"]}
        client.create(key[0], {"metadata": {**named, **written}, "spec": action.object["spec"], "status": {}})
        return
    if action.verb == "delete":
        finalizers = metadata.get("finalizers", [])
        client.patch(*key, lambda obj: {**obj, "metadata": {**obj["metadata"], "finalizers": finalizers}})
        client.delete(*key)
        return

    def change(obj: Object) -> Object:
        revision = {k: v for k, v in (obj["metadata"].get("annotations") or {}).items() if k == REVISION}
        changed = {**obj["metadata"], **written, "annotations": {**annotations, **revision}}
        return {**obj, "metadata": changed, "spec": action.object["spec"]}

    client.patch(*key, change)
