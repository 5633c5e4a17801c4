"""The part of JSONPath that additionalPrinterColumns and scale subresources use."""

import re
from typing import Any

__all__ = ["find"]

_STEP = re.compile(
    r"\.(?P<name>[A-Za-z0-9_$-]+|\*)|\['(?P<quoted>[^']+)'\]|\[(?P<index>-?\d+|\*)\]"
    r"|\[\?\(@\.(?P<member>[\w.-]+)\s*==\s*[\"'](?P<value>[^\"']*)[\"']\)\]"
)


def find(value: Any, path: str) -> list[Any]:
    """Return the values that a path leads to, none when it leads nowhere or is of a form that is not simulated.

    Args:
        value: where the path begins.
        path: such as `.status.conditions[?(@.type=="Ready")].status`.
    """
    found = [value]
    position = 0
    path = path.replace("\\.", "\0")
    path = re.sub(r"\.([^.\[]*\0[^.\[]*)", lambda m: "['" + m.group(1).replace("\0", ".") + "']", path)
    while position < len(path):
        step = _STEP.match(path, position)
        if step is None:
            return []
        position = step.end()
        found = [child for each in found for child in _below(each, step)]
    return found


def _below(value: Any, step: re.Match[str]) -> list[Any]:
    """Return the values that one step leads to."""
    name = step["name"] or step["quoted"]
    if name == "*" or step["index"] == "*":
        return list(value.values()) if isinstance(value, dict) else list(value or ())
    if name is not None:
        return [value[name]] if isinstance(value, dict) and name in value else []
    return _items(value, step) if isinstance(value, list) else []


def _items(values: list[Any], step: re.Match[str]) -> list[Any]:
    """Return the items of a list that an index or a filter selects."""
    if step["index"] is not None:
        index = int(step["index"])
        return [values[index]] if -len(values) <= index < len(values) else []
    return [item for item in values if find(item, "." + step["member"]) == [step["value"]]]
