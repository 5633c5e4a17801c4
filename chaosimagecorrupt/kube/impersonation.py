"""Acting as another user: the headers for `as`, `as-uid`, `as-groups` and `as-user-extra` of a kubeconfig. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

from ..errors import Refused

__all__ = ["Headers", "impersonation_headers"]

_USER, _UID, _GROUPS, _EXTRA = "as", "as-uid", "as-groups", "as-user-extra"
# RFC 7230: the characters of a token, which the name of a header is; client-go escapes % as well
_TOKEN = frozenset(b"!#$&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")

Headers = tuple[tuple[str, str], ...]  # name and value of each


def impersonation_headers(user: Mapping[str, Any], called: str) -> Headers:
    """Return the headers by which a user of a kubeconfig acts as another one.

    Args:
        user: the user's entry, without empty values.
        called: the entry's name, for errors.

    Returns:
        Name and value of each header (k8s.io/client-go/transport: impersonatingRoundTripper); a name may occur twice.

    Raises:
        Refused: a value has the wrong type, or a uid, groups or extra are named without a user.
    """
    asked_for = [key for key in (_UID, _GROUPS, _EXTRA) if key in user]
    if asked_for and _USER not in user:
        raise Refused(f"{called}: {asked_for[0]} without as: name the user to act as")
    return tuple(_headers(user, called))


def _headers(user: Mapping[str, Any], called: str) -> Iterator[tuple[str, str]]:
    for key, name in ((_USER, "Impersonate-User"), (_UID, "Impersonate-Uid")):
        if key in user:
            yield name, _text(user[key], f"{called}: {key}")
    for group in _listed(user.get(_GROUPS, []), f"{called}: {_GROUPS}"):
        yield "Impersonate-Group", group
    extra = user.get(_EXTRA, {})
    if not isinstance(extra, Mapping):
        raise Refused(f"{called}: {_EXTRA} is not a map")
    for key, values in extra.items():
        for value in _listed(values, f"{called}: {_EXTRA}"):
            yield f"Impersonate-Extra-{_escaped(_text(key, f'{called}: {_EXTRA}'))}", value


def _listed(values: object, called: str) -> list[str]:
    if not isinstance(values, list):
        raise Refused(f"{called} is not a list")
    return [_text(value, called) for value in values]


def _text(value: object, called: str) -> str:
    if not isinstance(value, str):
        raise Refused(f"{called} is not text; put it in quotes")
    if not (value.isascii() and value.isprintable()):
        raise Refused(f"{called} has a character that no HTTP header can carry")
    return value


def _escaped(key: str) -> str:
    return "".join(chr(byte) if byte in _TOKEN else f"%{byte:02X}" for byte in key.encode())
