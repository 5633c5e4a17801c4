"""What this process knows of the faults it injected. A convenience, never the only place of an original image."""

import threading
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from .entry import Entry

__all__ = ["MEMORY", "Fault", "Memory"]


@dataclass
class Fault:
    """What this process did to one Deployment.

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
    entries: dict[str, Entry] = field(default_factory=dict)
    undone: set[str] = field(default_factory=set)
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
    """The faults of one process, by cluster, namespace and Deployment; of all its threads."""

    def __init__(self) -> None:
        # activities run in the background, too; reentrant, because a signal can interrupt the thread that holds it
        self._lock = threading.RLock()
        self._faults: dict[tuple[str, str, str], Fault] = {}

    def injecting(self, cluster: Any, before: Mapping[str, Any], entry: Entry) -> None:
        """Keep an injection that is about to be sent; whether it arrives is not known yet.

        Args:
            cluster: the connection; its `address` tells clusters apart.
            before: the Deployment that was decided on.
            entry: what will be recorded.
        """
        metadata = before["metadata"]
        key = (cluster.address, metadata["namespace"], metadata["name"])
        with self._lock:
            fault = self._faults.get(key)
            if fault is None or fault.uid != metadata["uid"] or not fault.left:
                made = metadata["generation"] + 1
                fault = self._faults[key] = Fault(
                    cluster, metadata["namespace"], metadata["name"], metadata["uid"], made
                )
            fault.entries[entry.id] = entry

    def injected(self, fault: Fault, generation: int) -> None:
        """Keep that an injection is in place.

        Args:
            fault: the one that was being injected.
            generation: metadata.generation that the API server answered with.
        """
        with self._lock:
            if fault.confirmed:
                fault.own_changes += 1
            else:
                fault.generation, fault.confirmed = generation, True

    def not_injected(self, fault: Fault, injection_id: str) -> None:
        """Forget an injection that is known not to have happened."""
        key = (fault.cluster.address, fault.namespace, fault.name)
        with self._lock:
            fault.entries.pop(injection_id, None)
            if not fault.entries and self._faults.get(key) is fault:
                del self._faults[key]

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
        metadata, generation = after["metadata"], before["metadata"]["generation"]
        key = (cluster.address, metadata["namespace"], metadata["name"])
        with self._lock:
            fault = self._faults.get(key)
            if fault is None or fault.uid != metadata["uid"]:
                fault = Fault(
                    cluster, metadata["namespace"], metadata["name"], metadata["uid"], generation, confirmed=True
                )
                self._faults[key] = fault
            fault.own_changes += metadata["generation"] - generation
            fault.undone.update(ids)
            if not fault.left:
                fault.restored_at, fault.recovered_at = at, None
                fault.restored_on_server, fault.healed = on_server, healed

    def undone(self, cluster: Any, deployment: Mapping[str, Any], ids: Collection[str]) -> None:
        """Keep that injections are not in place any longer, whoever undid them.

        Args:
            cluster: the connection.
            deployment: where they are not.
            ids: the injections.
        """
        metadata = deployment["metadata"]
        with self._lock:
            fault = self._faults.get((cluster.address, metadata["namespace"], metadata["name"]))
            if fault is not None and fault.uid == metadata["uid"]:
                fault.undone.update(ids)

    def forget_restored(self) -> None:
        """Forget what is undone."""
        with self._lock:
            self._faults = {k: f for k, f in self._faults.items() if f.left}

    def fault(self, cluster: Any, namespace: str, name: str) -> Fault | None:
        """Return what is known of a Deployment, None when this process never touched it."""
        return self._faults.get((cluster.address, namespace, name))

    def faults(self) -> list[Fault]:
        """Return all that this process injected or restored."""
        with self._lock:
            return list(self._faults.values())


MEMORY = Memory()
