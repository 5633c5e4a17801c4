"""The work on one Pod, from its start to its end (kubernetes/pkg/kubelet: pod_workers.go, kubelet.go)."""

from collections.abc import Callable
from functools import partial

from ...clock import Timer
from ...types import Object
from ..errors import StatusError
from ..events import reference
from ..workqueue import Run, Work
from .containers import ContainerStarter
from .node import (
    INIT_RUNS,
    KILLED,
    LEAST_GRACE,
    NOTICE,
    RELIST,
    SANDBOX,
    STOP_CONTAINER,
    STOP_SANDBOX,
    Node,
)
from .pod_runtime import PodRuntime, is_sidecar, ready_at
from .status import pod_status, restarts
from .status_manager import STATUS, StatusManager

__all__ = ["PodWorker"]

DEADLINE_EXCEEDED = ("DeadlineExceeded", "Pod was active on the node longer than the specified deadline")


class PodWorker:
    """Works on one Pod, one sync at a time; between two syncs it lists the containers of the runtime.

    Args:
        node: what it shares with others.
        pod: the Pod.
        gone: is called when the Pod has been removed.
    """

    def __init__(self, node: Node, pod: Object, gone: Callable[[], None]) -> None:
        self._node = node
        self._pod = pod
        self._gone = gone
        self._runtime = PodRuntime()
        self._starter = ContainerStarter(node.recorder, node.randomness, node.clock, node.images)
        self._address: str | None = None
        self._run: Run | None = None
        self._stopped = False
        self._not_before = 0.0
        # Whether the runtime's containers changed again after the list that the next sync follows from
        self._changed_since = False
        self._timer: tuple[float, Timer] | None = None
        self._writer = StatusManager(node.client, node.clock, node.randomness, pod)
        self._expired = False
        deadline = pod["spec"].get("activeDeadlineSeconds")
        self._deadline = None if deadline is None else node.clock.call_at(node.clock.now() + deadline, self._expire)
        self.wake(node.clock.now() + node.randomness.between(*NOTICE))

    def update(self, pod: Object) -> None:
        """Keep the newest state of the Pod; only its deletion causes work.

        Args:
            pod: the Pod now.
        """
        deleted = "deletionTimestamp" in pod["metadata"] and "deletionTimestamp" not in self._pod["metadata"]
        self._pod = pod
        if deleted:
            if self._run is not None:
                self._run.cancel()
                self._run = None
            self.wake(self._node.clock.now())

    def forget(self) -> None:
        """Stop, because the Pod is gone."""
        self._stopped = True
        self._writer.stop()
        if self._deadline is not None:
            self._deadline.cancel()
        if self._timer is not None:
            self._timer[1].cancel()

    def wake(self, when: float) -> None:
        """Sync at a time, or as soon as possible after it; of several times the earliest counts.

        Args:
            when: seconds since 1970.
        """
        when = max(when, self._not_before)
        if self._timer is not None:
            if self._timer[0] <= when:
                return
            self._timer[1].cancel()
        self._timer = (when, self._node.clock.call_at(when, self._begin))

    def _expire(self) -> None:
        """End the Pod because its activeDeadlineSeconds are over (active_deadline.go)."""
        if self._stopped or self._expired or self._pod["status"].get("phase") in ("Failed", "Succeeded"):
            return
        self._expired = True
        if self._run is not None:
            self._run.cancel()
            self._run = None
        self.wake(self._node.clock.now())

    def _begin(self) -> None:
        self._timer = None
        if self._run is not None or self._stopped:
            return
        deleted = "deletionTimestamp" in self._pod["metadata"]
        work = self._terminate() if deleted else self._fail() if self._expired else self._sync()
        self._run = Run(self._node.clock, self._node.randomness, work, self._end)
        self._run.start()

    def _end(self, error: StatusError | None) -> None:
        del error  # all that can fail is the write to a Pod that is gone
        self._run = None

    def _sync(self) -> Work:
        """Start what is missing of the Pod (SyncPod), after writing its status."""
        node, runtime = self._node, self._runtime
        runtime.ip = self._address
        self._post()
        changed = not runtime.sandbox
        if changed:
            yield from node.work(self._pod["metadata"]["uid"], *SANDBOX)
            runtime.sandbox, self._address = True, node.address()
            self._post()
        listed = node.relist.after(node.clock.now())
        for container in self._missing():
            name = container["name"]
            failure = yield from self._starter.start(self._pod, container, runtime)
            if failure is None:
                changed = True
                runtime.reasons.pop(name, None)
            else:
                runtime.reasons[name] = failure
        self._plan(changed, again=changed and runtime.started_since(listed))

    def _missing(self) -> list[Object]:
        """Return the containers to start now: the next init container, or all others (computePodActions)."""
        spec, runtime = self._pod["spec"], self._runtime
        for container in spec.get("initContainers", ()):
            name = container["name"]
            if runtime.runs(name):
                if is_sidecar(container) and self._is_up(container):
                    continue
                return []
            if not runtime.succeeded(name):
                return [container]
        return [each for each in spec["containers"] if self._is_due(each["name"])]

    def _is_due(self, name: str) -> bool:
        """Return whether a container is to be started; one of a simulation ends only because it failed to start."""
        if self._runtime.ended(name):
            return restarts(self._pod, failed=True)
        return not self._runtime.runs(name)

    def _is_up(self, container: Object) -> bool:
        started = self._runtime.containers[container["name"]].started
        return ready_at(container, started)[0] <= self._node.clock.now()

    def _plan(self, changed: bool, again: bool) -> None:
        """Decide when to sync the Pod again.

        A sync waits for a list of the runtime's containers that is newer than the last sync. So when a container
        started after the list that shows the sandbox, the next list is news once more, after the sync that it begins.
        """
        node, now = self._node, self._node.clock.now()
        if self._runtime.reasons:
            self._not_before = self._relisted(now)
            due = node.resync.after(now + node.randomness.resync(self._pod, now))
            self.wake(self._not_before if changed or self._changed_since else due)
            self._changed_since = again
        elif changed:
            # a start that succeeded shows at once, without waiting for the next list of the runtime's containers
            self._not_before = now
            self._runtime.ip = self._address
            self._post()
            if self._missing():
                self.wake(now)
        self._await_containers(now)

    def _relisted(self, when: float) -> float:
        """Return when the next list of the runtime's containers has led to work."""
        return self._node.relist.after(when) + self._node.randomness.between(*RELIST)

    def _await_containers(self, now: float) -> None:
        """Sync again when an init container has ended, or a probe has succeeded."""
        spec, randomness = self._pod["spec"], self._node.randomness
        for container in [*spec.get("initContainers", ()), *spec["containers"]]:
            name = container["name"]
            if not self._runtime.runs(name):
                continue
            if container in spec.get("initContainers", ()) and not is_sidecar(container):
                end = now + randomness.between(*INIT_RUNS)
                self._node.clock.call_at(end, partial(self._init_ends, name))
                continue
            for when in ready_at(container, self._runtime.containers[name].started):
                if when > now:
                    self.wake(when)

    def _init_ends(self, name: str) -> None:
        container = self._runtime.containers[name]
        if container.finished is None and not self._stopped:
            container.finished = self._node.clock.now()
            self.wake(self._relisted(container.finished))

    def _terminate(self) -> Work:
        """Stop everything, then have the Pod removed (SyncTerminatingPod, SyncTerminatedPod)."""
        node, runtime, pod = self._node, self._runtime, self._pod
        self._post(ending=True)
        if any(map(runtime.runs, runtime.containers)):
            yield from self._stop_containers()
        else:
            yield from node.work(pod["metadata"]["uid"], *STOP_SANDBOX)
        runtime.sandbox = False
        self._post(ending=True, over=True)
        now = node.clock.now()
        yield self._relisted(now) - now
        runtime.lost.update(name for name in self._due_containers() if name not in runtime.containers)
        self._post(ending=True, over=True)
        yield node.randomness.between(*STATUS)
        self._writer.flush()
        metadata = pod["metadata"]
        yield partial(self._remove, metadata["namespace"], metadata["name"])

    def _fail(self) -> Work:
        """Stop everything and leave the Pod as failed: only its deletion ends it then."""
        node, runtime = self._node, self._runtime
        node.recorder.event(reference(self._pod), "Normal", *DEADLINE_EXCEEDED)
        yield from self._stop_containers()
        runtime.sandbox = False
        runtime.lost.update(name for name in self._due_containers() if name not in runtime.containers)
        status = pod_status(self._pod, self._writer.last, runtime, node.clock.now(), ending=True, over=True)
        reason, message = DEADLINE_EXCEEDED
        self._writer.post({**status, "phase": "Failed", "reason": reason, "message": message})
        self._stopped = True

    def _stop_containers(self) -> Work:
        """Send SIGTERM to all containers, then kill those that ignore it."""
        node, pod = self._node, self._pod
        running = [name for name in self._runtime.containers if self._runtime.runs(name)]
        for name in running:
            self._starter.record(pod, name, "Normal", "Killing", f"Stopping container {name}")
        yield from node.work(pod["metadata"]["uid"], *STOP_CONTAINER)
        unstopped = self._ignoring_sigterm(running)
        for name in set(running) - set(unstopped):
            self._runtime.containers[name].finished = node.clock.now()
        if unstopped:
            yield max(LEAST_GRACE, int(pod["metadata"].get("deletionGracePeriodSeconds") or 0))
        for name in unstopped:
            self._runtime.containers[name].finished = node.clock.now()
            self._runtime.containers[name].exit_code = KILLED

    def _ignoring_sigterm(self, names: list[str]) -> list[str]:
        spec = self._pod["spec"]
        images = {each["name"]: each["image"] for each in [*spec.get("initContainers", ()), *spec["containers"]]}
        return [name for name in names if images[name] in self._node.images.ignoring_sigterm]

    def _due_containers(self) -> list[str]:
        """Return the names of the containers that should run: the next init container, or all others."""
        spec = self._pod["spec"]
        for container in spec.get("initContainers", ()):
            if not self._runtime.succeeded(container["name"]):
                return [container["name"]]
        return [container["name"] for container in spec["containers"]]

    def _remove(self, namespace: str, name: str) -> None:
        self.forget()
        self._node.client.patch_status("pods", namespace, name, _without_grace)
        self._gone()

    def _post(self, *, ending: bool = False, over: bool = False) -> None:
        now = self._node.clock.now()
        before = self._writer.last
        self._writer.post(pod_status(self._pod, before, self._runtime, now, ending=ending, over=over))


def _without_grace(pod: Object) -> Object:
    return {**pod, "metadata": {**pod["metadata"], "deletionGracePeriodSeconds": 0}}
