"""The state of a rollout."""

import pytest

from chaosimagecorrupt.cli.watch_state import FaultHistory, no_rollout
from chaosimagecorrupt.record.annotations import read_record

from ..manifests import NOW, a_deployment, corrupted

RECORD = read_record(corrupted(a_deployment(), now=NOW))


def test_a_record_that_appears_starts_the_corruption() -> None:
    history = FaultHistory()
    history.update(RECORD, NOW + 5)
    assert (history.is_corrupted, history.corrupted_at, history.restored_at) == (True, NOW, None)


def test_a_record_that_disappears_is_the_restore() -> None:
    history = FaultHistory()
    history.update(RECORD, NOW + 5)
    history.update({}, NOW + 50)
    history.update({}, NOW + 60)
    assert (history.is_corrupted, history.corrupted_at, history.restored_at) == (False, NOW, NOW + 50)


@pytest.mark.parametrize("is_corrupted", [True, False])
def test_without_a_rollout_the_last_known_fault_is_kept(is_corrupted: bool) -> None:
    state = no_rollout("the Deployment is gone", FaultHistory(is_corrupted=is_corrupted))
    assert (state["corrupted"], state["recovered"], state["text"]) == (is_corrupted, False, "the Deployment is gone")
