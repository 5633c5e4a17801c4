"""A recording of a cluster: the watch events of its objects, with their times."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..types import Object

__all__ = ["KINDS", "WORKLOADS", "Observation", "Recording", "UnusableRecording"]

# What users create and change
WORKLOADS = ("Deployment", "StatefulSet", "DaemonSet")

KINDS = (*WORKLOADS, "ReplicaSet", "ControllerRevision", "Pod", "Event")


class UnusableRecording(Exception):
    """A recording that cannot be replayed."""


@dataclass(frozen=True)
class Observation:
    """One watch event.

    Attributes:
        t: when it arrived, in seconds since the recorder started.
        kind: kind of the object.
        type: `ADDED`, `MODIFIED` or `DELETED`.
        object: the object.
    """

    t: float
    kind: str
    type: str
    object: Object

    @property
    def name(self) -> str:
        """Return the object's name."""
        return str(self.object["metadata"]["name"])


@dataclass(frozen=True)
class Recording:
    """What a file of the recorder holds.

    Attributes:
        scenario: its name.
        observations: the watch events, in the order in which they arrived.
        end: when the recording ends, in seconds since the recorder started.
    """

    scenario: str
    observations: list[Observation]
    end: float

    @classmethod
    def load(cls, path: Path) -> "Recording":
        """Read a file.

        Args:
            path: the file, one JSON object a line: a header, then steps and watch events.

        Raises:
            UnusableRecording: it is no such file, or has no workload that begins in it.
        """
        lines = _lines(path)
        if not lines or not isinstance(lines[0], dict) or "scenario" not in lines[0]:
            raise UnusableRecording("the first line is no header with a scenario")
        observations = list(_observations(lines[1:]))
        first = next((observation for observation in observations if observation.kind in WORKLOADS), None)
        if first is None or first.type != "ADDED":
            raise UnusableRecording("no workload is created in it: there is nothing to replay")
        return cls(str(lines[0]["scenario"]), observations, max(float(line["t"]) for line in lines[1:]))


def _lines(path: Path) -> list[Any]:
    try:
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    except (OSError, ValueError) as error:
        raise UnusableRecording(f"cannot be read: {error}") from error


def _observations(lines: list[Object]) -> Iterator[Observation]:
    for number, line in enumerate(lines, 2):
        if not isinstance(line, dict) or not isinstance(line.get("t"), (int, float)):
            raise UnusableRecording(f"line {number} has no time")
        if "step" in line or line.get("type") in ("BOOKMARK", "ERROR") or line.get("kind") not in KINDS:
            continue
        _check(number, line.get("object"))
        yield Observation(float(line["t"]), line["kind"], line["type"], line["object"])


def _check(number: int, obj: Any) -> None:
    """Refuse an object without what the replay needs."""
    metadata = obj.get("metadata") if isinstance(obj, dict) else None
    if not isinstance(metadata, dict):
        raise UnusableRecording(f"line {number} has no object")
    missing = [name for name in ("name", "namespace", "uid", "creationTimestamp") if name not in metadata]
    if missing:
        raise UnusableRecording(f"line {number}: the object has no {', '.join(missing)}")
    if not str(metadata.get("resourceVersion", "")).isdigit():
        raise UnusableRecording(f"line {number}: the object has no resourceVersion that is a number")
