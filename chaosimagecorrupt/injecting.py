"""Putting the fault in place on the cluster, with a guard that is up before it is."""

import os
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from .errors import ClusterError, ImageCorruptError
from .fault import Injection, inject
from .guard import Guard, Task, start_guard
from .guard.start import log_path
from .record import read_record
from .settings import Settings
from .target import MEMORY, Target, whoami

__all__ = ["Injector", "Wanted"]

Object = dict[str, Any]
StartGuard = Callable[[Task, Mapping[str, str]], Guard]


@dataclass(frozen=True)
class Wanted:
    """What is to be corrupted, and how.

    Attributes:
        container_name: a container or init container; None for the first container.
        image: the corrupt image.
        ttl: seconds until the fault is undone without being asked.
        progress_deadline: progressDeadlineSeconds for the time of the fault; None leaves it.
    """

    container_name: str | None
    image: str
    ttl: float
    progress_deadline: int | None = None


class Injector:
    """One injection.

    Args:
        target: the Deployment.
        wanted: what is to be corrupted, and how.
        guarded: how the guard is to reach the cluster; None: no guard.
        start: starts the guard.
    """

    def __init__(
        self, target: Target, wanted: Wanted, guarded: Settings | None, start: StartGuard = start_guard
    ) -> None:
        self._target, self._wanted, self._guarded, self._start = target, wanted, guarded, start
        self._id, self._by, self._now = uuid.uuid4().hex, whoami(), time.time()
        self._injection: Injection | None = None
        self._guard: Guard | None = None
        self.guard_log: str | None = None

    def dry_run(self) -> tuple[Injection, Object]:
        """Have the API server check the patch; nothing is stored and no guard is started.

        Returns:
            The injection, and the Deployment as it would be.
        """
        after = self._target.patch(lambda deployment: self._decide(deployment).patch, dry_run=True)
        assert self._injection is not None
        return self._injection, after

    def inject(self) -> tuple[Injection, Object]:
        """Put the fault in place.

        Returns:
            The injection, and the Deployment as the API server made it.

        Raises:
            Refused: the Deployment must not be touched, or the guard did not start; nothing was changed.
            ClusterError: the API server could not be reached, or refused.
        """
        try:
            after = self._target.patch(self._prepare)
        except BaseException as x:
            self._failed(x)
            raise
        assert self._injection is not None
        fault = MEMORY.fault(self._target.cluster, self._target.namespace, self._target.name)
        assert fault is not None
        MEMORY.injected(fault, after["metadata"]["generation"])
        if self._guard is not None:
            self._guard.injected()
        return self._injection, after

    def _decide(self, deployment: Object) -> Injection:
        wanted = asdict(self._wanted)
        self._injection = inject(deployment, **wanted, now=self._now, injection_id=self._id, by=self._by)
        return self._injection

    def _prepare(self, deployment: Object) -> Object | None:
        if self._injection is not None and any(e.id == self._id for e in read_record(deployment).values()):
            return None  # the answer to the patch was lost, its effect was not
        injection = self._decide(deployment)
        if self._guarded is not None and self._guard is None:
            path = str(log_path(self._id, os.environ))
            name, namespace = self._target.name, self._target.namespace
            expires = self._now + self._wanted.ttl
            task = Task(name, namespace, injection.entry, expires, self._guarded, path)
            self._guard, self.guard_log = self._start(task, os.environ), path
        MEMORY.injecting(self._target.cluster, deployment, injection.entry)
        return injection.patch

    def _failed(self, x: BaseException) -> None:
        """Tell the guard that there is nothing to guard, unless the patch may have arrived all the same."""
        maybe_acted = self._target.maybe_patched or (isinstance(x, ClusterError) and x.maybe_acted)
        refused = isinstance(x, ImageCorruptError) and not maybe_acted
        fault = MEMORY.fault(self._target.cluster, self._target.namespace, self._target.name)
        if refused and fault is not None:
            MEMORY.not_injected(fault, self._id)
        if self._guard is not None:
            self._guard.release() if refused else self._guard.leave()
