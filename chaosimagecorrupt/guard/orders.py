"""The orders that a guard reads from its standard input: one line of JSON."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from ..kube.settings import Settings
from ..record.entry import Entry

__all__ = ["Orders", "Task", "tasks_from_json", "tasks_to_json"]

_NAMED = 3  # Deployments that the arguments of the process name


@dataclass(frozen=True)
class Task:
    """One injection to guard.

    Attributes:
        name: the Deployment's name.
        namespace: the Deployment's namespace.
        entry: what the injection records.
        expires: when to undo it, seconds since 1970.
        kind: of the workload.
        shared_watch: whether its guard shares a watch with the guards of others of its namespace.
    """

    name: str
    namespace: str
    entry: Entry
    expires: float
    kind: str = "Deployment"
    shared_watch: bool = False


def tasks_to_json(tasks: Sequence[Task]) -> str:
    """Return tasks as JSON without line ends."""
    return json.dumps([asdict(task) for task in tasks])


def tasks_from_json(text: str) -> tuple[Task, ...]:
    """Read what `tasks_to_json` wrote."""
    return _tasks_of(json.loads(text))


def _tasks_of(tasks: Iterable[dict[str, Any]]) -> tuple[Task, ...]:
    return tuple(Task(**{**t, "entry": Entry(**t["entry"])}) for t in tasks)


@dataclass(frozen=True)
class Orders:
    """All that one guard is to do when it starts.

    Attributes:
        tasks: the injections, all on one cluster.
        settings: how to reach the cluster. They hold secrets, so the orders are no argument of the process.
        log: the path of the guard's log.
        kubeconfig: from `kubeconfig_of`, as JSON: the guard need not know YAML; None when the guard is to read it.
    """

    tasks: tuple[Task, ...]
    settings: Settings
    log: str
    kubeconfig: str | None = field(default=None, repr=False)

    @property
    def about(self) -> list[str]:
        """The cluster and the first Deployments, as arguments of the process: `ps` shows what it guards."""
        named = [f"{t.namespace}/{t.name}" for t in self.tasks]
        more = [f"and {len(named) - _NAMED} more"] if len(named) > _NAMED else []
        return [self.tasks[0].entry.cluster, *named[:_NAMED], *more]

    def to_line(self) -> bytes:
        """Return the orders as one line of JSON."""
        return json.dumps(asdict(self)).encode() + b"\n"

    @classmethod
    def from_line(cls, line: bytes) -> "Orders":
        """Read what `to_line` wrote."""
        orders: dict[str, Any] = json.loads(line)
        settings = Settings(**orders["settings"])
        return cls(_tasks_of(orders["tasks"]), settings, orders["log"], orders["kubeconfig"])
