"""Pauses, limits and the clock: one frozen value, which a connection hands to all that use it."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

from .backoff import backoff

__all__ = ["CLIENT_TIMING", "ClientTiming"]


@dataclass(frozen=True)
class ClientTiming:
    """Pauses and limits in seconds, and a clock. The defaults are for a real cluster; tests hand in others.

    Attributes:
        retry_first: the first pause before a request is repeated; doubled each time up to `retry_longest`.
        retry_longest: the longest pause before a request is repeated.
        conflict_first: the first pause before a decision is made again, because another client wrote in between;
            doubled each time up to `conflict_longest`. Short, because a conflict is usually with a controller's status.
        conflict_longest: the longest pause before a decision is made again; a rollout changes its Deployment for a
            while.
        conflict_attempts: how often to decide before giving up.
        watch_pause: the least time from one opening of a watch to the next.
        token_age: from one reading of a token file to the next (k8s.io/client-go/transport: NewCachedFileTokenSource).
        renewal_pause: from one renewal of credentials to the next, at least: it may run a program that asks an identity
            provider.
        watch_delay: from a write until its watch event has arrived.
        settle: for a status to reach the present spec; measured: 0.06.
        scale_down: for the corrupt ReplicaSet to be scaled to 0 after a restore; measured: 0.05.
        now: returns the seconds since 1970.
    """

    retry_first: float = 0.1
    retry_longest: float = 5.0
    conflict_first: float = 0.02
    conflict_longest: float = 1.0
    conflict_attempts: int = 20
    watch_pause: float = 0.5
    token_age: float = 60.0
    renewal_pause: float = 5.0
    watch_delay: float = 1.0
    settle: float = 5.0
    scale_down: float = 10.0
    now: Callable[[], float] = time.time

    def after_conflicts(self) -> Iterator[float]:
        """Yield, for each attempt to decide and write, how long to wait if another client wrote in between."""
        return islice(backoff(self.conflict_first, self.conflict_longest), self.conflict_attempts)


CLIENT_TIMING = ClientTiming()
