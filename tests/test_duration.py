import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chaosimagecorrupt.duration import duration_text, from_rfc3339, parse_duration, rfc3339, seconds_of
from chaosimagecorrupt.errors import Refused

from .manifests import NOW
from .strategies import quickly


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 s"),
        (0.0004, "0 s"),
        (0.167, "0.2 s"),
        (1.5, "1.5 s"),
        (14.9974, "15 s"),
        (44.9996, "45 s"),
        (60, "60 s"),
        (119.97, "2 min"),
        (125, "2 min 5 s"),
        (300, "5 min"),
        (3599.7, "1 h"),
        (5400, "1 h 30 min"),
        (90_061, "25 h 1 min"),
    ],
)
def test_a_duration_in_words_has_at_most_one_decimal(seconds: float, text: str) -> None:
    assert duration_text(seconds) == text


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("300s", 300),
        ("5m", 300),
        ("1h30m", 5400),
        ("1.5h", 5400),
        (".5s", 0.5),
        ("1.s", 1),
        ("1500ms", 1.5),
        ("2us", 2e-6),
        ("2µs", 2e-6),
        ("2\u03bcs", 2e-6),
        ("1s1ns", 1.000000001),
        ("0", 0),
        ("0s", 0),
        ("45", 45),
        ("0.5", 0.5),
        (" 45 ", 45),
        (" 5m\n", 300),
        (45, 45),
        (0.25, 0.25),
        (0, 0),
    ],
)
def test_durations_are_gos_or_seconds(value: object, seconds: float) -> None:
    assert parse_duration(value) == pytest.approx(seconds)


@pytest.mark.parametrize(
    "value",
    [
        "",
        " ",
        "s",
        "5 m",
        "-5s",
        "+5s",
        "5d",
        "5M",
        "1h-5m",
        "1e3",
        "1_0",
        "٣s",
        "inf",
        "nan",
        "5s\x00",
        ".",
        ".s",
        -1,
        -0.5,
        math.inf,
        math.nan,
        10**400,
        "9" * 400,
        "9" * 400 + "h",
        True,
        None,
        [5],
        {"s": 5},
        b"5s",
    ],
)
def test_what_is_no_duration_is_refused_with_what_to_write(value: object) -> None:
    with pytest.raises(Refused, match=r"ttl: .* is not a duration; write it as Go does") as refused:
        parse_duration(value, "ttl")
    assert str(refused.value).isprintable() and len(str(refused.value)) < 250


@pytest.mark.parametrize("value", [0, 0.0, "0", "0s", "0h0m"])
def test_zero_is_refused_where_nothing_could_happen_in_it(value: object) -> None:
    with pytest.raises(Refused, match=r"ttl: .* must be longer than zero"):
        seconds_of(value, "ttl")


def test_a_long_text_without_a_unit_is_refused_at_once() -> None:
    with pytest.raises(Refused):
        parse_duration("1" * 100_000 + "x")


@given(st.integers(0, 10**6), st.integers(0, 59), st.integers(0, 59))
@quickly
def test_the_parts_of_a_duration_add_up(hours: int, minutes: int, seconds: int) -> None:
    assert seconds_of(f"{hours}h{minutes}m{seconds}s1ms", "ttl") == pytest.approx(
        hours * 3600 + minutes * 60 + seconds + 0.001
    )


def test_times_are_written_as_kubernetes_does() -> None:
    assert rfc3339(NOW) == "2026-11-22T15:00:00Z"


def test_a_fraction_is_rounded_up_so_that_nothing_expires_early() -> None:
    assert rfc3339(NOW + 0.001) == "2026-11-22T15:00:01Z"


@pytest.mark.parametrize("epoch", [1e12, 1e300, math.inf, math.nan, -1e15])
def test_a_time_that_cannot_be_written_is_refused(epoch: float) -> None:
    with pytest.raises(Refused, match=r"ttl: the time .* is too far away to be written"):
        rfc3339(epoch)


@pytest.mark.parametrize(
    "text",
    ["2026-11-22T15:00:00Z", "2026-11-22T15:00:00z", "2026-11-22T15:00:00+00:00", "2026-11-22T17:30:00+02:30"],
)
def test_times_are_read_in_any_zone(text: str) -> None:
    assert from_rfc3339(text) == NOW


@pytest.mark.parametrize(("fraction", "seconds"), [("500", 0.5), ("250000", 0.25)])
def test_fractions_are_read(fraction: str, seconds: float) -> None:
    assert from_rfc3339(f"2026-11-22T15:00:00.{fraction}Z") == NOW + seconds


@pytest.mark.parametrize("text", ["", "Z", "soon", "2026-11-22", "2026-11-22T15:00:00", "2026-13-01T00:00:00Z"])
def test_what_is_no_time_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        from_rfc3339(text)


@given(st.integers(0, 253402300799))
@quickly
def test_every_time_up_to_the_year_9999_is_read_back(epoch: int) -> None:
    assert from_rfc3339(rfc3339(epoch)) == epoch
