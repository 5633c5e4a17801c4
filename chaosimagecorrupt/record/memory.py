"""What this process knows of the faults that it injected or restored. A restore needs only the record."""

import threading
from collections.abc import Callable, Collection
from dataclasses import replace
from typing import Protocol

from ..kube.client import Cluster
from ..kube.types import Deployment
from ..workload.kinds import kind_of
from ..workload.target import Target
from .entry import Entry
from .fault import Fault

__all__ = ["MEMORY", "Guardian", "Memory"]

_Key = tuple[str, str, str, str]  # the API server's address, kind, namespace, name


class Guardian(Protocol):
    """A guard, as far as it is told what becomes of the injections that it guards."""

    def undone(self, injection_id: str) -> None:
        """Take that an injection is undone, and is about to be cleaned up."""

    def release(self, injection_id: str) -> None:
        """Take that there is nothing left to guard."""


class Memory:
    """The faults of one process, by cluster and workload. Several threads may use it."""

    def __init__(self) -> None:
        # activities may run in background threads; reentrant, because a signal can interrupt the thread that holds it
        self._lock = threading.RLock()
        self._faults: dict[_Key, Fault] = {}
        self._guards: dict[str, Guardian] = {}
        self._dry_run = False

    @property
    def dry_run(self) -> bool:
        """Whether Chaos Toolkit makes a dry run: nothing is injected, and no probe waits for what follows a fault."""
        return self._dry_run

    def set_dry_run(self, dry_run: bool) -> None:
        """Remember whether Chaos Toolkit makes a dry run, as the control notices."""
        with self._lock:
            self._dry_run = dry_run

    def injecting(self, cluster: Cluster, before: Deployment, entry: Entry) -> None:
        """Remember an injection that is about to be sent; whether it will be stored is not known yet.

        Args:
            cluster: the connection; its `address` identifies the cluster.
            before: the Deployment that the injection was planned for.
            entry: the entry to be recorded.
        """
        with self._lock:
            fault = self._faults.get(_key_of(cluster, before))
            if fault is None or fault.uid != before["metadata"]["uid"] or not fault.left:
                fault = _new_fault(cluster, before, before["metadata"]["generation"] + 1)
            self._faults[_key_of(cluster, before)] = replace(fault, entries={**fault.entries, entry.id: entry})

    def injected(self, cluster: Cluster, after: Deployment, entry: Entry) -> None:
        """Remember that an injection is in place.

        Args:
            cluster: the connection.
            after: the Deployment as the API server returned it.
            entry: the recorded entry.
        """
        with self._lock:
            self.injecting(cluster, after, entry)
            fault = self._faults[_key_of(cluster, after)]
            if fault.confirmed:
                fault = replace(fault, own_changes=fault.own_changes + 1)
            else:
                fault = replace(fault, generation=after["metadata"]["generation"], confirmed=True)
            self._faults[_key_of(cluster, after)] = fault

    def guarded(self, injection_id: str, guard: Guardian) -> None:
        """Remember the guard of an injection, to tell it once the injection is undone."""
        with self._lock:
            self._guards[injection_id] = guard

    def not_injected(self, target: Target, injection_id: str) -> None:
        """Forget an injection that is known not to be in place.

        Args:
            target: the Deployment, or another workload.
            injection_id: the injection's id.
        """

        def without(fault: Fault) -> Fault:
            return replace(fault, entries={i: e for i, e in fault.entries.items() if i != injection_id})

        with self._lock:
            self._change(_key_of_target(target), without)
            fault = self._faults.get(_key_of_target(target))
            if fault is not None and not fault.entries:
                del self._faults[_key_of_target(target)]

    def restored(
        self,
        cluster: Cluster,
        before: Deployment,
        after: Deployment,
        at: float,
        ids: Collection[str],
        on_server: str | None = None,
        *,
        healed: bool = False,
    ) -> None:
        """Remember a restore.

        Args:
            cluster: the connection.
            before: the Deployment that the restore was planned for.
            after: the Deployment as the API server returned it.
            at: when the image was put back, or was found to be back, seconds since 1970.
            ids: the injections that were undone, also those of other processes.
            on_server: the same by the API server's clock, RFC 3339; None when that is unknown.
            healed: whether another client had put it back.
        """
        key, generation = _key_of(cluster, after), before["metadata"]["generation"]
        with self._lock:
            fault = self._faults.get(key)
            if fault is None or fault.uid != after["metadata"]["uid"]:
                fault = replace(_new_fault(cluster, after, generation), confirmed=True)
            changes = fault.own_changes + after["metadata"]["generation"] - generation
            fault = replace(fault, own_changes=changes, undone=fault.undone | set(ids), uncleaned=True)
            if not fault.left:
                fault = replace(fault, restored_at=at, recovered_at=None, restored_on_server=on_server, healed=healed)
            self._faults[key] = fault
            self._tell_guards(ids)

    def maybe_restored(self, target: Target) -> None:
        """Remember that a restore's patch was sent, and that its answer was not received.

        Args:
            target: the Deployment, or another workload.
        """
        self._change(_key_of_target(target), lambda fault: replace(fault, maybe_restored=True))

    def undone(self, cluster: Cluster, deployment: Deployment, ids: Collection[str]) -> None:
        """Remember that injections are no longer in place, whatever undid them.

        Args:
            cluster: the connection.
            deployment: the Deployment as it was read.
            ids: the injections.
        """
        key, uid = _key_of(cluster, deployment), deployment["metadata"]["uid"]
        with self._lock:
            fault = self._faults.get(key)
            if fault is not None and fault.uid == uid:
                uncleaned = fault.uncleaned or bool(ids)
                self._faults[key] = replace(fault, undone=fault.undone | set(ids), uncleaned=uncleaned)
                self._tell_guards(ids)

    def cleaned_up(self, target: Target, *, traces_left: bool) -> None:
        """Take that a clean-up came to its end: if no trace is left of the injections, their guards may end.

        Args:
            target: the Deployment, or another workload.
            traces_left: whether the clean-up had to leave some, as where the role does not allow to remove them.
        """
        self._change(_key_of_target(target), lambda fault: replace(fault, uncleaned=False))
        with self._lock:
            fault = self.fault(target)
            for injection_id in fault.undone if fault is not None and not traces_left else ():
                guard = self._guards.pop(injection_id, None)
                if guard is not None:
                    guard.release(injection_id)

    def _tell_guards(self, ids: Collection[str]) -> None:
        for injection_id in ids:
            if injection_id in self._guards:
                self._guards[injection_id].undone(injection_id)

    def pull_failed(self, fault: Fault, at: float) -> None:
        """Remember when a pod that cannot pull was first observed; a later time changes nothing.

        Args:
            fault: the fault as it was known.
            at: seconds since 1970.
        """
        self._change_same(fault, lambda now: now if now.pull_failed_at is not None else replace(now, pull_failed_at=at))

    def recovered(self, fault: Fault, at: float | None) -> None:
        """Remember when the Deployment was observed to have recovered.

        Args:
            fault: the fault as it was known.
            at: seconds since 1970; None when it is no longer recovered.
        """
        self._change_same(fault, lambda now: replace(now, recovered_at=at))

    def forget_restored(self) -> None:
        """Forget the faults that are completely undone."""
        with self._lock:
            self._faults = {k: f for k, f in self._faults.items() if f.left}

    def forget(self) -> None:
        """Forget everything, as a new process would."""
        with self._lock:
            self._faults, self._guards = {}, {}

    def fault(self, target: Target) -> Fault | None:
        """Return what is known of a Deployment; None when this process has not changed it.

        Args:
            target: the Deployment, or another workload.
        """
        return self._faults.get(_key_of_target(target))

    def faults(self) -> list[Fault]:
        """Return every fault that this process injected or restored, by cluster, kind, namespace and name.

        Threads inject and restore many at once, and are done in another order in each run.
        """
        with self._lock:
            return [self._faults[key] for key in sorted(self._faults)]

    def _change_same(self, fault: Fault, change: Callable[[Fault], Fault]) -> None:
        """Change a fault, unless the Deployment was created again meanwhile and has another fault."""
        key = _key_of_target(fault.target)
        self._change(key, lambda now: change(now) if now.uid == fault.uid else now)

    def _change(self, key: _Key, change: Callable[[Fault], Fault]) -> None:
        with self._lock:
            fault = self._faults.get(key)
            if fault is not None:
                self._faults[key] = change(fault)


def _key_of(cluster: Cluster, deployment: Deployment) -> _Key:
    metadata = deployment["metadata"]
    return cluster.address, kind_of(deployment).name, metadata["namespace"], metadata["name"]


def _key_of_target(target: Target) -> _Key:
    return target.cluster.address, target.kind.name, target.namespace, target.name


def _new_fault(cluster: Cluster, deployment: Deployment, generation: int) -> Fault:
    metadata = deployment["metadata"]
    namespace, name, uid = metadata["namespace"], metadata["name"], metadata["uid"]
    return Fault(cluster, namespace, name, uid, generation, kind=kind_of(deployment))


# the faults of this process
MEMORY = Memory()
