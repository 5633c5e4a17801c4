"""What a guard is told, over a pipe."""

import json
from dataclasses import asdict, dataclass
from typing import Any

from ..kube.settings import Settings
from ..record.entry import Entry

__all__ = ["Orders", "Task"]


@dataclass(frozen=True)
class Task:
    """One injection to guard.

    Attributes:
        name: of the Deployment.
        namespace: of the Deployment.
        entry: what the injection records.
        expires: when it is to be undone, seconds since 1970.
    """

    name: str
    namespace: str
    entry: Entry
    expires: float


@dataclass(frozen=True)
class Orders:
    """All that one guard is told.

    Attributes:
        tasks: the injections, all on one cluster.
        settings: how to reach the cluster; holds secrets.
        log: the path of the guard's log.
    """

    tasks: tuple[Task, ...]
    settings: Settings
    log: str

    def to_line(self) -> bytes:
        """Return it as one line of JSON."""
        return json.dumps(asdict(self)).encode() + b"\n"

    @classmethod
    def from_line(cls, line: bytes) -> "Orders":
        """Read what `to_line` wrote."""
        told: dict[str, Any] = json.loads(line)
        tasks = tuple(Task(**{**t, "entry": Entry(**t["entry"])}) for t in told["tasks"])
        return cls(tasks, Settings(**told["settings"]), told["log"])
