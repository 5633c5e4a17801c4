"""Handles a request: authentication, authorization, and the answer."""

import copy
import uuid
from dataclasses import replace

from ..store import Store
from ..types import Object
from .authentication import Authenticator
from .bootstrap import bootstrap
from .conversion import as_served
from .custom_resource_definitions import serve_definitions
from .decode import decode_object, parse
from .delete import delete, options_of
from .discovery import NOT_FOUND, discover
from .encoding import Encodings
from .errors import (
    ApiError,
    bad_request,
    forbidden,
    not_simulated,
    wrong_method,
)
from .impersonation import impersonated
from .patch import APPLY, apply_patch, patch
from .rbac import Attributes, allowed
from .read import Reader, selector_of
from .request import Request, Response, User, as_json
from .request_info import attributes_of
from .reviews import REVIEWS, token_request
from .routing import Target, target_of
from .scale import SCALE, scale_of, with_replicas
from .watch import Watch
from .write import Writer

__all__ = ["Api"]

_VERBS = {"POST": "create", "PUT": "update", "PATCH": "patch", "DELETE": "delete", "GET": "get"}


class Api:
    """Answers requests.

    Args:
        store: the objects.
        address: the server's `host:port`, as discovery shows it.
    """

    def __init__(self, store: Store, address: str = "127.0.0.1:6443") -> None:
        self.store = store
        self.address = address
        self.tokens = Authenticator(store)
        self._encodings = Encodings(store)
        self._reader = Reader(store, self._encodings)
        self._writer = Writer(store)
        bootstrap(store)
        serve_definitions(store)

    def handle(self, request: Request) -> Response | Watch:
        """Return the answer to a request, or the watch that it asks for.

        Args:
            request: the request.
        """
        try:
            return self._handle(request)
        except ApiError as error:
            return error.response()

    def _handle(self, request: Request) -> Response | Watch:
        user = impersonated(self.store, self.tokens.user_of(request), request)
        review = self._review(request, user)
        if review is not None:
            return review
        attributes = attributes_of(request)
        if attributes is None:
            return self._discover(request, user)
        self._authorize(user, attributes)
        target = target_of(self.store.kinds, request.path)
        if target is None:
            return NOT_FOUND
        verb = _verb(request, target)
        if target.subresource:
            return self._subresource(request, target)
        if verb == "watch":
            return Watch(self.store, self._encodings, request, target)
        return self._answer(request, target, verb)

    def _authorize(self, user: User, attributes: Attributes) -> None:
        """Refuse what a user may not do; that comes before the question whether there is such a resource."""
        if not allowed(self.store, user, attributes):
            raise forbidden(user, attributes)

    def _discover(self, request: Request, user: User) -> Response:
        if not allowed(self.store, user, Attributes(request.method.lower(), path=request.path)):
            message = f'forbidden: User "{user.name}" cannot {request.method.lower()} path "{request.path}"'
            raise ApiError.of("Forbidden", message, {})
        found = discover(self.store.kinds, request.path, self.address)
        if found is None:
            return NOT_FOUND
        if request.method != "GET":
            raise wrong_method(request.method, request.path)
        return found

    def _review(self, request: Request, user: User) -> Response | None:
        """Answer a review, such as a SelfSubjectAccessReview."""
        parts = request.path.strip("/").split("/")
        if len(parts) != 4 or parts[0] != "apis" or parts[2] != "v1" or (parts[1], parts[3]) not in REVIEWS:
            return None
        _, group, _, plural = parts
        kind, answer = REVIEWS[group, plural]
        if request.method != "POST":
            raise wrong_method(request.method, f"{plural}.{group}")
        self._authorize(user, Attributes("create", group, plural))
        body = parse(request)
        if not isinstance(body, dict):
            raise bad_request(f"the body is no {kind}")
        head = {"kind": kind, "apiVersion": f"{group}/v1", "metadata": {}}
        return as_json(answer(self.store, user, {**body, **head}), 201)

    def _answer(self, request: Request, target: Target, verb: str) -> Response:
        if verb == "get":
            return self._reader.get(request, target)
        if verb == "list":
            return self._reader.list(request, target)
        if verb == "create":
            return self._create(request, target)
        if target.resource.stored_as and verb in ("update", "patch"):
            raise not_simulated(f"to {verb} {target.resource.name}")
        if verb == "update":
            return self._update(request, target)
        if verb == "patch":
            obj, status, warnings = patch(self.store, self._writer, request, target)
            return self._written(request, target, obj, status, warnings)
        return self._delete(request, target, verb)

    def _written(
        self, request: Request, target: Target, obj: Object, status: int, warnings: dict[str, str]
    ) -> Response:
        """Answer with what was stored; a dry run's object has no version of its own, so its bytes are not cached."""
        if request.dry_run:
            return as_json(as_served(target.resource, obj), status, warnings)
        shown = self._reader.show(request, target, obj, status)
        return Response(status, shown.body, shown.content_type, warnings)

    def _create(self, request: Request, target: Target) -> Response:
        obj, warnings = decode_object(target.resource, parse(request), request)
        stored = self._writer.create(request, target, obj, request.field_manager)
        if request.dry_run:
            stored["metadata"].setdefault("uid", str(uuid.uuid4()))
        return self._written(request, target, stored, 201, warnings)

    def _update(self, request: Request, target: Target) -> Response:
        current = self._writer.current(target)
        obj, warnings = decode_object(target.resource, parse(request), request)
        obj.setdefault("metadata", {})
        stored = self._writer.replace(request, target, current, obj, request.field_manager)
        return self._written(request, target, stored, 200, warnings)

    def _delete(self, request: Request, target: Target, verb: str) -> Response:
        options = options_of(request)
        stored = replace(target, resource=self.store.kinds.named(target.resource.storage))
        if verb == "delete":
            return as_json(delete(self.store, request, stored, self._writer.current(stored), options))
        found = self.store.list(stored.resource.name, target.namespace or None, selector_of(request, target))
        gone = [delete(self.store, request, stored, obj, options) and as_served(target.resource, obj) for obj in found]
        head = {"kind": target.resource.kind + "List", "apiVersion": target.resource.api_version}
        return as_json({**head, "metadata": {"resourceVersion": str(self.store.revision)}, "items": gone})

    def _subresource(self, request: Request, target: Target) -> Response:
        resource, name = target.resource, target.subresource
        if (resource.name, name) == ("serviceaccounts", "token") and request.method == "POST":
            return as_json(token_request(self.store, self.tokens, target, parse(request)), 201)
        if name not in resource.subresources:
            raise not_simulated(f"{resource.plural}/{name}")
        if request.method not in ("GET", "PUT", "PATCH"):
            raise wrong_method(request.method, f"{resource.plural}/{name}")
        if name == "scale":
            return self._scale(request, target)
        return self._answer(request, target, _VERBS[request.method])

    def _scale(self, request: Request, target: Target) -> Response:
        obj = self._writer.current(target)
        scale = scale_of(target.resource, obj)
        if request.method == "GET":
            return as_json(scale)
        if request.content_type == APPLY:
            raise not_simulated("server-side apply of a scale")
        if request.method == "PUT":
            desired = parse(request)
        else:
            desired = apply_patch(request, copy.deepcopy(scale), Target(SCALE, target.namespace, target.name, "scale"))
        if not isinstance(desired, dict):
            raise bad_request("the body is no Scale")
        new, manager = with_replicas(target, obj, desired), request.field_manager
        stored = self.store.update(
            target.resource.name, new, manager=manager, subresource="scale", dry_run=request.dry_run
        )
        return as_json(scale_of(target.resource, stored))


def _verb(request: Request, target: Target) -> str:
    if request.method not in _VERBS:
        raise wrong_method(request.method, target.resource.name)
    verb = _VERBS[request.method]
    if request.method == "GET" and request.flag("watch"):
        return "watch"
    if target.name:
        if verb == "create" and not target.subresource:
            raise wrong_method(request.method, target.resource.name)
        return verb
    collection = {"get": "list", "delete": "deletecollection", "create": "create"}
    if verb not in collection:
        raise wrong_method(request.method, target.resource.name)
    return collection[verb]
