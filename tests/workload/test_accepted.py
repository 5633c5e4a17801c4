"""The conditions that an experiment accepts as a report."""

from typing import Any

import pytest

from chaosimagecorrupt.errors import Refused
from chaosimagecorrupt.workload.accepted import accepted_conditions

READY = {"type": "Ready", "status": "False"}
NAMED = {
    "one": (("Ready", "False", "NotReady", None), ["Ready=False (NotReady)"]),
    "one, with empty values as of an experiment's variables": (("Ready", "", "", ""), ["Ready=True"]),
    "several": ((None, "True", None, [READY, {"type": "Progressing"}]), ["Ready=False", "Progressing=True"]),
    "the same twice": ((None, None, None, [READY, READY]), ["Ready=False"]),
    "YAML's own booleans": ((None, None, None, [{"type": "Ready", "status": False}]), ["Ready=False"]),
}
REFUSED = {
    "none": (None, "True", None, None),
    "an empty list": (None, "True", None, []),
    "both": ("Ready", "True", None, [READY]),
    "text": (None, None, None, "Ready=False"),
    "a number": (None, None, None, 5),
    "an entry is text": (None, None, None, ["Ready"]),
    "an entry has no type": (None, None, None, [{"status": "False"}]),
    "an entry has another key": (None, None, None, [{**READY, "state": "x"}]),
}


@pytest.mark.parametrize(("arguments", "expected"), NAMED.values(), ids=list(NAMED))
def test_conditions_are_named_one_by_one_or_as_a_list(arguments: tuple[Any, ...], expected: list[str]) -> None:
    assert list(map(str, accepted_conditions(*arguments))) == expected


@pytest.mark.parametrize("arguments", REFUSED.values(), ids=list(REFUSED))
def test_anything_else_is_refused_by_name(arguments: tuple[Any, ...]) -> None:
    with pytest.raises(Refused, match=r"^condition"):
        accepted_conditions(*arguments)
