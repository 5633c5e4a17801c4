"""The facts of a verdict as the journal keeps them, so that anyone can judge again from the journal alone."""

import types
from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields, is_dataclass
from typing import Any, Union, cast, get_args, get_origin, get_type_hints, is_typeddict

from ..errors import Refused, one_line
from ..workload.deployment import DEPLOYMENT
from .facts_types import FactsJson
from .model import Facts

__all__ = ["facts_from_json", "facts_to_json"]

# The keys of attributes that journals know by another name
_KEYS = {"pull_failed_at": "bitten_at"}


def facts_to_json(facts: Facts) -> FactsJson:
    """Return facts as the journal keeps them: each attribute of each dataclass by its name, except for `_KEYS`.

    The kind of a Deployment is left out, as in journals of older versions.
    """
    known = {name: value for name, value in asdict(facts).items() if (name, value) != ("kind", DEPLOYMENT.name)}
    return cast(FactsJson, {_key(name): _to_json(value) for name, value in known.items()})


def facts_from_json(found: object) -> Facts:
    """Read facts from a journal.

    A key that is missing gets the attribute's default, and one that is not known is ignored: another version may have
    written the journal.

    Args:
        found: as `facts_to_json` returns them, after they were written and read.

    Raises:
        Refused: a value is of another type than its attribute; names the place.
    """
    return cast(Facts, _read(Facts, found, "facts"))


def _key(name: str) -> str:
    return _KEYS.get(name, name)


def _to_json(value: Any) -> Any:
    """Return a value as it is after it was written as JSON and read."""
    if isinstance(value, Mapping):
        return {k: _to_json(v) for k, v in value.items()}
    return [_to_json(v) for v in value] if isinstance(value, list | tuple) else value


def _read(wanted: Any, found: object, path: str) -> Any:
    """Return a value of a type, which is one of those that the facts consist of."""
    if wanted is Any:
        return found
    if is_dataclass(wanted):
        return _read_dataclass(wanted, found, path)
    if is_typeddict(wanted):
        return _read_typed_dict(wanted, found, path)
    origin, parameters = get_origin(wanted), get_args(wanted)
    if origin in (Union, types.UnionType):
        return _read_optional(parameters, found, path)
    if origin in (Sequence, list):
        return _read_list(parameters[0], found, path)
    if origin in (Mapping, dict):
        values = _of_type(dict, found, path)
        return {k: _read(parameters[1], v, f"{path}.{one_line(k, 80)}") for k, v in values.items()}
    return _of_type(wanted, found, path)


def _read_optional(parameters: tuple[Any, ...], found: object, path: str) -> Any:
    wanted = next(p for p in parameters if p is not types.NoneType)
    return _read(wanted, found, path) if found is not None else None


def _read_list(wanted: Any, found: object, path: str) -> list[Any]:
    items = _of_type(list, found, path)
    return [_read(wanted, each, f"{path}[{i}]") for i, each in enumerate(items)]


def _read_dataclass(wanted: Any, found: object, path: str) -> Any:
    known, hints = _of_type(dict, found, path), get_type_hints(wanted)
    found_keys = {f.name: _key(f.name) for f in fields(wanted) if _key(f.name) in known}
    given = {name: _read(hints[name], known[key], f"{path}.{key}") for name, key in found_keys.items()}
    try:
        return wanted(**given)
    except TypeError as x:
        raise Refused(f"{path} is damaged: {one_line(x)}") from x


def _read_typed_dict(wanted: Any, found: object, path: str) -> dict[str, Any]:
    hints = get_type_hints(wanted)
    items = _of_type(dict, found, path).items()
    return {k: _read(hints.get(k, Any), v, f"{path}.{one_line(k, 80)}") for k, v in items}


def _of_type(wanted: Any, found: object, path: str) -> Any:
    accepted = (int, float) if wanted is float else wanted
    # True is an int for Python, but not for JSON
    if not isinstance(found, accepted) or (isinstance(found, bool) and wanted is not bool):
        raise Refused(f"{path} is damaged: it is not of type {wanted.__name__}")
    return found
