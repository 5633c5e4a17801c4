"""What this process knows of the faults it injected. A convenience, never the only place of an original image."""

import threading
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from .entry import Entry

__all__ = ["MEMORY", "Fault", "Memory"]

_Key = tuple[str, str, str]  # the API server's address, namespace, name


@dataclass(frozen=True)
class Fault:
    """What this process did to one Deployment, as it is known at one moment; `Memory` alone changes it.

    Attributes:
        cluster: the connection that it was reached by.
        namespace: of the Deployment.
        name: of the Deployment.
        uid: the Deployment's; one that was deleted and made again is another.
        generation: metadata.generation that the first injection made.
        own_changes: how many generations after it were made by this process.
        entries: what was injected, by the injection's id; what is undone, too.
        undone: the ids of those that are known to be undone.
        confirmed: whether the API server said that it is in place.
        bitten_at: when a pod was first seen that could not pull, seconds since 1970; None before.
        restored_at: when the last of the images was put back, or was found to be back; None before.
        restored_on_server: when it was put back by the API server's clock, RFC 3339; None when that is not known.
        healed: whether somebody else had put it back, so that only the API server's clock tells when.
        recovered_at: when the Deployment was seen recovered; None before.
    """

    cluster: Any
    namespace: str
    name: str
    uid: str
    generation: int
    own_changes: int = 0
    entries: Mapping[str, Entry] = field(default_factory=dict)
    undone: frozenset[str] = frozenset()
    confirmed: bool = False
    bitten_at: float | None = None
    restored_at: float | None = None
    restored_on_server: str | None = None
    healed: bool = False
    recovered_at: float | None = None

    @property
    def left(self) -> list[Entry]:
        """What is not known to be undone."""
        return [e for e in self.entries.values() if e.id not in self.undone]


