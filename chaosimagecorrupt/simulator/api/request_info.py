"""What a request wants to do, as far as its method and path say (k8s.io/apiserver/pkg/endpoints/request)."""

import re

from .rbac import Attributes
from .request import Request
from .routing import parts_of

__all__ = ["attributes_of"]

_VERBS = {"POST": "create", "PUT": "update", "PATCH": "patch", "DELETE": "delete", "GET": "get", "HEAD": "get"}
_OF_COLLECTIONS = {"get": "list", "delete": "deletecollection"}


def attributes_of(request: Request) -> Attributes | None:
    """Return what a request wants to do with a resource, served or not; `None` if its path names no resource.

    Args:
        request: the request.
    """
    found = parts_of(request.path)
    if found is None:
        return None
    name, subresource = (*found.below, "", "")[:2]
    verb = _VERBS.get(request.method, request.method.lower())
    if not name:
        verb = _OF_COLLECTIONS.get(verb, verb)
    if verb in ("get", "list") and request.method == "GET" and request.flag("watch"):
        verb = "watch"
    # of a list or watch that selects one object by its name, a rule's resourceNames hold
    named = name or (_selected_name(request) if verb in ("list", "watch") else "")
    namespace = found.namespace or (name if (found.group, found.plural) == ("", "namespaces") else "")
    return Attributes(verb, found.group, found.plural, subresource, namespace, named)


def _selected_name(request: Request) -> str:
    found = re.search(r"(?:^|,)metadata\.name==?([^,]+)", request.query.get("fieldSelector", ""))
    return found[1] if found else ""
