import pytest
from chaoslib.exceptions import ActivityFailed
from hypothesis import given
from hypothesis import strategies as st

from chaosimagecorrupt import errors
from chaosimagecorrupt.errors import (
    ClusterError,
    Conflict,
    Expired,
    Forbidden,
    NotFound,
    Refused,
    Unauthorized,
    Unreachable,
    one_line,
)

from .strategies import quickly


@given(st.text(st.characters(), max_size=500), st.integers(2, 300))
@quickly
def test_plain_text_stays_on_its_line_and_within_its_limit(text: str, limit: int) -> None:
    made = one_line(text, limit)
    assert len(made) <= limit
    assert made.replace("\u3000", " ").isprintable() or all(c.isspace() or c.isprintable() for c in made)
    assert len((made + "x").splitlines()) == 1


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("a\nb", "a\\nb"),
        ("\x1b[2J", "\\x1b[2J"),
        ("\x00\x7f\x9b", "\\x00\\x7f\\x9b"),
        ("\u202eevil", "\\u202eevil"),
        ("a\u2028b\u2029c", "a\\u2028b\\u2029c"),
        ("\ufeff\u200b", "\\ufeff\\u200b"),
        ("\ud800", "\\ud800"),
        ("Zoë 日本 ✓", "Zoë 日本 ✓"),
    ],
)
def test_what_could_move_a_cursor_or_hide_is_escaped(text: str, made: str) -> None:
    assert one_line(text) == made


@pytest.mark.parametrize(("value", "made"), [(None, "None"), (5, "5"), (["\n"], "['\\n']"), (b"\x1b", "b'\\x1b'")])
def test_anything_has_a_plain_text(value: object, made: str) -> None:
    assert one_line(value) == made


def test_what_is_too_long_ends_with_an_ellipsis() -> None:
    assert one_line("x" * 300) == "x" * 300
    assert one_line("x" * 301) == "x" * 299 + "…"
    assert one_line("\n" * 10, 10) == "\\n\\n\\n\\n\\" + "…"


@pytest.mark.parametrize("name", [n for n in errors.__all__ if n != "one_line"])
def test_every_error_is_one_that_chaos_toolkit_knows(name: str) -> None:
    assert issubclass(getattr(errors, name), ActivityFailed)


@pytest.mark.parametrize(
    ("kind", "status"),
    [(Unauthorized, 401), (Forbidden, 403), (NotFound, 404), (Conflict, 409), (Expired, 410), (Unreachable, 0)],
)
def test_an_error_of_the_cluster_has_its_message_and_status(kind: type[ClusterError], status: int) -> None:
    error = kind("what happened", 418)
    assert isinstance(error, ClusterError) and not isinstance(error, Refused)
    assert (str(error), error.status, kind("x").status) == ("what happened", 418, status)
