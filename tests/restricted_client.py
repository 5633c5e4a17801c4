"""A connection to a simulated cluster without HTTP, whose role does not allow some requests."""

import json
from typing import Any

from chaosimagecorrupt.kube.requests import Request, error_of

from .in_process_client import InProcessClient, Place

__all__ = ["RestrictedClient"]


class RestrictedClient(InProcessClient):
    """A connection whose role does not allow some requests.

    Args:
        place: the cluster.
        address: tells processes apart.
        forbidden: the start of what a request does, such as `delete replicasets`.
    """

    def __init__(self, place: Place, address: str, *forbidden: str) -> None:
        super().__init__(place, address)
        self._forbidden = forbidden

    def send(self, request: Request) -> dict[str, Any]:
        """As `InProcessClient.send`; a request that is not allowed is answered with 403."""
        if request.what.startswith(self._forbidden):
            raise error_of(request, 403, json.dumps({"message": "the role does not allow it"}).encode())
        return super().send(request)