class Memory:
    """The faults of one process, by cluster, namespace and Deployment; of all its threads.

    Attributes:
        dry_run: whether Chaos Toolkit makes a dry run, as the control notices: then nothing is injected, and no probe
            waits for what follows from a fault.
    """

    def __init__(self) -> None:
        # activities run in the background, too; reentrant, because a signal can interrupt the thread that holds it
        self._lock = threading.RLock()
        self._faults: dict[_Key, Fault] = {}
        self.dry_run = False

    def injecting(self, cluster: Any, before: Mapping[str, Any], entry: Entry) -> None:
        """Keep an injection that is about to be sent; whether it arrives is not known yet.

        Args:
            cluster: the connection; its `address` tells clusters apart.
            before: the Deployment that was decided on.
            entry: what will be recorded.
        """
        with self._lock:
            fault = self._faults.get(_key_of(cluster, before))
            if fault is None or fault.uid != before["metadata"]["uid"] or not fault.left:
                fault = _new_fault(cluster, before, before["metadata"]["generation"] + 1)
            self._faults[_key_of(cluster, before)] = replace(fault, entries={**fault.entries, entry.id: entry})

    def injected(self, cluster: Any, after: Mapping[str, Any], entry: Entry) -> None:
        """Keep that an injection is in place.

        Args:
            cluster: the connection.
            after: the Deployment as the API server answered.
            entry: what is recorded.
        """
        with self._lock:
            self.injecting(cluster, after, entry)
            fault = self._faults[_key_of(cluster, after)]
            if fault.confirmed:
                fault = replace(fault, own_changes=fault.own_changes + 1)
            else:
                fault = replace(fault, generation=after["metadata"]["generation"], confirmed=True)
            self._faults[_key_of(cluster, after)] = fault

    def not_injected(self, cluster: Any, namespace: str, name: str, injection_id: str) -> None:
        """Forget an injection that is known not to have happened.

        Args:
            cluster: the connection.
            namespace: of the Deployment.
            name: of the Deployment.
            injection_id: of the injection.
        """

        def without(fault: Fault) -> Fault:
            return replace(fault, entries={i: e for i, e in fault.entries.items() if i != injection_id})

        with self._lock:
            self._change((cluster.address, namespace, name), without)
            fault = self._faults.get((cluster.address, namespace, name))
            if fault is not None and not fault.entries:
                del self._faults[(cluster.address, namespace, name)]

    def restored(
        self,
        cluster: Any,
        before: Mapping[str, Any],
        after: Mapping[str, Any],
        at: float,
        ids: Collection[str],
        on_server: str | None = None,
        *,
        healed: bool = False,
    ) -> None:
        """Keep a restore.

        Args:
            cluster: the connection.
            before: the Deployment that was decided on.
            after: what the API server returned for the patch.
            at: when the image was put back, or was found to be back, seconds since 1970.
            ids: the injections that were undone, of whatever process.
            on_server: when it was put back by the API server's clock, RFC 3339; None when that is not known.
            healed: whether somebody else had put it back.
        """
        key, generation = _key_of(cluster, after), before["metadata"]["generation"]
        with self._lock:
            fault = self._faults.get(key)
            if fault is None or fault.uid != after["metadata"]["uid"]:
                fault = replace(_new_fault(cluster, after, generation), confirmed=True)
            changes = fault.own_changes + after["metadata"]["generation"] - generation
            fault = replace(fault, own_changes=changes, undone=fault.undone | set(ids))
            if not fault.left:
                fault = replace(fault, restored_at=at, recovered_at=None, restored_on_server=on_server, healed=healed)
            self._faults[key] = fault

    def undone(self, cluster: Any, deployment: Mapping[str, Any], ids: Collection[str]) -> None:
        """Keep that injections are not in place any longer, whoever undid them.

        Args:
            cluster: the connection.
            deployment: where they are not.
            ids: the injections.
        """
        uid = deployment["metadata"]["uid"]
        self._change(
            _key_of(cluster, deployment),
            lambda fault: replace(fault, undone=fault.undone | set(ids)) if fault.uid == uid else fault,
        )

    def bitten(self, fault: Fault, at: float) -> None:
        """Keep when a pod was first seen that could not pull; a later time changes nothing.

        Args:
            fault: the fault as it was known.
            at: seconds since 1970.
        """
        self._change_same(fault, lambda now: now if now.bitten_at is not None else replace(now, bitten_at=at))

    def recovered(self, fault: Fault, at: float | None) -> None:
        """Keep when the Deployment was seen recovered.

        Args:
            fault: the fault as it was known.
            at: seconds since 1970; None when it is not recovered any longer.
        """
        self._change_same(fault, lambda now: replace(now, recovered_at=at))

    def forget_restored(self) -> None:
        """Forget what is undone."""
        with self._lock:
            self._faults = {k: f for k, f in self._faults.items() if f.left}

    def forget(self) -> None:
        """Forget everything, as a new process would."""
        with self._lock:
            self._faults = {}

    def fault(self, cluster: Any, namespace: str, name: str) -> Fault | None:
        """Return what is known of a Deployment, None when this process never touched it."""
        return self._faults.get((cluster.address, namespace, name))

    def faults(self) -> list[Fault]:
        """Return all that this process injected or restored."""
        with self._lock:
            return list(self._faults.values())

    def _change_same(self, fault: Fault, change: Callable[[Fault], Fault]) -> None:
        """Change a fault, unless another one into a Deployment that was made again has taken its place."""
        key = (fault.cluster.address, fault.namespace, fault.name)
        self._change(key, lambda now: change(now) if now.uid == fault.uid else now)

    def _change(self, key: _Key, change: Callable[[Fault], Fault]) -> None:
        with self._lock:
            fault = self._faults.get(key)
            if fault is not None:
                self._faults[key] = change(fault)


def _key_of(cluster: Any, deployment: Mapping[str, Any]) -> _Key:
    metadata = deployment["metadata"]
    return cluster.address, metadata["namespace"], metadata["name"]


def _new_fault(cluster: Any, deployment: Mapping[str, Any], generation: int) -> Fault:
    metadata = deployment["metadata"]
    return Fault(cluster, metadata["namespace"], metadata["name"], metadata["uid"], generation)


# the faults of this process
MEMORY = Memory()
