"""A simulated cluster without HTTP whose time stands still, and connections to it that can be disturbed."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple
from urllib.parse import unquote

import pytest

from chaosimagecorrupt.errors import ClusterError, Unreachable
from chaosimagecorrupt.kube.client import Cluster, Patience
from chaosimagecorrupt.kube.requests import Request, error_of
from chaosimagecorrupt.kube.timing import ClientTiming
from chaosimagecorrupt.simulator import api as simulated
from chaosimagecorrupt.simulator.clock import ManualClock
from chaosimagecorrupt.simulator.cluster import SimulatedCluster
from chaosimagecorrupt.simulator.controllers.randomness import Randomness
from chaosimagecorrupt.simulator.seed import seed

from .simulated_cluster import IMAGE, NS

__all__ = ["SETTLE", "InProcessClient", "Place", "web_place"]

Object = dict[str, Any]

ADMIN = simulated.User("admin", ("system:masters",))
NETWORK = 0.01  # seconds that go by with each request
# time goes by with each request, and only so
NO_PAUSES = ClientTiming(conflict_first=0.0, conflict_longest=0.0, scale_down=0.0)
SETTLE = 5.0  # seconds for a rollout
ATTEMPTS = 3
# what is listed to see what became of a change: a wait for it would not let time go by
_SETTLED = tuple(f"list {k}" for k in ("statefulsets", "daemonsets", "replicasets", "controllerrevisions", "pods"))


class Answered(NamedTuple):
    """What the API server answered."""

    status: int
    body: Any


class Place:
    """A cluster.

    Args:
        now: when its time starts, seconds since 1970.
        manifests: what is there.
    """

    def __init__(self, now: float, manifests: list[Object]) -> None:
        self.clock = ManualClock(now)
        self.world = SimulatedCluster(self.clock, Randomness(1))
        self.api = simulated.Api(self.world.store)
        seed(self.api, manifests)
        self.world.start()
        self.clock.advance(SETTLE)

    def ask(
        self, method: str, path: str, body: Any = None, content_type: str = "application/json", **query: str
    ) -> Answered:
        """Send one request as an administrator."""
        data = b"" if body is None else json.dumps(body).encode()
        headers = {"content-type": content_type, "user-agent": "someone"}
        answer = self.api.handle(simulated.Request(method, unquote(path), query, headers, data, ADMIN))
        assert isinstance(answer, simulated.Response)
        # what is not served at all is answered as text
        text = answer.body
        return Answered(answer.status, json.loads(text) if text.startswith(b"{") else {"message": str(text)})


def web_place() -> Place:
    """A cluster whose time starts now, with the Deployment `web`."""
    pod = {"containers": [{"name": "app", "image": IMAGE}]}
    labels = {"app": "web"}
    spec = {"selector": {"matchLabels": labels}, "template": {"metadata": {"labels": labels}, "spec": pod}}
    metadata = {"name": "web", "namespace": NS}
    return Place(time.time(), [{"apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata, "spec": spec}])


class InProcessClient(Cluster):
    """One process's connection to a `Place`: a `Cluster` without its own `__init__`, so nothing connects.

    Args:
        place: where it leads.
        address: tells processes apart.
    """

    def __init__(self, place: Place, address: str) -> None:
        self.address, self.timing = f"https://{address}", NO_PAUSES
        self.troubles: list[str | None] = []  # for the next requests, one each: None, drop, lose, interrupt or a status
        self.meanwhile: dict[int, Callable[[], None]] = {}  # what others do before the n-th request from now
        self.writes = 0
        self.left = 500  # requests; more would be a loop without an end
        self._place = place

    @property
    def pool_id(self) -> int:
        """As `Cluster.pool_id`; there is no pool."""
        return id(self)

    def with_patience(self, patience: Patience) -> "InProcessClient":
        """As `Cluster.with_patience`; no request takes any time."""
        return self

    def send(self, request: Request) -> Object:
        """As `Cluster.send`, without pauses."""
        maybe_acted = False
        for attempt in range(ATTEMPTS):
            try:
                return self._once(request)
            except ClusterError as x:
                x.maybe_acted = maybe_acted = maybe_acted or x.maybe_acted
                if not (request.repeatable and x.is_transient) or attempt == ATTEMPTS - 1:
                    raise
        raise AssertionError("not reached")

    def watch(self, request: Request, opened: Callable[[Any], None]) -> Iterator[Object]:
        """A watch on which nothing happens until it is shut down: time stands still while someone waits."""
        ended = _Ended()
        opened(ended)
        ended.wait()
        return iter(())

    def _count_down(self) -> None:
        self.left -= 1
        if not self.left:
            pytest.fail("a loop without an end")  # no Exception, which might be what the loop goes on after
        self.meanwhile = {n - 1: act for n, act in self.meanwhile.items()}
        self.meanwhile.pop(0, lambda: None)()

    def _once(self, request: Request) -> Object:
        self._count_down()
        self._place.clock.advance(SETTLE if request.what.startswith(_SETTLED) else NETWORK)
        trouble = (self.troubles.pop(0) if self.troubles else None) or ""
        if trouble == "drop":
            raise Unreachable(f"could not {request.what}: dropped")
        if trouble.isdecimal():
            raise error_of(request, int(trouble), b'{"message": "trouble"}')
        status, found = self._place.ask(
            request.method, request.path, request.body, request.content_type, **request.query
        )
        self.writes += request.method != "GET" and status < 300
        if trouble == "interrupt":
            raise KeyboardInterrupt
        if trouble == "lose":
            raise Unreachable(f"could not {request.what}: the answer was lost")
        if status >= 300:
            raise error_of(request, status, json.dumps(found).encode())
        return dict(found)


class _Ended(threading.Event):
    def shutdown(self) -> None:
        self.set()
