"""Authentication: bearer tokens, client certificates, anonymous requests."""

import secrets

from ..store import Store
from .errors import unauthorized
from .request import ANONYMOUS, Request, User

__all__ = ["Authenticator", "service_account"]

AUTHENTICATED = "system:authenticated"


def service_account(namespace: str, name: str, uid: str = "") -> User:
    """Return the user that a service account is.

    Args:
        namespace: its namespace.
        name: its name.
        uid: its uid.
    """
    groups = ("system:serviceaccounts", f"system:serviceaccounts:{namespace}", AUTHENTICATED)
    return User(f"system:serviceaccount:{namespace}:{name}", groups, uid)


class Authenticator:
    """Issues tokens, and identifies the users of requests.

    Args:
        store: the objects; a service account's token is good as long as the account is there.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._users: dict[str, User] = {}
        self._accounts: dict[str, tuple[str, str, str, float]] = {}

    def token_for(self, user: User) -> str:
        """Return a new token of a user that is no service account.

        Args:
            user: the user.
        """
        token = secrets.token_urlsafe(32)
        self._users[token] = User(user.name, (*user.groups, AUTHENTICATED), user.uid)
        return token

    def account_token(self, namespace: str, name: str, seconds: float = 3600.0) -> str:
        """Return a new token of a service account.

        Args:
            namespace: its namespace.
            name: its name.
            seconds: how long the token is good for.

        Raises:
            KeyError: there is no such service account.
        """
        account = self._store.get("serviceaccounts", namespace, name)
        if account is None:
            raise KeyError(f"no service account {namespace}/{name}")
        token = secrets.token_urlsafe(32)
        self._accounts[token] = (namespace, name, account["metadata"]["uid"], self._store.now() + seconds)
        return token

    def user_of(self, request: Request) -> User:
        """Return the user who sends a request.

        Args:
            request: the request.

        Raises:
            ApiError: 401 for credentials that are not known or not good any more.
        """
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer" and token:
            return self._user_of_token(token.strip())
        if request.certificate is not None:
            user = request.certificate
            return User(user.name, (*user.groups, AUTHENTICATED))
        if scheme:
            raise unauthorized()
        return User(ANONYMOUS, ("system:unauthenticated",))

    def _user_of_token(self, token: str) -> User:
        if token in self._users:
            return self._users[token]
        namespace, name, uid, expires = self._accounts.get(token, ("", "", "", 0.0))
        account = self._store.get("serviceaccounts", namespace, name)
        if account is None or account["metadata"]["uid"] != uid or expires < self._store.now():
            raise unauthorized()
        return service_account(namespace, name, uid)
