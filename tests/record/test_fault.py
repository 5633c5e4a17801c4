"""What a process did to one Deployment."""

from dataclasses import FrozenInstanceError, replace

import pytest

from chaosimagecorrupt.record.entry import Entry
from chaosimagecorrupt.record.fault import Fault

from ..in_process_client import InProcessClient, web_place


@pytest.fixture
def fault() -> Fault:
    """A fault of two injections, of which one is undone."""
    entries = {id: Entry(container=id, original="localhost/app:v1", id=id) for id in ("one", "two")}
    client = InProcessClient(web_place(), "run")
    return Fault(client, "shop", "web", "uid", 2, entries=entries, undone=frozenset({"one"}))


def test_what_is_not_known_to_be_undone_is_left(fault: Fault) -> None:
    assert [e.id for e in fault.left] == ["two"]
    assert replace(fault, undone=frozenset({"one", "two"})).left == []


def test_nobody_changes_a_fault_past_the_memory(fault: Fault) -> None:
    with pytest.raises(FrozenInstanceError):
        fault.restored_at = 1.0  # type: ignore[misc]  # what is tried
