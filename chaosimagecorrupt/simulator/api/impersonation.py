"""Impersonation: a request that acts as another user (k8s.io/apiserver/pkg/endpoints/filters/impersonation.go)."""

from collections.abc import Iterator
from urllib.parse import unquote

from ..store import Store
from .authentication import AUTHENTICATED, service_account
from .errors import ApiError, forbidden
from .rbac import Attributes, allowed
from .request import ANONYMOUS, Request, User

__all__ = ["impersonated"]

_PREFIX = "impersonate-"
_ACCOUNT = "system:serviceaccount:"


def impersonated(store: Store, user: User, request: Request) -> User:
    """Return the user that a request acts as: its sender without headers that name another one.

    Args:
        store: has the roles; the sender needs the verb `impersonate` for each part.
        user: the sender.
        request: the request.

    Raises:
        ApiError: the sender may not impersonate, or the headers name no user.
    """
    name, uid = request.headers.get(f"{_PREFIX}user", ""), request.headers.get(f"{_PREFIX}uid", "")
    groups = [group for group in request.headers.get(f"{_PREFIX}group", "").split("\n") if group]
    extra = {k: v for k, v in request.headers.items() if k.startswith(f"{_PREFIX}extra-")}
    if not name:
        if groups or extra or uid:
            raise ApiError(500, "InternalError", "requested impersonation without a user")
        return user
    for part in _parts(name, groups, uid, extra):
        _check(store, user, *part)
    return _user(name, groups, uid)


def _parts(name: str, groups: list[str], uid: str, extra: dict[str, str]) -> Iterator[tuple[str, str, str, str]]:
    """Yield resource, group, namespace and name of each part that the sender must be allowed to impersonate."""
    yield _kind_of(name)
    for group in groups:
        yield "groups", "", "", group
    if uid:
        yield "uids", "authentication.k8s.io", "", uid
    for key, value in extra.items():
        yield f"userextras/{unquote(key.removeprefix(f'{_PREFIX}extra-'))}", "authentication.k8s.io", "", value


def _kind_of(name: str) -> tuple[str, str, str, str]:
    """Return resource, group, namespace and name of what is impersonated."""
    if name.startswith(_ACCOUNT):
        namespace, _, account = name.removeprefix(_ACCOUNT).partition(":")
        return "serviceaccounts", "", namespace, account
    return "users", "", "", name


def _check(store: Store, user: User, resource: str, group: str, namespace: str, name: str) -> None:
    plural, _, subresource = resource.partition("/")
    if not allowed(store, user, Attributes("impersonate", group, plural, subresource, namespace, name)):
        raise forbidden(user, "impersonate", resource, group, namespace, name)


def _user(name: str, groups: list[str], uid: str) -> User:
    if name.startswith(_ACCOUNT) and not groups:
        namespace, _, account = name.removeprefix(_ACCOUNT).partition(":")
        return service_account(namespace, account, uid)
    if name == ANONYMOUS:
        return User(name, tuple(groups) or ("system:unauthenticated",), uid)
    return User(name, (*groups, *([] if AUTHENTICATED in groups else [AUTHENTICATED])), uid)
