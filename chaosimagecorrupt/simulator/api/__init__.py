"""The API's semantics, pure: a request value in, a response value or a watch out. No sockets, no clock.

Paths and verbs are in `core` and `routing`, reading in `listing`, `watching`, `tables`, writing in
`writing`, `patching`, `applying`, `deleting`, what is allowed in `validate`, `authentication`, `rbac`.
"""

from .handler import Api
from .request import Request, Response, User
from .watch import Watch

__all__ = ["Api", "Request", "Response", "User", "Watch"]
