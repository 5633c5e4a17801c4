"""Requests to the API server as plain values, and the errors for its answers. Pure."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from ..errors import ClusterError, Conflict, Expired, Forbidden, NotFound, Unauthorized, one_line
from .resources import Resource

__all__ = [
    "FIELD_MANAGER",
    "PAGE",
    "Request",
    "continue_request",
    "create_request",
    "delete_by_name_request",
    "delete_request",
    "error_of",
    "get_request",
    "json_patch_request",
    "list_request",
    "patch_request",
    "review_request",
    "watch_request",
]

FIELD_MANAGER = "chaosimagecorrupt"
# Short, because a connection that is cut without a sign is noticed only at its end
WATCH_SECONDS = 30
# Objects in a page; the first page may be smaller, when it probably has what is needed
PAGE = "500"
# k8s.io/apiserver/pkg/endpoints/handlers/responsewriters: forbiddenMessage. Admission, by a webhook, a policy or a
# quota, says something else
_DENIED_BY_ROLE = re.compile(r'\bUser ".*" cannot ')
JSON_PATCH = "application/json-patch+json"
STRATEGIC_MERGE = "application/strategic-merge-patch+json"

_ERRORS: dict[int, type[ClusterError]] = {
    kind.default_status: kind for kind in (Conflict, Expired, Forbidden, NotFound, Unauthorized)
}


@dataclass(frozen=True)
class Request:
    """One request.

    Attributes:
        method: of HTTP.
        path: of the URL.
        what: verb, resource and object, for errors: `get deployments.apps "web" in namespace "shop"`.
        query: the URL's parameters.
        body: is sent as JSON.
        content_type: of the body.
        repeatable: whether sending it twice does no harm.
    """

    method: str
    path: str
    what: str
    query: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    content_type: str = "application/json"
    repeatable: bool = True

    @property
    def url(self) -> str:
        """Path and query."""
        return f"{self.path}?{urlencode(self.query)}" if self.query else self.path


def get_request(resource: Resource, namespace: str | None, name: str) -> Request:
    """Return the request that reads one object.

    Args:
        resource: its kind.
        namespace: None for an object that has none.
        name: of the object.
    """
    return Request("GET", resource.path(namespace, name), _what("get", resource, namespace, name))


def list_request(resource: Resource, namespace: str | None, query: Mapping[str, str] | None = None) -> Request:
    """Return the request that lists objects.

    Args:
        resource: their kind.
        namespace: None for all namespaces.
        query: selectors, limit and the like.
    """
    return Request("GET", resource.path(namespace), _what("list", resource, namespace, None), query or {})


def continue_request(listed: Request, token: str) -> Request:
    """Return the request for the next page of a list; it is of `PAGE` objects, whatever the first one had.

    Args:
        listed: the list request.
        token: `metadata.continue` of the page before.
    """
    return replace(listed, query={**listed.query, "limit": PAGE, "continue": token})


def watch_request(listed: Request, resource_version: str) -> Request:
    """Return the request that follows what a list request returned.

    Args:
        listed: the list request, whose selectors count.
        resource_version: of its answer, or of the last event that was seen.
    """
    query = {k: v for k, v in listed.query.items() if k not in ("limit", "continue")}
    query |= {
        "watch": "true",
        "allowWatchBookmarks": "true",
        "resourceVersion": resource_version,
        "timeoutSeconds": str(WATCH_SECONDS),
    }
    return replace(listed, query=query, what="watch" + listed.what.removeprefix("list"))


def patch_request(
    resource: Resource, namespace: str, name: str, patch: Mapping[str, Any], *, dry_run: bool = False
) -> Request:
    """Return the request that sends a strategic merge patch.

    Args:
        resource: the object's kind.
        namespace: its namespace.
        name: its name.
        patch: with `metadata.resourceVersion`: a repeat is then refused by a conflict, so it does no harm.
        dry_run: have the API server compute the result and store nothing.
    """
    query = {"fieldManager": FIELD_MANAGER, **({"dryRun": "All"} if dry_run else {})}
    return Request(
        "PATCH",
        resource.path(namespace, name),
        _what("patch", resource, namespace, name),
        query,
        patch,
        STRATEGIC_MERGE,
        repeatable="resourceVersion" in patch["metadata"],
    )


def json_patch_request(resource: Resource, namespace: str, name: str, patch: Sequence[Mapping[str, Any]]) -> Request:
    """Return the request that sends a JSON patch.

    Args:
        resource: the object's kind.
        namespace: its namespace.
        name: its name.
        patch: its first operation tests the resourceVersion, so that a repeat does no harm.
    """
    return Request(
        "PATCH",
        resource.path(namespace, name),
        _what("patch", resource, namespace, name),
        {"fieldManager": FIELD_MANAGER},
        patch,
        JSON_PATCH,
        repeatable=patch[0]["path"] == "/metadata/resourceVersion",
    )


def review_request(resource: Resource, body: Mapping[str, Any], what: str) -> Request:
    """Return the request that creates an object which is returned with an answer, such as an access review.

    Args:
        resource: its kind, one without a namespace.
        body: the object, without apiVersion and kind.
        what: for errors.
    """
    return Request("POST", resource.path(), what, body=body)


def create_request(resource: Resource, body: Mapping[str, Any], namespace: str) -> Request:
    """Return the request that creates an object.

    Args:
        resource: its kind.
        body: the object, with its name: a repeat is then refused by a conflict, so it does no harm.
        namespace: its namespace.
    """
    query = {"fieldManager": FIELD_MANAGER}
    return Request("POST", resource.path(namespace), _what("create", resource, namespace, None), query, body)


def delete_request(resource: Resource, found: Mapping[str, Any]) -> Request:
    """Return the request that deletes an object if it has not changed since it was read.

    Args:
        resource: its kind.
        found: the object as it was read. If it has changed since, the API server answers 409.
    """
    metadata = found["metadata"]
    preconditions = {k: metadata[k] for k in ("uid", "resourceVersion")}
    body = {"apiVersion": "v1", "kind": "DeleteOptions", "preconditions": preconditions}
    namespace, name = metadata.get("namespace"), metadata["name"]
    return Request("DELETE", resource.path(namespace, name), _what("delete", resource, namespace, name), body=body)


def delete_by_name_request(resource: Resource, namespace: str, name: str, uid: str | None) -> Request:
    """Return the request that deletes an object, whatever has changed in it.

    Args:
        resource: its kind.
        namespace: its namespace.
        name: its name.
        uid: of the object: another one of this name stays. None when it is not known.
    """
    body: dict[str, Any] = {"apiVersion": "v1", "kind": "DeleteOptions"}
    if uid is not None:
        body["preconditions"] = {"uid": uid}
    return Request("DELETE", resource.path(namespace, name), _what("delete", resource, namespace, name), body=body)


def error_of(request: Request, status: int, body: bytes) -> ClusterError:
    """Return the error for an answer with a status of 300 or more.

    Args:
        request: the request.
        status: the HTTP status.
        body: a Status object, or what a proxy wrote instead.
    """
    try:
        answer = json.loads(body)
        message = str(answer["message"])
    except (ValueError, KeyError, TypeError, RecursionError):
        message = body.decode(errors="replace")
    reason = one_line(message.strip() or "no reason", 500)
    kind = _ERRORS.get(status, ClusterError)
    if kind is Forbidden and _DENIED_BY_ROLE.search(message):
        return kind(f"the role does not allow to {request.what}; grant the verb. The API server says: {reason}")
    if kind is Unauthorized:
        return kind(f"the API server does not accept these credentials ({status}, {reason}); log in again")
    return kind(f"could not {request.what}: {status}, {reason}", status)


def _what(verb: str, resource: Resource, namespace: str | None, name: str | None) -> str:
    named = f' "{one_line(name, 80)}"' if name else ""
    place = f' in namespace "{one_line(namespace, 80)}"' if namespace and resource.namespaced else ""
    return f"{verb} {resource.full_name}{named}{place}"
