"""What this process remembers of its faults after a restore."""

from collections.abc import Iterator

import pytest

from chaosimagecorrupt.record.memory import MEMORY
from chaosimagecorrupt.record.snapshot import Snapshot
from chaosimagecorrupt.restore.decide import RestoreScope, plan_restore
from chaosimagecorrupt.restore.remember import remember, remembered_entries
from chaosimagecorrupt.restore.restore import put_back

from .corrupted_web import CorruptedWeb


@pytest.fixture
def web() -> Iterator[CorruptedWeb]:
    """A Deployment that this process is taken to have corrupted."""
    web = CorruptedWeb()
    MEMORY.forget()
    MEMORY.injected(web.client, web.deployment(), web.entry)
    yield web
    MEMORY.forget()


def test_a_restored_fault_is_no_longer_left(web: CorruptedWeb) -> None:
    assert remembered_entries(web.target) == [web.entry]
    put_back(web.target)
    assert remembered_entries(web.target) == []
    fault = MEMORY.fault(web.target)
    assert fault is not None and fault.restored_at is not None and not fault.healed


def test_a_fault_that_is_still_in_place_stays_left(web: CorruptedWeb) -> None:
    snapshot = Snapshot(web.deployment())
    remember(web.target, plan_restore(snapshot, RestoreScope(container_name="another")), snapshot)
    assert remembered_entries(web.target) == [web.entry]


def test_an_older_deployment_does_not_show_that_a_fault_is_undone(web: CorruptedWeb) -> None:
    plan = plan_restore(Snapshot(web.deployment()), RestoreScope(container_name="another"))
    put_back(web.target)
    restored = web.deployment()
    MEMORY.forget()
    MEMORY.injected(web.client, web.deployment(), web.entry)
    restored["metadata"]["generation"] = (web.entry.generation or 0) - 1
    remember(web.target, plan, Snapshot(restored))
    assert remembered_entries(web.target) == [web.entry]
