"""Reads a mapping of others field by field, and knows which fields were not read. Pure."""

from collections.abc import Callable, Iterator

from ...duration import parse_duration
from ...errors import Refused, one_line

__all__ = ["Section"]


class Section:
    """A mapping; each field is taken once, and what is left has no counterpart here.

    Args:
        path: of the mapping in the document, such as `spec.injection`; empty for the document.
        value: the mapping; None counts as an empty one.

    Attributes:
        path: of the mapping.

    Raises:
        Refused: it is no mapping.
    """

    def __init__(self, path: str, value: object) -> None:
        if value is not None and not isinstance(value, dict):
            raise Refused(f"{path or 'the document'} must be a mapping, not {_kind(value)}")
        self.path, self._left = path, dict(value or {})
        self._sections: list[Section] = []

    def path_of(self, key: object) -> str:
        """Return the path of a field of this mapping."""
        name = one_line(key, 80) if isinstance(key, str) else f"({_kind(key)})"
        return f"{self.path}.{name}" if self.path else name

    def unread(self) -> Iterator[str]:
        """Yield the paths of the fields that were not taken, those of the sections included."""
        yield from (self.path_of(key) for key in self._left)
        for section in self._sections:
            yield from section.unread()

    def discard(self) -> None:
        """Take all fields that are left."""
        self._left.clear()

    def take(self, key: str) -> object:
        """Return the value of a field; None without it."""
        return self._left.pop(key, None)

    def section(self, key: str) -> "Section":
        """Return the mapping of a field.

        Raises:
            Refused: it is no mapping.
        """
        section = Section(self.path_of(key), self.take(key))
        self._sections.append(section)
        return section

    def sections(self, key: str) -> "list[Section]":
        """Return the mappings of a list.

        Raises:
            Refused: it is no list of mappings.
        """
        sections = [Section(f"{self.path_of(key)}[{n}]", each) for n, each in enumerate(self._list(key))]
        self._sections.extend(sections)
        return sections

    def text(self, key: str, check: Callable[[str], bool] = str.isprintable) -> str:
        """Return the text of a field; empty without it.

        Args:
            key: of the field.
            check: whether the text is valid; by default any that has no control characters.

        Raises:
            Refused: it is no text, or not valid.
        """
        return self._checked(self.path_of(key), self.take(key), check)

    def required(self, key: str, check: Callable[[str], bool] = str.isprintable, default: str = "") -> str:
        """Return the text of a field as `text` does; the default without it.

        Raises:
            Refused: it is missing and there is no default, or as in `text`.
        """
        found = self.text(key, check) or default
        if not found:
            raise Refused(f"{self.path_of(key)} is missing")
        return found

    def texts(self, key: str, check: Callable[[str], bool] = str.isprintable) -> list[str]:
        """Return the texts of a list; see `text`."""
        path = self.path_of(key)
        return [self._checked(f"{path}[{n}]", each, check) for n, each in enumerate(self._list(key))]

    def flag(self, key: str) -> bool:
        """Return whether a field is true; false without it.

        Raises:
            Refused: it is neither true nor false.
        """
        value = self.take(key)
        if value is not None and not isinstance(value, bool):
            raise Refused(f"{self.path_of(key)} must be true or false, not {_kind(value)}")
        return bool(value)

    def number(self, key: str, most: int) -> int | None:
        """Return the whole number from 1 to `most` of a field; None without it.

        Raises:
            Refused: it is no such number.
        """
        value = self.take(key)
        if value is None:
            return None
        if not isinstance(value, int) or isinstance(value, bool) or not 0 < value <= most:
            raise Refused(f"{self.path_of(key)} must be a whole number from 1 to {most}, not {_shown(value)}")
        return value

    def seconds(self, key: str, most: float) -> float | None:
        """Return the duration of a field in seconds; None without it, or when it is zero.

        Raises:
            Refused: it is no duration, or longer than `most` seconds.
        """
        value, path = self.take(key), self.path_of(key)
        if value is None or value == "":
            return None
        if not isinstance(value, str | int | float) or isinstance(value, bool):
            raise Refused(f"{path} must be a duration such as 300s, not {_kind(value)}")
        seconds = parse_duration(value, path)
        if seconds > most:
            raise Refused(f"{path}: {_shown(value)} is longer than the {most:g} s that operator-chaos allows")
        return seconds or None

    def _list(self, key: str) -> list[object]:
        value = self.take(key)
        if value is not None and not isinstance(value, list):
            raise Refused(f"{self.path_of(key)} must be a list, not {_kind(value)}")
        return value or []

    @staticmethod
    def _checked(path: str, value: object, check: Callable[[str], bool]) -> str:
        if value is None or value == "":
            return ""
        if not isinstance(value, str):
            raise Refused(f"{path} must be text, not {_kind(value)}")
        if not check(value):
            raise Refused(f"{path}: '{one_line(value, 80)}' is not valid")
        return value


def _kind(value: object) -> str:
    """Return what a value is, as a person who writes YAML calls it."""
    names: dict[type, str] = {dict: "a mapping", list: "a list", str: "text", bool: "true or false"}
    if value is None:
        return "nothing"
    return names.get(type(value), "a number" if isinstance(value, int | float) else "a value of another type")


def _shown(value: object) -> str:
    return one_line(value, 40) if isinstance(value, str | int | float) else _kind(value)
