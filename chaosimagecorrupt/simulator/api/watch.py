"""Which events a watch sends, as bytes. The server waits and sends them."""

from collections.abc import Iterator

from ..selector import EVERYTHING, Selector
from ..store import Store
from ..types import Object
from ..watch_cache import Change, Expired
from .encoding import Encodings
from .errors import ApiError, bad_request, expired
from .read import selector_of
from .request import Request, encode
from .routing import Target
from .tables import table, wants_table

__all__ = ["Watch"]

# What the recorded server says to `sendInitialEvents`; clients then list and watch
NO_STREAMING_LIST = (
    "a watch stream was requested by the client but the required storage feature RequestWatchProgress is disabled"
)

# Seconds after which a watch ends that asks for no timeout (kube-apiserver: --min-request-timeout)
DEFAULT_TIMEOUT = 1800.0


class Watch:
    """One watch: what it sends at its beginning and after each change.

    Args:
        store: the objects.
        encodings: their bytes.
        request: the request.
        target: what is watched.
    """

    def __init__(self, store: Store, encodings: Encodings, request: Request, target: Target) -> None:
        self._store = store
        self._encodings = encodings
        self._request = request
        self._selector = _selector(request, target)
        self._name = target.name or _name_in(request.query.get("fieldSelector", ""))
        self._table = wants_table(request)
        self._sent = 0
        self.target = target
        self.ended = False
        self.timeout = _timeout(request)
        self.bookmarks = request.flag("allowWatchBookmarks")

    def begin(self) -> Iterator[bytes]:
        """Yield what is sent at once: the objects as they are, or what changed since the asked-for version.

        A version that is past yields an ERROR event with 410, after which the watch has `ended`.
        """
        try:
            yield from self._begin()
        except ApiError as error:
            self.ended = True
            yield self.error(error)

    def _begin(self) -> Iterator[bytes]:
        if self._request.flag("sendInitialEvents"):
            raise ApiError.of("InternalError", NO_STREAMING_LIST)
        version = self._request.query.get("resourceVersion", "")
        self._sent = self._store.revision
        resource = self.target.resource
        if version in ("", "0"):
            for obj in self._store.list(resource.storage, self.target.namespace or None, self._selector):
                yield self._event("ADDED", obj)
            return
        if not version.isdigit():
            raise bad_request(f'Invalid value: "{version}": the resource version is no number')
        try:
            changes = self._store.changes_since(resource.storage, int(version))
        except Expired as error:
            raise expired(str(error)) from error
        for change in changes:
            yield from self._events(change)

    def concerns(self, change: Change) -> bool:
        """Return whether a change may have to be sent, by the object's kind, namespace and name alone.

        The watch cache finds watches so (k8s.io/apiserver/pkg/storage/cacher: indexedWatchers): the watches of other
        objects cost nothing.

        Args:
            change: the change.
        """
        metadata = change.object["metadata"]
        return (
            change.resource == self.target.resource.storage
            and (not self._name or metadata["name"] == self._name)
            and (not self.target.namespace or metadata.get("namespace") == self.target.namespace)
        )

    def after(self, change: Change) -> Iterator[bytes]:
        """Yield what is sent after a change, nothing when it does not concern this watch.

        Args:
            change: the change.
        """
        if self.concerns(change) and change.revision > self._sent:
            yield from self._events(change)

    def _events(self, change: Change) -> Iterator[bytes]:
        if self.target.namespace and change.object["metadata"].get("namespace") != self.target.namespace:
            return
        kind = change.type if self._selector is EVERYTHING else self._type_for_selector(change)
        if kind:
            yield self._event(kind, change.object)

    def _type_for_selector(self, change: Change) -> str:
        """Return the event type behind a selector: what starts to match is added, what stops is deleted."""
        before = change.previous is not None and self._selector.matches(change.previous)
        after = change.type != "DELETED" and self._selector.matches(change.object)
        if before and after:
            return "MODIFIED"
        if after:
            return "ADDED"
        return "DELETED" if before else ""

    def _event(self, kind: str, obj: Object) -> bytes:
        if self._table:
            metadata = {"resourceVersion": obj["metadata"]["resourceVersion"]}
            shown = encode(table(self.target.resource, [obj], self._store.now(), metadata, self._request))
        else:
            shown = self._encodings.object(self.target.resource, obj)
        return b'{"type":"' + kind.encode() + b'","object":' + shown + b"}\n"

    def bookmark(self) -> bytes:
        """Return an event that says how far the watch is."""
        resource = self.target.resource
        metadata = {"resourceVersion": str(self._store.revision), "creationTimestamp": None}
        obj: Object = {"kind": resource.kind, "apiVersion": resource.api_version, "metadata": metadata}
        return encode({"type": "BOOKMARK", "object": obj}) + b"\n"

    def expired(self) -> bytes:
        """Return the event that ends a watch whose changes were forgotten."""
        oldest = self._store.oldest(self.target.resource.storage)
        return self.error(expired(f"too old resource version: {self._sent} ({oldest})"))

    def error(self, error: ApiError) -> bytes:
        """Return an event that says why the watch ends.

        Args:
            error: why.
        """
        return encode({"type": "ERROR", "object": error.status}) + b"\n"


def _selector(request: Request, target: Target) -> Selector:
    selector = selector_of(request, target)
    if not target.name:
        return selector
    by_name = frozenset([("metadata.name", target.name)])
    return Selector(lambda obj: obj["metadata"]["name"] == target.name, (by_name,)) & selector


def _name_in(field_selector: str) -> str:
    """Return the name that a field selector demands, if it demands nothing else; empty otherwise."""
    field, _, name = field_selector.replace("==", "=").partition("=")
    return name if field == "metadata.name" and "," not in name and "=" not in name else ""


def _timeout(request: Request) -> float:
    text = request.query.get("timeoutSeconds", "")
    if not text:
        return DEFAULT_TIMEOUT
    if not text.isdigit():
        raise bad_request(f'timeoutSeconds: Invalid value: "{text}": must be a number of seconds')
    return float(text) or DEFAULT_TIMEOUT
