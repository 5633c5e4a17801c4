"""Text that fits a terminal."""

import pytest
from rich.cells import cell_len

from chaosimagecorrupt.cli.fitting import cut, cut_start, error_lines, wrapped


@pytest.mark.parametrize(
    ("text", "width", "expected"), [("web", 3, "web"), ("warehouse", 5, "ware…"), ("世界世界", 5, "世界…")]
)
def test_what_is_too_wide_ends_with_an_ellipsis(text: str, width: int, expected: str) -> None:
    assert (cut(text, width), cell_len(cut(text, width)) <= width) == (expected, True)


@pytest.mark.parametrize(
    ("image", "width", "expected"),
    [("a:b", 3, "a:b"), ("quay.io/shop/web:v1", 8, "…/web:v1"), ("世界世界", 5, "…世界")],
)
def test_of_an_image_that_is_too_wide_the_end_is_left(image: str, width: int, expected: str) -> None:
    assert cut_start(image, width) == expected


def test_a_text_is_broken_between_words() -> None:
    assert wrapped("exceeded quota: pods", 10) == ["exceeded", "quota:", "pods"]
    assert wrapped("", 10) == []


def test_of_too_many_lines_the_last_is_cut() -> None:
    assert wrapped("exceeded quota: pods, requested: 1", 10, 2) == ["exceeded", "quota: po…"]
    assert wrapped("exceeded quota", 10, 2) == ["exceeded", "quota"]


def test_an_error_is_above_the_last_state_on_three_lines_at_most() -> None:
    assert error_lines("away", 40) == ["away; trying again.", "The last state:"]
    assert error_lines("away " * 20, 12) == ["away away", "away away", "away away a…", "The last", "state:"]
    assert error_lines(None, 40) == []


def test_markup_stays_text() -> None:
    assert wrapped("[red]a [/b]", 20) == ["[red]a [/b]"]
