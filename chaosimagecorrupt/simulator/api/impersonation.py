"""Impersonation: a user who may asks as another (k8s.io/apiserver/pkg/endpoints/filters: WithImpersonation)."""

from collections.abc import Iterator
from urllib.parse import unquote

from ..store import Store
from .authentication import AUTHENTICATED, service_account
from .errors import ApiError, forbidden
from .rbac import Attributes, allowed
from .request import ANONYMOUS, Request, User

__all__ = ["impersonated"]

_AUTHENTICATION = "authentication.k8s.io"
_EXTRA = "impersonate-extra-"


def impersonated(store: Store, user: User, request: Request) -> User:
    """Return the user that a request is to be carried out as: the one who sends it, or another.

    Args:
        store: the objects, roles and bindings among them.
        user: the user who sends the request.
        request: the request.

    Raises:
        ApiError: 403 if the user may not impersonate all that is asked for, 500 if no user is named.
    """
    if not request.impersonation:
        return user
    name = _first(request, "impersonate-user")
    if not name:
        raise ApiError.of("InternalError", "requested groups, uid or extra without impersonating a user", {})
    for attributes in _attributes(request):
        if not allowed(store, user, attributes):
            raise forbidden(user, attributes)
    return _user(name, _first(request, "impersonate-uid"), _all(request, "impersonate-group"))


def _user(name: str, uid: str, groups: tuple[str, ...]) -> User:
    account = _account(name)
    if account and not groups:
        return service_account(*account, uid)
    everybody = "system:unauthenticated" if name == ANONYMOUS else AUTHENTICATED
    return User(name, groups if everybody in groups else (*groups, everybody), uid)


def _first(request: Request, header: str) -> str:
    return next(iter(_all(request, header)), "")


def _all(request: Request, header: str) -> tuple[str, ...]:
    return tuple(value for name, value in request.impersonation if name == header)


def _attributes(request: Request) -> Iterator[Attributes]:
    """Yield the rights that the headers need."""
    for header, value in request.impersonation:
        account = _account(value)
        if header == "impersonate-user" and account:
            yield Attributes("impersonate", "", "serviceaccounts", "", *account)
        elif header == "impersonate-user":
            yield Attributes("impersonate", "", "users", name=value)
        elif header == "impersonate-group":
            yield Attributes("impersonate", "", "groups", name=value)
        elif header == "impersonate-uid":
            yield Attributes("impersonate", _AUTHENTICATION, "uids", name=value)
        elif header.startswith(_EXTRA):
            key = unquote(header.removeprefix(_EXTRA))
            yield Attributes("impersonate", _AUTHENTICATION, "userextras", key, name=value)


def _account(name: str) -> tuple[str, str] | None:
    """Return namespace and name of the service account that a user is."""
    parts = name.split(":")
    return (parts[2], parts[3]) if len(parts) == 4 and name.startswith("system:serviceaccount:") else None
