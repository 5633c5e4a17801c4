"""One guard for all injections of this process, as long as it is up."""

import os
import threading
from collections.abc import Mapping
from dataclasses import replace

from .orders import Orders
from .report import GuardProcess
from .start import guard_environment, start_guard, with_absolute_paths

__all__ = ["guard_for"]


class _Place:
    """Where the guard is that is up; the lock is held while it is asked, or another one is started."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.guard: GuardProcess | None = None


_places: dict[object, _Place] = {}


def guard_for(orders: Orders, env: Mapping[str, str]) -> GuardProcess:
    """Hand the injections to the guard that this process has for their cluster; start one if it cannot take them.

    If it was killed, the other one guards its injections too.

    Args:
        orders: what it is to do; the log is that of a guard that is started.
        env: its environment.

    Returns:
        The guard, which has acknowledged the injections.

    Raises:
        Refused: no guard starts; nothing was changed.
    """
    place = _places.setdefault(_key(orders, env), _Place())  # atomic, so that a fork leaves no lock of this held
    with place.lock:
        before = place.guard
        if before is not None and before.add(orders.tasks):
            return before
        unguarded = before.unguarded() if before is not None else []
        place.guard = start_guard(replace(orders, tasks=(*orders.tasks, *unguarded)), env)
        if before is not None and unguarded:
            before.succeed_by(place.guard, unguarded)
        return place.guard


def _key(orders: Orders, env: Mapping[str, str]) -> object:
    """Return all that a guard depends on: a forked process, another cluster, user or environment need another one."""
    settings = with_absolute_paths(orders.settings)
    return os.getpid(), orders.tasks[0].entry.cluster, settings, frozenset(guard_environment(env).items())
