"""The headers that a user entry's `as`, `as-uid`, `as-groups` and `as-user-extra` are sent as. Pure.

As k8s.io/client-go/transport does: NewImpersonatingRoundTripper.
"""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from ..errors import Refused

__all__ = ["impersonation_headers"]

_OTHERS = ("as-uid", "as-groups", "as-user-extra")
# of RFC 9110's tokens, what `quote` would escape; a percent sign is escaped, since it begins an escaped character
_TOKEN = "!#$&'*+^`|"


def impersonation_headers(user: Mapping[str, Any], called: str) -> tuple[tuple[str, str], ...]:
    """Return the headers of impersonation; a name may be there several times.

    Args:
        user: a user entry of a kubeconfig, without empty fields.
        called: the entry's name, for errors.

    Returns:
        Pairs of name and value. Values are UTF-8, decoded as ISO 8859-1: http.client encodes headers so.

    Raises:
        Refused: a field has the wrong type or a character that HTTP cannot carry, or `as` is missing.
    """
    if not any(key in user for key in ("as", *_OTHERS)):
        return ()
    if "as" not in user:
        raise Refused(f"{called}: {', '.join(k for k in _OTHERS if k in user)} without `as`; name the user")
    return tuple((name, _value(value, called)) for name, value in _named(user, called))


def _named(user: Mapping[str, Any], called: str) -> Iterator[tuple[str, str]]:
    yield "Impersonate-User", _text(user["as"], f"{called}: as")
    if "as-uid" in user:
        yield "Impersonate-Uid", _text(user["as-uid"], f"{called}: as-uid")
    for group in _texts(user.get("as-groups", []), f"{called}: as-groups"):
        yield "Impersonate-Group", group
    extra = user.get("as-user-extra", {})
    if not isinstance(extra, Mapping):
        raise Refused(f"{called}: as-user-extra is not a map")
    for key, values in extra.items():
        for value in _texts(values, f"{called}: as-user-extra"):
            yield f"Impersonate-Extra-{_escaped(key, called)}", value


def _texts(values: Any, what: str) -> list[str]:
    if not isinstance(values, list | None):
        raise Refused(f"{what} is not a list")
    return [_text(value, what) for value in values or ()]


def _text(value: Any, what: str) -> str:
    """Return a text; null is an empty one, as for kubectl."""
    if not isinstance(value, str | None):
        raise Refused(f"{what} is not text; put it in quotes")
    return value or ""


def _escaped(key: Any, called: str) -> str:
    try:
        return quote(_text(key, f"{called}: as-user-extra"), safe=_TOKEN)
    except UnicodeEncodeError:
        raise _not_for_http(called) from None


def _value(text: str, called: str) -> str:
    if any(ord(c) < 0x20 or ord(c) == 0x7F for c in text):
        raise _not_for_http(called)
    try:
        return text.encode().decode("latin-1")
    except UnicodeEncodeError:
        raise _not_for_http(called) from None


def _not_for_http(called: str) -> Refused:
    return Refused(f"{called}: a field of impersonation holds a character that HTTP cannot carry")
