"""What a check returns."""

import json

from chaosimagecorrupt.preflight.model import Check, Level


def test_a_check_is_json() -> None:
    assert json.dumps(Check("quota", Level.WARNING, "full").to_json()) == (
        '{"name": "quota", "level": "warning", "text": "full"}'
    )
