"""What is particular about a recorded cluster."""

import pytest

from chaosimagecorrupt.simulator.conformance.environment import clock_offset, quotas, start_times
from chaosimagecorrupt.simulator.conformance.recording import Recording

from .recorded import RECORDINGS, corrupted, record, restored


def test_the_time_of_day_is_found_from_times_of_creation() -> None:
    recording = record(corrupted(restored))
    assert clock_offset(recording) == pytest.approx(1_700_000_000.0, abs=0.5)


def test_quotas_are_found_from_the_pods_that_exceeded_them() -> None:
    found = quotas(Recording.load(RECORDINGS / "quota.jsonl"))
    assert found == [{"metadata": {"name": "q", "namespace": "rec-quota"}, "spec": {"hard": {"pods": "2"}}}]
    assert quotas(record(corrupted(restored))) == []


def test_containers_start_when_an_event_says_so() -> None:
    found = start_times(Recording.load(RECORDINGS / "two-faults.jsonl"))
    assert sorted(t for (_, container), t in found.items() if container == "side") == [1.433, 1.454, 5.321]
    assert sorted(t for (_, container), t in found.items() if container == "app") == [1.214, 1.248, 21.639]
