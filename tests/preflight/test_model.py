"""What a check returns."""

import json

import pytest

from chaosimagecorrupt.preflight.model import Check, Level, count_text


def test_a_check_is_json() -> None:
    assert json.dumps(Check("quota", Level.WARNING, "full").to_json()) == (
        '{"name": "quota", "level": "warning", "text": "full"}'
    )


@pytest.mark.parametrize(
    ("levels", "text"),
    [
        ([], "0 blockers, 0 warnings"),
        ([Level.OK, Level.WARNING], "0 blockers, 1 warning"),
        ([Level.BLOCKER, Level.WARNING, Level.WARNING], "1 blocker, 2 warnings"),
        ([Level.BLOCKER] * 2, "2 blockers, 0 warnings"),
    ],
)
def test_blockers_and_warnings_are_counted(levels: list[Level], text: str) -> None:
    assert count_text(Check("quota", level, "") for level in levels) == text
