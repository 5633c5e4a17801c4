"""The API server: a request in, a response or a watch out.

Here belongs what the API server decides: who may do what, what is valid, how writes merge, what a list shows.
Not here: sockets and TLS (`server`), stored objects (`store`), and what happens to objects later (`controllers`).
"""

from .handler import Api
from .request import Request, Response, User
from .watch import Watch

__all__ = ["Api", "Request", "Response", "User", "Watch"]
