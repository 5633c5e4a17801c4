"""The garbage collector: it deletes objects whose owners are gone (kubernetes/pkg/controller/garbagecollector)."""

from collections import defaultdict
from collections.abc import Iterable
from functools import partial

from ..clock import Clock
from ..types import Object
from ..watch_cache import Change
from .client import Client
from .randomness import Randomness
from .store_controller import StoreController, key_of, parts_of
from .workqueue import Key, Work

__all__ = ["GarbageCollector"]

# Finalizers of an owner that waits until its dependents are deleted, or until they no longer refer to it
FOREGROUND, ORPHAN = "foregroundDeletion", "orphan"


class GarbageCollector(StoreController):
    """Follows `ownerReferences` of all kinds of objects."""

    workers = 20

    def __init__(self, client: Client, clock: Clock, randomness: Randomness) -> None:
        super().__init__(client, clock, randomness)
        self._dependents: dict[str, dict[Key, None]] = defaultdict(dict)
        self._uids: dict[str, Key] = {}

    def _changed(self, change: Change) -> None:
        if change.resource == "events":
            return
        metadata = change.object["metadata"]
        key = key_of(change.resource, metadata)
        uid = metadata["uid"]
        before = _owners(change.previous) if change.previous else set()
        after = _owners(change.object) if change.type != "DELETED" else set()
        for owner in before - after:
            self._forget(owner, key)
        for owner in after:
            self._dependents[owner][key] = None
        if change.type == "DELETED":
            self._uids.pop(uid, None)
            self._add_all(uid)
            return
        self._uids[uid] = key
        finalizers = set(metadata.get("finalizers", ()))
        ends = metadata.get("deletionTimestamp") and finalizers & {FOREGROUND, ORPHAN}
        if ends or not after <= self._uids.keys():
            self._add(key)

    def _forget(self, owner: str, key: Key) -> None:
        self._dependents[owner].pop(key, None)
        if not self._dependents[owner]:
            del self._dependents[owner]
        if owner in self._uids:
            self._add(self._uids[owner])

    def _add_all(self, owner: str) -> None:
        for key in self._dependents.get(owner, ()):
            self._add(key)

    def _sync(self, key: Key) -> Work:
        obj, target = self._get(key), parts_of(key)
        if obj is None:
            return
        metadata = obj["metadata"]
        finalizers = metadata.get("finalizers", ()) if metadata.get("deletionTimestamp") else ()
        if ORPHAN in finalizers:
            yield from self._orphan_dependents(metadata["uid"])
            yield self._without_finalizer(*target, ORPHAN)
        elif FOREGROUND in finalizers:
            blocking = self._blocking(metadata["uid"])
            self._add_all(metadata["uid"])
            if not blocking:
                yield self._without_finalizer(*target, FOREGROUND)
                return
        yield from self._collect(target, obj)

    def _collect(self, target: tuple[str, str, str], obj: Object) -> Work:
        """Delete an object whose owners are all gone or terminating; remove references to owners that are gone.

        Source: garbagecollector.go, attemptToDeleteItem.
        """
        metadata = obj["metadata"]
        solid, gone, waiting = self._classified_owners(metadata.get("ownerReferences", ()))
        if solid and gone:
            yield partial(self._client.patch, *target, partial(_without_owners, uids=gone))
        if solid or not (gone or waiting) or metadata.get("deletionTimestamp"):
            return
        if waiting and self._dependents.get(metadata["uid"]):
            # the owner waits, so this object in turn waits for its own dependents
            yield partial(self._client.patch, *target, partial(_with_finalizer, finalizer=FOREGROUND))
        yield partial(self._client.delete, *target)

    def _classified_owners(self, references: Iterable[Object]) -> tuple[set[str], set[str], set[str]]:
        """Return the uids of the owners that stay, that are gone, and that wait for their dependents' deletion.

        Source: garbagecollector.go, classifyReferences.
        """
        uids = {each["uid"] for each in references}
        gone = uids - self._uids.keys()
        waiting = {uid for uid in uids - gone if self._waits(uid)}
        return uids - gone - waiting, gone, waiting

    def _waits(self, uid: str) -> bool:
        owner = self._get(self._uids[uid])
        metadata: Object = owner["metadata"] if owner else {}
        return bool(metadata.get("deletionTimestamp")) and FOREGROUND in metadata.get("finalizers", ())

    def _blocking(self, uid: str) -> bool:
        """Return whether a dependent exists for which its owner has to wait."""
        for key in self._dependents.get(uid, ()):
            obj = self._get(key)
            for reference in obj["metadata"].get("ownerReferences", ()) if obj else ():
                if reference["uid"] == uid and reference.get("blockOwnerDeletion"):
                    return True
        return False

    def _orphan_dependents(self, uid: str) -> Work:
        for key in list(self._dependents.get(uid, ())):
            yield partial(self._client.patch, *parts_of(key), partial(_without_owners, uids={uid}))

    def _without_finalizer(self, resource: str, namespace: str, name: str, finalizer: str) -> partial[Object]:
        def change(obj: Object) -> Object:
            finalizers = [each for each in obj["metadata"].get("finalizers", ()) if each != finalizer]
            return {**obj, "metadata": {**obj["metadata"], "finalizers": finalizers}}

        return partial(self._client.patch, resource, namespace, name, change)


def _owners(obj: Object) -> set[str]:
    return {reference["uid"] for reference in obj["metadata"].get("ownerReferences", ())}


def _without_owners(obj: Object, uids: set[str]) -> Object:
    kept = [each for each in obj["metadata"].get("ownerReferences", ()) if each["uid"] not in uids]
    return {**obj, "metadata": {**obj["metadata"], "ownerReferences": kept}}


def _with_finalizer(obj: Object, finalizer: str) -> Object:
    finalizers = {*obj["metadata"].get("finalizers", ()), finalizer}
    return {**obj, "metadata": {**obj["metadata"], "finalizers": sorted(finalizers)}}
