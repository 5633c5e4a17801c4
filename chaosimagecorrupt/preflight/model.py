"""What a check of the preflight returns."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TypedDict

__all__ = ["Check", "CheckJson", "Level"]


class Level(StrEnum):
    """The result of a check."""

    OK = "ok"
    WARNING = "warning"
    BLOCKER = "blocker"


class CheckJson(TypedDict):
    """One line of the preflight as JSON; `level` is one of `Level`."""

    name: str
    level: str
    text: str


@dataclass(frozen=True)
class Check:
    """One line of the preflight.

    Attributes:
        name: of the check.
        level: of the result.
        text: the finding, and what to do about it.
    """

    name: str
    level: Level
    text: str

    def to_json(self) -> CheckJson:
        """Return it for `--output json`."""
        return {"name": self.name, "level": self.level.value, "text": self.text}
