"""Reads journals of Chaos Toolkit, and explains in one sentence why a file cannot be reported on."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from ..duration import from_rfc3339
from ..errors import Refused, one_line
from ..verdict import JOURNAL_KEY, VERSION

__all__ = ["Journal", "Part", "read_journal"]

_E = TypeVar("_E", bound=StrEnum)

# characters; a kubelet's message can contain a registry's whole response
_LONGEST_TEXT = 2000


@dataclass(frozen=True)
class Journal:
    """A journal with a verdict.

    Attributes:
        source: the file that it was read from.
        content: the journal itself.
    """

    source: str
    content: Mapping[str, Any]


def read_journal(path: Path) -> Journal:
    """Read a journal that `chaos run` wrote under the control `chaosimagecorrupt.control`.

    Args:
        path: the file.

    Returns:
        The journal. What the control wrote into it is checked when a report is rendered.

    Raises:
        Refused: when the file cannot be read, is not a journal, has no verdict, or its verdict has another version.
    """
    try:
        content = json.loads(path.read_bytes())
    except OSError as x:
        raise Refused(f"{one_line(path)} cannot be read: {x.strerror}") from x
    # RecursionError: thousands of nested brackets
    except (ValueError, RecursionError) as x:
        raise Refused(f"{one_line(path)} is not a journal of Chaos Toolkit: it is not JSON ({one_line(x)})") from x
    return check_journal(str(path), content)


def check_journal(source: str, content: object) -> Journal:
    """Return a journal whose verdict this version can read.

    Args:
        source: the file.
        content: its JSON.

    Raises:
        Refused: as `read_journal` does.
    """
    name = one_line(source)
    if not isinstance(content, dict) or not isinstance(content.get("experiment"), dict) or "run" not in content:
        raise Refused(f"{name} is not a journal of Chaos Toolkit: it has no `experiment` and `run`")
    found = content.get(JOURNAL_KEY)
    if not isinstance(found, dict):
        raise Refused(
            f"{name} has no verdict: its experiment ran without the control `chaosimagecorrupt.control`"
            if found is None
            else f"{name} is damaged: {JOURNAL_KEY} is not an object"
        )
    version = found.get("version")
    if version != VERSION:
        written = f"by version {one_line(repr(version), 20)}" if version is not None else "without a version"
        raise Refused(f"{name} has a verdict written {written}; this command reads version {VERSION}")
    return Journal(source, content)


@dataclass(frozen=True)
class Part:
    """A part of a journal that knows its path, so that an error can name the damaged place.

    Control and formatting characters are escaped in all texts that it returns, so that what a cluster answered
    can harm neither a terminal nor XML.

    Attributes:
        source: the journal's file.
        path: of this part within the journal.
        value: the object at that path.
    """

    source: str
    path: str
    value: Mapping[str, Any]

    def text(self, key: str, *, exact: bool = False) -> str:
        """Return a text, empty when there is none.

        Args:
            key: of the text.
            exact: keep runs of white space, which matter in an image, instead of replacing each by one space.
        """
        return self.optional_text(key, exact=exact) or ""

    def optional_text(self, key: str, *, exact: bool = False) -> str | None:
        """Return a text, None when there is none; `exact` as for `text`."""
        found = self.value.get(key)
        if found is not None and not isinstance(found, str):
            raise self.damaged(key, "text")
        return _clean(found, exact) if found is not None else None

    def one_of(self, key: str, known: type[_E]) -> _E:
        """Return a text that must exist and be one of the known ones."""
        try:
            return known(self.text(key))
        except ValueError as x:
            raise self.damaged(key, f"one of {', '.join(known)}") from x

    def texts(self, key: str) -> list[str]:
        """Return a list of texts, empty when there is none."""
        found = self._list(key)
        if not all(isinstance(f, str) for f in found):
            raise self.damaged(key, "a list of texts")
        return [_clean(f) for f in found]

    def number(self, key: str) -> float | None:
        """Return a finite number, None when there is none."""
        found = self.value.get(key)
        if found is None:
            return None
        # a whole number with more than 308 digits is JSON, and no float
        if isinstance(found, bool) or not isinstance(found, (int, float)) or not -1e300 < found < 1e300:
            raise self.damaged(key, "a number")
        return float(found)

    def count(self, key: str) -> int | None:
        """Return a whole number, None when there is none."""
        found = self.number(key)
        if found is not None and not found.is_integer():
            raise self.damaged(key, "a whole number")
        return int(found) if found is not None else None

    def flag(self, key: str) -> bool | None:
        """Return a truth value, None when there is none."""
        found = self.value.get(key)
        if found is not None and not isinstance(found, bool):
            raise self.damaged(key, "true or false")
        return found

    def time(self, key: str) -> float | None:
        """Return an RFC 3339 time as seconds since 1970, None when there is none."""
        found = self.value.get(key)
        if found is None:
            return None
        try:
            # Chaos Toolkit writes UTC with an offset since 1.42, without one before
            return from_rfc3339(found if _has_zone(found) else f"{found}Z")
        except (ValueError, TypeError, AttributeError, OverflowError) as x:
            raise self.damaged(key, "an RFC 3339 time") from x

    def time_text(self, key: str) -> str | None:
        """Return an RFC 3339 time as it is written, with a zone; None when there is none."""
        if self.time(key) is None:
            return None
        found: str = self.value[key]
        return found if _has_zone(found) else f"{found}Z"

    def part(self, key: str) -> "Part":
        """Return an object; an empty one when there is none."""
        found = self.value.get(key)
        if found is None:
            return Part(self.source, self._at(key), {})
        if not isinstance(found, dict):
            raise self.damaged(key, "an object")
        return Part(self.source, self._at(key), found)

    def parts(self, key: str) -> list["Part"]:
        """Return a list of objects, empty when there is none."""
        found = self._list(key)
        if not all(isinstance(f, dict) for f in found):
            raise self.damaged(key, "a list of objects")
        return [Part(self.source, f"{self._at(key)}[{i}]", f) for i, f in enumerate(found)]

    def rows(self, key: str, columns: int) -> list[list[Any]]:
        """Return a list of lists with that many columns, empty when there is none; their items are not checked."""
        found = self._list(key)
        if not all(isinstance(f, list) and len(f) == columns for f in found):
            raise self.damaged(key, f"a list of rows of {columns} columns")
        return found

    def damaged(self, key: str, kind: str) -> Refused:
        """Return the error for a value that is not of the expected kind."""
        return Refused(f"{one_line(self.source)} is damaged: {one_line(self._at(key))} is not {kind}")

    def _list(self, key: str) -> list[Any]:
        found = self.value.get(key)
        if found is not None and not isinstance(found, list):
            raise self.damaged(key, "a list")
        return found or []

    def _at(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key


def _has_zone(time: str) -> bool:
    return time.endswith(("Z", "z")) or "+" in time or time.count("-") == 3


def _clean(text: str, exact: bool = False) -> str:
    return one_line(text if exact else " ".join(text.split()), _LONGEST_TEXT)
