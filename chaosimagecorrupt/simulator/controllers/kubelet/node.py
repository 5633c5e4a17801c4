"""What the Pods of a node share, and how long the kubelet's steps take, as measured on the recorded cluster."""

from collections.abc import Callable
from dataclasses import dataclass, field

from ...clock import Clock
from ..client import Client
from ..events import EventRecorder
from ..randomness import Randomness
from ..workqueue import Work
from .images import Images
from .ticker import Ticker

__all__ = [
    "INIT_RUNS",
    "KILLED",
    "LEAST_GRACE",
    "NOTICE",
    "RELIST",
    "SANDBOX",
    "STOP_CONTAINER",
    "STOP_SANDBOX",
    "Node",
]

# Seconds from the arrival of a Pod to the first work on it
NOTICE = (0.004, 0.012)

# Seconds from listing the containers of the runtime to the work on a Pod that results from it
RELIST = (0.0, 0.04)

# Seconds that making a sandbox takes
SANDBOX = (0.08, 0.25)

# Seconds that stopping a sandbox takes
STOP_SANDBOX = (0.06, 0.11)

# Seconds that stopping a container takes once its processes end, or its grace period is over
STOP_CONTAINER = (0.1, 0.2)

# Pods that the runtime starts or stops at the same time slow each other down, as many as these at most
SLOWED_BY_MOST = 8

# Seconds that a container has to end at least (kuberuntime: minimumGracePeriodInSeconds)
LEAST_GRACE = 2

# Exit code of a process that was killed
KILLED = 137

# Seconds that an init container runs
INIT_RUNS = (0.05, 0.2)


@dataclass(frozen=True)
class Node:
    """What all Pods of a node share.

    Attributes:
        client: sends the writes.
        recorder: records events.
        clock: the time, and callbacks at a later time.
        randomness: how long things take.
        images: which images can be pulled.
        relist: when the containers of the runtime are listed (PLEG).
        resync: when the Pods that are due are synced.
        address: returns the next Pod's address.
        busy: the uids of the Pods of which the runtime is starting or stopping something.
    """

    client: Client
    recorder: EventRecorder
    clock: Clock
    randomness: Randomness
    images: Images
    relist: Ticker
    resync: Ticker
    address: Callable[[], str]
    busy: set[str] = field(default_factory=set)

    def work(self, uid: str, least: float, most: float) -> Work:
        """Have the runtime start or stop something of a Pod, beside what it does for other Pods.

        Args:
            uid: the Pod's uid.
            least: seconds that it takes at least when there is no other Pod.
            most: seconds that it takes at most then.
        """
        self.busy.add(uid)
        try:
            yield self.randomness.between(least, most) * min(len(self.busy), SLOWED_BY_MOST)
        finally:
            self.busy.discard(uid)
