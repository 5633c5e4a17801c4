"""The rows of the section Recovery."""

import pytest

from chaosimagecorrupt.verdict import judge

from ...timelines import of_recording, row

WHY = {
    ("reverted-by-operator", "reconcile-cycles"): "generations by others since the fault: 1",
    ("rolling-update", "reconcile-cycles"): "generations by others since the fault: 0",
}


@pytest.mark.parametrize(("name", "key"), WHY)
def test_why_of_a_row(name: str, key: str) -> None:
    assert row(judge(*of_recording(name)), key).why == WHY[name, key]
