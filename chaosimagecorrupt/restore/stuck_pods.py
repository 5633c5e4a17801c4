"""Deletes the pods of a corrupt revision that never started, where the controller would leave them as they are.

A StatefulSet waits for a pod that is not ready, also for one that cannot become ready any longer (mostly only with
OrderedReady), and with OnDelete no pod is replaced that nobody deletes. The pod of the good revision comes as soon as
it is gone.
"""

import time
from collections.abc import Collection, Iterable

from logzero import logger

from ..errors import ClusterError, Conflict, NotFound, one_line
from ..kube.requests import delete_request
from ..kube.resources import PODS
from ..kube.types import Pod
from ..kube.waiting import WatchSet
from ..record.entry import Entry
from ..record.snapshot import Snapshot
from ..workload.pull_failures import never_started, pull_failure, unschedulable
from ..workload.rollout import owned
from ..workload.target import Target
from .leftovers import injected_revisions
from .settling import once_observed

__all__ = ["delete_stuck_pods"]


def delete_stuck_pods(target: Target, snapshot: Snapshot, known: Collection[Entry]) -> list[str]:
    """Delete the pods of a corrupt revision that never started, if the controller would not do it.

    A pod is deleted only as it was read (uid and resourceVersion): one that became ready meanwhile stays.

    Args:
        target: the workload; its image is back.
        snapshot: the workload as it was read.
        known: injections that the caller knows.

    Returns:
        A warning for each pod that stays, with what to do about it.

    Raises:
        ClusterError: a transient error; pods may be stuck.
    """
    if snapshot.record or not target.kind.leaves_stuck_pods(snapshot.deployment):
        return []
    watch_set, until = WatchSet(target.cluster), time.monotonic() + target.cluster.timing.scale_down
    try:
        return _StuckPods(target, watch_set).delete(once_observed(watch_set, target, snapshot, until), known, until)
    except NotFound:
        raise
    except ClusterError as x:
        if x.is_transient:
            raise
        return [f"pods may be stuck that the {target.kind.name} does not replace by itself; {one_line(x)}"]
    finally:
        watch_set.close()


class _StuckPods:
    """The pods of the corrupt revisions of one workload.

    Args:
        target: the workload.
        watch_set: follows the pods.
    """

    def __init__(self, target: Target, watch_set: WatchSet) -> None:
        self._target, self._watch_set = target, watch_set
        self._deleted = set[str]()
        self._refused = list[str]()

    def delete(self, snapshot: Snapshot, known: Collection[Entry], until: float) -> list[str]:
        """Delete those that failed to start; wait for those that have not failed yet, until a time of `monotonic`."""
        read = snapshot.with_revisions(self._target.revisions(snapshot.deployment))
        corrupt = [] if read.record else injected_revisions(read, known)
        if not corrupt:
            return []
        labels = self._target.kind.pod_labels(read.deployment, corrupt)
        pods = self._watch_set.add(PODS, self._target.namespace, {"labelSelector": labels})
        while True:
            waiting = self._pass(owned(read.deployment, pods.objects.values()))
            if not waiting or not self._watch_set.next_change(until):
                return [*self._refused, *(self._stays(pod) for pod in waiting)]

    def _pass(self, pods: Iterable[Pod]) -> list[Pod]:
        """Delete what failed to start; return what has not started and not failed, or could not be deleted."""
        there = [p for p in pods if not p["metadata"].get("deletionTimestamp")]
        waiting = [p for p in there if p["metadata"]["uid"] not in self._deleted and never_started(p)]
        return [p for p in waiting if not (_is_stuck(p) and self._delete(p))]

    def _delete(self, pod: Pod) -> bool:
        """Delete a pod if it is as it was read; return False if it was not, so that it is to be looked at again."""
        try:
            self._target.cluster.send(delete_request(PODS, pod))
        except Conflict:
            return False  # its next version is on the way
        except NotFound:
            return True
        except ClusterError as x:
            if x.is_transient:
                raise
            self._deleted.add(pod["metadata"]["uid"])
            self._refused.append(self._not_deleted(pod, x))
            return True
        self._deleted.add(pod["metadata"]["uid"])
        logger.info(
            f"{self._target}: deleted pod {pod['metadata']['name']}, which has the corrupt image and never started"
        )
        return True

    def _not_deleted(self, pod: Pod, x: ClusterError) -> str:
        return (
            f"pod {pod['metadata']['name']} has the corrupt image and never started, and the {self._target.kind.name} "
            f"does not replace it by itself; {self._by_hand(pod)} ({one_line(x)})"
        )

    def _by_hand(self, pod: Pod) -> str:
        return f"`kubectl delete pod {pod['metadata']['name']} -n {self._target.namespace}`"

    def _stays(self, pod: Pod) -> str:
        return (
            f"pod {pod['metadata']['name']} has the corrupt image and has neither started nor failed; the "
            f"{self._target.kind.name} does not replace it by itself; if it stays: {self._by_hand(pod)}"
        )


def _is_stuck(pod: Pod) -> bool:
    """Return whether a pod that never started will not: it cannot pull an image, or no node takes it.

    Any image of it counts: its revision is a fault's and not the present one, so that the pod has to go in any case. Of
    operator-chaos' fault in a second container, nothing is left that tells its image from others.
    """
    return pull_failure(pod) is not None or unschedulable(pod)
