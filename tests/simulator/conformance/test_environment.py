"""What is particular about a recorded cluster."""

import pytest

from chaosimagecorrupt.simulator.conformance.environment import clock_offset

from .recorded import corrupted, record, restored


def test_the_time_of_day_is_found_from_times_of_creation() -> None:
    recording = record(corrupted(restored))
    assert clock_offset(recording) == pytest.approx(1_700_000_000.0, abs=0.5)
