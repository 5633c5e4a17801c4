"""The shape of results.json: the latest results on each side."""

from collections.abc import Mapping
from typing import Literal, TypedDict

from .measuring import RowJson

__all__ = ["Machine", "RequestCount", "Results", "Side"]


Side = Literal["simulator", "cluster"]
"""Where it is measured: on the simulator or on a real cluster."""


class RequestCount(TypedDict):
    """Requests of one activity, and bytes of their responses."""

    requests: int
    bytes: int


class Machine(TypedDict):
    """The machine, without anything that identifies it."""

    processors: int | None
    memory: str
    system: str
    python: str
    packages: dict[str, str]  # version by name


class Results(TypedDict):
    """All results of one side."""

    measured: str  # date
    machine: Machine
    seconds: int  # duration of the run
    rows: list[RowJson]
    requests: dict[str, RequestCount]  # by activity
    growth: dict[str, Mapping[str, Mapping[int, float]]]  # milliseconds by unit, name and size (JSON: a text)
