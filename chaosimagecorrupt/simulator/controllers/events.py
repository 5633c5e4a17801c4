"""Events as client-go's recorder writes them: counted, combined when similar, dropped above a rate."""

from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

from ..clock import Clock
from ..store import Store
from ..timestamps import timestamp
from ..types import Object
from .randomness import Randomness

__all__ = ["EventRecorder", "reference"]

V = TypeVar("V")

# How many different events are remembered (client-go/tools/record: maxLruCacheEntries)
CACHE_SIZE = 4096

# From how many different messages on, within how many seconds, events of one reason are combined
SIMILAR_EVENTS, SIMILAR_SECONDS = 10, 600

# How many events about one object are sent at once, and after how many seconds one more is sent. As measured, normal
# events and warnings have separate limits
BURST, REFILL_SECONDS = 25, 300


class _Lru(OrderedDict[Hashable, V], Generic[V]):
    """A dictionary that forgets what was set longest ago."""

    def __setitem__(self, key: Hashable, value: V) -> None:
        super().__setitem__(key, value)
        self.move_to_end(key)
        if len(self) > CACHE_SIZE:
            self.popitem(last=False)


def reference(obj: Object, field_path: str | None = None) -> Object:
    """Return what an event says that it is about.

    Args:
        obj: the object.
        field_path: the part of it, such as `spec.containers{app}`.
    """
    metadata = obj["metadata"]
    about = {
        "kind": obj["kind"],
        "namespace": metadata.get("namespace", "default"),
        "name": metadata["name"],
        "uid": metadata["uid"],
        "apiVersion": obj["apiVersion"],
        "resourceVersion": metadata["resourceVersion"],
    }
    return {**about, "fieldPath": field_path} if field_path else about


class EventRecorder:
    """Writes the events of one component.

    Args:
        store: where events go.
        clock: the time, and callbacks at a later time.
        randomness: how long writing takes.
        component: who reports, such as `kubelet`.
        host: the node it runs on, if events are to say so.
    """

    def __init__(
        self, store: Store, clock: Clock, randomness: Randomness, component: str, host: str | None = None
    ) -> None:
        self._store = store
        self._clock = clock
        self._randomness = randomness
        self._source = {"component": component, "host": host} if host else {"component": component}
        self._messages: _Lru[tuple[float, set[str]]] = _Lru()
        self._seen: _Lru[Object] = _Lru()
        self._tokens: _Lru[tuple[float, float]] = _Lru()
        self._last_write = 0.0
        self._last_name = 0

    def event(self, about: Object, type: str, reason: str, message: str) -> None:
        """Record an event (client-go/tools/record: EventCorrelator.EventCorrelate).

        Args:
            about: what it is about, from `reference`.
            type: `Normal` or `Warning`.
            reason: the reason, one word.
            message: the message, for people.
        """
        now = self._clock.now()
        similar = (about["uid"], about.get("fieldPath"), type, reason)
        combined = self._is_one_of_many(similar, message, now)
        key: Hashable = similar if combined else (*similar, message)
        if combined:
            message = f"(combined from similar events): {message}"
        event = self._counted(key, about, type, reason, message, now, combined)
        self._seen[key] = event
        if self._may_go_out((about["uid"], type), now):
            self._write(event)

    def _is_one_of_many(self, similar: Hashable, message: str, now: float) -> bool:
        last, messages = self._messages.get(similar, (now, set()))
        if now - last > SIMILAR_SECONDS:
            messages = set()
        messages.add(message)
        combined = len(messages) >= SIMILAR_EVENTS
        if combined:
            messages.pop()
        self._messages[similar] = (now, messages)
        return combined

    def _counted(
        self, key: Hashable, about: Object, type: str, reason: str, message: str, now: float, combined: bool
    ) -> Object:
        """Return the event, as one more of those before when there were any (EventLogger.eventObserve)."""
        before = self._seen.get(key)
        if before is not None:
            count = before["count"] + 1
            return {**before, "count": count, "message": message, "lastTimestamp": timestamp(now)}
        # names are made of the time, in nanoseconds, and must differ
        self._last_name = max(self._last_name + 1, int(now * 1e9))
        metadata: Object = {
            "name": f"{about['name']}.{self._last_name:x}",
            "namespace": about["namespace"],
        }
        return {
            "metadata": metadata,
            "involvedObject": about,
            "reason": reason,
            "message": message,
            "source": self._source,
            "firstTimestamp": timestamp(now),
            "lastTimestamp": timestamp(now),
            "count": 1,
            "type": type,
            "eventTime": None,
            "reportingComponent": "" if combined else self._source["component"],
            "reportingInstance": "" if combined else self._source.get("host", ""),
        }

    def _may_go_out(self, key: Hashable, now: float) -> bool:
        """Take from a bucket that fills up slowly (EventSourceObjectSpamFilter)."""
        tokens, last = self._tokens.get(key, (float(BURST), now))
        tokens = min(BURST, tokens + (now - last) / REFILL_SECONDS)
        allowed = tokens >= 1
        self._tokens[key] = (tokens - 1 if allowed else tokens, now)
        return allowed

    def _write(self, event: Object) -> None:
        self._last_write = max(self._last_write, self._clock.now() + self._randomness.request())
        self._clock.call_at(self._last_write, lambda: self._put(event))

    def _put(self, event: Object) -> None:
        namespace, name = event["metadata"]["namespace"], event["metadata"]["name"]
        if self._store.get("events", namespace, name) is None:
            self._store.create("events", event)
        else:
            stored = self._store.get("events", namespace, name) or {}
            self._store.update("events", {**stored, **event, "metadata": stored["metadata"]})
