"""Reads lists a page at a time."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ..errors import ClusterError
from .client import Cluster
from .requests import Request, continue_request

__all__ = ["Page", "pages"]


@dataclass(frozen=True)
class Page:
    """A part of a list.

    Attributes:
        items: the objects.
        version: the resourceVersion of the whole list, from which it can be watched; the same in every page.
        last: whether nothing comes after it.
    """

    items: list[Any]
    version: str
    last: bool


def pages(cluster: Cluster, request: Request) -> Iterator[Page]:
    """List objects; without a limit in the request there is one page.

    Args:
        cluster: the connection to the cluster.
        request: the list request.

    Yields:
        The pages; each is requested only when the caller asks for it.

    Raises:
        ClusterError: the list fails, or the answer is not a list.
    """
    page = request
    while True:
        answer = cluster.send(page)
        try:
            metadata = answer["metadata"]
            version, token = metadata["resourceVersion"], metadata.get("continue")
            kind = str(answer.get("kind") or "").removesuffix("List")
            # as client-go does: the API server leaves the kind of an item out when its list tells it
            items = [{"kind": kind, **o} for o in answer.get("items") or [] if o["metadata"]["name"]]
        except (LookupError, TypeError, AttributeError) as x:
            raise ClusterError(f"could not {request.what}: {cluster.address} did not answer with a list") from x
        yield Page(items, version, not token)
        if not token:
            return
        page = continue_request(request, token)
