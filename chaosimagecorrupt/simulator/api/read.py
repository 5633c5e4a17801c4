"""GET of an object and of a list, with selectors and in pages."""

import base64
import binascii
import json
from collections import OrderedDict

from ..selector import EVERYTHING, Selector
from ..store import Store
from ..types import Object
from .encoding import Encodings
from .errors import ApiError, bad_request, expired, not_found
from .request import Request, Response, encode
from .routing import Target
from .selectors import field_selector, label_selector
from .tables import table, wants_table

__all__ = ["Reader", "selector_of"]

Objects = list[Object]

# How many lists are kept for clients that page through them; later pages of older lists are answered with 410
SNAPSHOTS = 64


def selector_of(request: Request, target: Target) -> Selector:
    """Return what a request selects: by labels, by fields, or everything.

    Args:
        request: the request.
        target: what it is about.

    Raises:
        ApiError: 400 when a selector does not parse or names a field that cannot be selected by.
    """
    labels = label_selector(request.query.get("labelSelector", ""))
    return labels & field_selector(request.query.get("fieldSelector", ""), target.resource)


class Reader:
    """Answers get and list.

    Args:
        store: the objects.
        encodings: their bytes.
    """

    def __init__(self, store: Store, encodings: Encodings) -> None:
        self._store = store
        self._encodings = encodings
        self._snapshots: OrderedDict[str, Objects] = OrderedDict()

    def get(self, request: Request, target: Target) -> Response:
        """Return one object.

        Args:
            request: the request.
            target: what it is about.

        Raises:
            ApiError: 404 when there is no such object.
        """
        obj = self._store.get(target.resource.storage, target.namespace, target.name)
        if obj is None:
            raise not_found(self._store.kinds.named(target.resource.storage), target.name)
        return self.show(request, target, obj)

    def show(self, request: Request, target: Target, obj: Object, status: int = 200) -> Response:
        """Return a stored object in the form that the client takes.

        Args:
            request: the request.
            target: what it is about.
            obj: the object as stored.
            status: the HTTP status.
        """
        if wants_table(request):
            metadata = {"resourceVersion": obj["metadata"]["resourceVersion"]}
            return Response(status, encode(table(target.resource, [obj], self._store.now(), metadata, request)))
        return Response(status, self._encodings.object(target.resource, obj))

    def list(self, request: Request, target: Target) -> Response:
        """Return the objects that a request selects, or a page of them.

        Args:
            request: the request.
            target: what it is about.

        Raises:
            ApiError: 400 for selectors and tokens that do not parse, 410 for versions that are past.
        """
        selector = selector_of(request, target)
        self._check_version(request)
        metadata: Object = {"resourceVersion": str(self._store.revision)}
        if request.query.get("continue"):
            objects, start, metadata = self._resume(request, target)
        else:
            objects, start = self._store.list(target.resource.storage, target.namespace or None, selector), 0
        page = self._page(request, target, objects, start, metadata)
        if selector is not EVERYTHING:
            metadata.pop("remainingItemCount", None)
        if wants_table(request):
            return Response(200, encode(table(target.resource, page, self._store.now(), metadata, request)))
        return Response(200, self._encodings.list(target.resource, metadata, page))

    def _check_version(self, request: Request) -> None:
        version = request.query.get("resourceVersion", "")
        if not version:
            return
        if not version.isdigit():
            raise bad_request(f"resourceVersion: Invalid value: {json.dumps(version)}: strconv.ParseUint: "
                              f"parsing {json.dumps(version)}: invalid syntax")  # fmt: skip
        if int(version) > self._store.revision:
            message = f"Too large resource version: {version}, current: {self._store.revision}"
            details = {"causes": [{"reason": "ResourceVersionTooLarge", "message": "Too large resource version"}],
                       "retryAfterSeconds": 1}  # fmt: skip
            raise ApiError.of("Timeout", message, details)
        exact = request.query.get("resourceVersionMatch") == "Exact"
        if exact and int(version) < self._store.revision:
            raise expired("The provided resource version is too old: this is the simulator, it keeps no history")

    def _page(self, request: Request, target: Target, objects: Objects, start: int, metadata: Object) -> Objects:
        """Return a page, and put into the list's metadata how to go on."""
        limit = request.query.get("limit", "0")
        if not limit.isdigit():
            raise bad_request(f"limit: Invalid value: {json.dumps(limit)}: must be a number")
        end = start + int(limit)
        if end == start or end >= len(objects):
            return objects[start:]
        snapshot = _snapshot(request, target, metadata["resourceVersion"])
        self._snapshots[snapshot] = objects
        self._snapshots.move_to_end(snapshot)
        while len(self._snapshots) > SNAPSHOTS:
            self._snapshots.popitem(last=False)
        token = json.dumps({"v": "meta.k8s.io/v1", "rv": int(metadata["resourceVersion"]), "start": end})
        metadata["continue"] = base64.urlsafe_b64encode(token.encode()).decode()
        metadata["remainingItemCount"] = len(objects) - end
        return objects[start:end]

    def _resume(self, request: Request, target: Target) -> tuple[Objects, int, Object]:
        try:
            token = json.loads(base64.urlsafe_b64decode(request.query["continue"]))
            version, start = str(token["rv"]), int(token["start"])
        except (ValueError, KeyError, TypeError, binascii.Error) as error:
            raise bad_request(f"continue key is not valid: {error}") from error
        objects = self._snapshots.get(_snapshot(request, target, version))
        if objects is None or int(version) < self._store.oldest(target.resource.storage):
            raise expired(
                "The provided continue parameter is too old to display a consistent list result. You can start a "
                "new list without the continue parameter."
            )
        return objects, start, {"resourceVersion": version}


def _snapshot(request: Request, target: Target, version: str) -> str:
    parts = (target.resource.name, target.namespace, version)
    return json.dumps([*parts, request.query.get("labelSelector"), request.query.get("fieldSelector")])
