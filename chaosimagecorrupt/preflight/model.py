"""What a check of the preflight returns."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypedDict

__all__ = ["NOTHING_PROVEN", "Check", "CheckJson", "Level", "count_text"]

# what it means when no new pod can be created
NOTHING_PROVEN = "no image would be pulled and nothing proven"


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


def count_text(checks: Iterable[Check]) -> str:
    """Return how many blockers and warnings there are, as text."""
    levels = [check.level for check in checks]
    counted = ((levels.count(level), level.value) for level in (Level.BLOCKER, Level.WARNING))
    return ", ".join(f"{count} {name}{'' if count == 1 else 's'}" for count, name in counted)
