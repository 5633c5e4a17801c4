"""Pauses and limits: one frozen value, which a connection hands to all that use it."""

from dataclasses import dataclass

__all__ = ["DEFAULT_TIMING", "Timing"]


@dataclass(frozen=True)
class Timing:
    """Pauses and limits in seconds. The defaults are for a real cluster; tests hand in shorter ones.

    Attributes:
        retry_first: the first pause before a request is repeated; doubled each time up to `retry_longest`.
        retry_longest: the longest pause before a request is repeated.
        conflict_first: the first pause before a decision is taken anew, because somebody else wrote in between; doubled
            each time up to `conflict_longest`. Short, because a conflict is usually with a controller's status.
        conflict_longest: the longest pause before a decision is taken anew; a rollout changes its Deployment for a
            while.
        watch_pause: the least time from one opening of a watch to the next.
        token_age: from one reading of a token file to the next (k8s.io/client-go/transport: NewCachedFileTokenSource).
        renewal_pause: from one renewal of credentials to the next, at least: it may run a program that asks an identity
            provider.
        scale_down: for the corrupt ReplicaSet to be scaled to 0 after a restore; measured: 0.05.
    """

    retry_first: float = 0.1
    retry_longest: float = 5.0
    conflict_first: float = 0.02
    conflict_longest: float = 1.0
    watch_pause: float = 0.5
    token_age: float = 60.0
    renewal_pause: float = 5.0
    scale_down: float = 10.0


DEFAULT_TIMING = Timing()
