"""The API's semantics, pure: a request value in, a response value or a watch out. No sockets, no clock.

Paths and verbs are in ``core`` and ``routing``, reading in ``listing``, ``watching``, ``tables``, writing in
``writing``, ``patching``, ``applying``, ``deleting``, what is allowed in ``validate``, ``authentication``, ``rbac``.
"""

from __future__ import annotations

from chaosimagecorrupt.simulator.api.core import Api
from chaosimagecorrupt.simulator.api.request import Request, Response, User
from chaosimagecorrupt.simulator.api.watching import Watch

__all__ = ["Api", "Request", "Response", "User", "Watch"]
