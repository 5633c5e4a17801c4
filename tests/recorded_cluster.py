"""A connection to a cluster that stands still at one moment of a recording, and remembers what is deleted."""

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from chaosimagecorrupt.errors import ClusterError
from chaosimagecorrupt.kube.client import Cluster
from chaosimagecorrupt.kube.labels import selects
from chaosimagecorrupt.kube.requests import Request, error_of
from chaosimagecorrupt.workload.kinds import kind_of
from chaosimagecorrupt.workload.target import Target

from .in_process_client import NO_PAUSES
from .recorded import Moment

__all__ = ["RecordedCluster"]

Object = Any


@dataclass
class RecordedCluster(Cluster):
    """A connection to what was there at a moment; it does not connect.

    Attributes:
        moment: what is there.
        deleted: the paths of what was deleted.
        preconditions: what each deletion depended on.
        patches: what was sent to change something; nothing changes.
        answers: HTTP statuses that requests are answered with, by the start of what they do.
    """

    moment: Moment
    deleted: list[str] = field(default_factory=list)
    preconditions: list[Object] = field(default_factory=list)
    patches: list[Object] = field(default_factory=list)
    answers: dict[str, int] = field(default_factory=dict)
    address: str = "https://recorded"

    def __post_init__(self) -> None:
        self.timing = NO_PAUSES

    @property
    def pool_id(self) -> int:
        """As `Cluster.pool_id`; there is no pool."""
        return id(self)

    @property
    def target(self) -> Target:
        """The workload of the recording."""
        return Target.found(self.moment.deployment, self)

    def send(self, request: Request) -> Object:
        """Answer from the moment, and remember deletions."""
        for what, status in self.answers.items():
            if request.what.startswith(what):
                raise error_of(request, status, json.dumps({"message": "so it is told"}).encode())
        if request.method == "DELETE":
            self.deleted.append(request.path.rpartition("/")[2])
            self.preconditions.append(request.body["preconditions"])
            return {}
        if request.method == "PATCH":
            self.patches.append(request.body)
            return self.moment.deployment
        if request.method == "GET":
            return self._found(request)
        raise ClusterError(f"not a request of this test: {request.what}")

    def watch(self, request: Request, opened: Callable[[Any], None]) -> Iterator[Object]:
        """A watch on which nothing happens until it is shut down."""
        ended = threading.Event()
        ended.shutdown = ended.set  # type: ignore[attr-defined]  # what a response has
        opened(ended)
        ended.wait()
        return iter(())

    def _found(self, request: Request) -> Object:
        kind = kind_of(self.moment.deployment).resource.plural
        listed = {
            kind: [self.moment.deployment],
            "controllerrevisions": self.moment.replica_sets,
            "pods": self.moment.pods,
        }
        name = request.path.rpartition("/")[2]
        if name not in listed:
            return self.moment.deployment
        items = [o for o in listed[name] if _matches(o, request.query.get("labelSelector", ""))]
        return {"metadata": {"resourceVersion": "1"}, "items": items}


def _matches(found: Object, query: str) -> bool:
    """Whether labels match a query of the forms `a=b` and `a in (b,c)`."""
    labels = found["metadata"].get("labels") or {}
    equal, _, hashes = query.partition(",controller-revision-hash in ")
    wanted = dict(part.split("=") for part in equal.split(",") if part)
    found_hash = labels.get("controller-revision-hash", "")
    of_revision = not hashes or found_hash in hashes.strip("()").split(",")
    return of_revision and selects({"matchLabels": wanted}, labels)
