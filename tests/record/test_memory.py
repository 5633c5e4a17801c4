import threading
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from chaosimagecorrupt.record.entry import Entry
from chaosimagecorrupt.record.fault import Fault
from chaosimagecorrupt.record.memory import Memory
from chaosimagecorrupt.workload.statefulset import STATEFUL_SET
from chaosimagecorrupt.workload.target import Target

from ..manifests import a_deployment

A, B, C = Entry("a", "v1", "bad", "1"), Entry("b", "v2", "bad", "2"), Entry("a", "v1", "bad", "3")
# of a connection, only the address counts
HERE: Any = SimpleNamespace(address="https://here")
THERE: Any = SimpleNamespace(address="https://there")
WEB = Target("web", "shop", HERE)


def of(generation: int, uid: str = "1") -> Any:
    deployment = a_deployment(uid=uid)
    deployment["metadata"]["generation"] = generation
    return deployment


def known(memory: Memory) -> Fault:
    fault = memory.fault(WEB)
    assert fault is not None
    return fault


def inject(memory: Memory, entry: Entry, generation: int, uid: str = "1") -> None:
    """An injection that makes this generation."""
    memory.injecting(HERE, of(generation - 1, uid), entry)
    memory.injected(HERE, of(generation, uid), entry)


def cycles(memory: Memory, generation: int) -> int:
    """As the probe reconcile_cycles counts them."""
    return generation - known(memory).generation - known(memory).own_changes


def test_nothing_is_known_of_a_deployment_that_was_never_touched() -> None:
    memory = Memory()
    inject(memory, A, 2)
    places = [("web", "shop", THERE), ("web", "other", HERE), ("other", "shop", HERE)]
    others = [*(Target(*place) for place in places), Target("web", "shop", HERE, STATEFUL_SET)]
    assert [memory.fault(other) for other in others] == [None] * 4


def test_an_injection_that_may_have_arrived_is_known_before_it_is_confirmed() -> None:
    memory = Memory()
    memory.injecting(HERE, of(1), A)
    assert (known(memory).entries, known(memory).confirmed, known(memory).generation) == ({A.id: A}, False, 2)
    memory.injected(HERE, of(3), A)
    assert (known(memory).confirmed, known(memory).generation) == (True, 3)


def test_an_injection_that_did_not_happen_is_forgotten() -> None:
    memory = Memory()
    memory.injecting(HERE, of(1), A)
    memory.not_injected(WEB, A.id)
    assert memory.faults() == []


class Interrupted(dict[str, Any]):
    """A Deployment's metadata, at the reading of whose generation something else happens."""

    def __init__(self, metadata: dict[str, Any], happens: Callable[[], None]) -> None:
        super().__init__(metadata)
        self.happens = happens

    def __getitem__(self, name: str) -> Any:
        if name == "generation":
            self.happens()
        return super().__getitem__(name)


def test_two_that_begin_at_the_same_time_are_both_known() -> None:
    memory, first = Memory(), of(1)
    second = threading.Thread(target=memory.injecting, args=(HERE, of(1), B))

    def meanwhile() -> None:
        second.start()
        second.join(timeout=0.2)  # it has to wait, or it would be forgotten

    interrupted: Any = {**first, "metadata": Interrupted(first["metadata"], meanwhile)}
    memory.injecting(HERE, interrupted, A)
    second.join()
    assert known(memory).entries == {A.id: A, B.id: B}


def test_the_fault_that_is_in_place_is_not_forgotten_with_the_one_that_did_not_happen() -> None:
    memory = Memory()
    inject(memory, A, 2)
    memory.injecting(HERE, of(2), B)
    memory.not_injected(WEB, B.id)
    assert (known(memory).entries, known(memory).generation, known(memory).own_changes) == ({A.id: A}, 2, 0)


def test_faults_of_one_deployment_are_kept_together() -> None:
    memory = Memory()
    inject(memory, A, 2)
    inject(memory, B, 3)
    assert known(memory).entries == {A.id: A, B.id: B}
    assert (known(memory).generation, known(memory).own_changes, known(memory).restored_at) == (2, 1, None)


def test_faults_are_known_in_the_same_order_whichever_was_injected_first() -> None:
    memory = Memory()
    for name in ("c", "a", "b"):
        deployment = of(1, uid=name)
        deployment["metadata"]["name"] = name
        memory.injecting(HERE, deployment, A)
    assert [fault.name for fault in memory.faults()] == ["a", "b", "c"]


def test_our_own_changes_are_no_reconcile_cycles() -> None:
    memory = Memory()
    inject(memory, A, 2)
    inject(memory, B, 3)
    memory.restored(HERE, of(3), of(4), 100.0, ["1", "2"])
    assert cycles(memory, 4) == 0


def test_the_changes_of_others_are() -> None:
    memory = Memory()
    inject(memory, A, 2)
    # an operator writes twice, then we restore, then it writes again
    memory.restored(HERE, of(4), of(5), 100.0, ["1", "2"])
    assert (cycles(memory, 5), cycles(memory, 6)) == (2, 3)


def test_a_restore_that_changed_nothing_is_no_change() -> None:
    memory = Memory()
    inject(memory, A, 2)
    memory.restored(HERE, of(3), of(3), 100.0, ["1", "2"])
    assert cycles(memory, 3) == 1


def test_a_restore_is_kept_for_the_fault_of_another_process_too() -> None:
    memory = Memory()
    memory.restored(HERE, of(7), of(8), 100.0, ["1", "2"])
    assert (known(memory).restored_at, known(memory).entries, known(memory).confirmed) == (100.0, {}, True)
    assert cycles(memory, 8) == 0


def test_a_later_restore_is_measured_again() -> None:
    memory = Memory()
    memory.restored(HERE, of(7), of(8), 100.0, ["1", "2"])
    memory.recovered(known(memory), 101.0)
    memory.restored(HERE, of(8), of(9), 200.0, ["1", "2"])
    assert (known(memory).restored_at, known(memory).recovered_at) == (200.0, None)


def test_a_restore_is_dated_by_both_clocks() -> None:
    memory = Memory()
    memory.restored(HERE, of(7), of(8), 100.0, [A.id], "2026-11-22T15:00:00Z", healed=True)
    assert (known(memory).restored_on_server, known(memory).healed) == ("2026-11-22T15:00:00Z", True)
    memory.restored(HERE, of(8), of(9), 200.0, [A.id])
    assert (known(memory).restored_on_server, known(memory).healed) == (None, False)


def test_an_injection_after_a_restore_is_a_new_fault() -> None:
    memory = Memory()
    inject(memory, A, 2)
    memory.restored(HERE, of(2), of(3), 100.0, ["1", "2"])
    inject(memory, B, 9)
    assert known(memory).entries == {B.id: B}
    assert (known(memory).generation, known(memory).own_changes, known(memory).restored_at) == (9, 0, None)


def test_a_deployment_that_was_made_again_is_another() -> None:
    memory = Memory()
    inject(memory, A, 5)
    inject(memory, B, 2, uid="2")
    assert (known(memory).uid, known(memory).generation, known(memory).entries) == ("2", 2, {B.id: B})


def test_the_restore_of_a_deployment_that_was_made_again_is_not_counted_for_the_old_one() -> None:
    # GitOps applied it again, record and all
    memory = Memory()
    inject(memory, A, 5)
    memory.restored(HERE, of(1, uid="2"), of(2, uid="2"), 100.0, ["1", "2"])
    assert (known(memory).uid, known(memory).restored_at, known(memory).entries) == ("2", 100.0, {})
    assert cycles(memory, 2) == 0


def test_what_is_left_is_known_when_another_container_is_restored() -> None:
    memory = Memory()
    inject(memory, A, 2)
    inject(memory, B, 3)
    memory.restored(HERE, of(3), of(4), 100.0, [A.id])
    assert (known(memory).left, known(memory).restored_at) == ([B], None)
    memory.restored(HERE, of(4), of(5), 200.0, [B.id])
    assert (known(memory).left, known(memory).restored_at) == ([], 200.0)


def test_an_injection_while_another_is_left_belongs_to_the_same_fault() -> None:
    memory = Memory()
    inject(memory, A, 2)
    inject(memory, B, 3)
    memory.restored(HERE, of(3), of(4), 100.0, [A.id])
    inject(memory, C, 5)
    assert known(memory).left == [B, C]


def test_what_others_undid_is_not_left() -> None:
    memory = Memory()
    inject(memory, A, 2)
    memory.undone(HERE, of(4, uid="2"), [A.id])
    assert known(memory).left == [A]
    memory.undone(HERE, of(4), [A.id])
    assert (known(memory).left, known(memory).restored_at) == ([], None)


def test_what_is_undone_is_forgotten_when_told_so() -> None:
    memory = Memory()
    inject(memory, A, 2)
    memory.restored(THERE, of(2), of(3), 100.0, ["1", "2"])
    memory.forget_restored()
    assert memory.faults() == [known(memory)] and known(memory).entries == {A.id: A}


class ToldGuard:
    """A guard that keeps what it is told."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def undone(self, injection_id: str) -> None:
        self.told.append(f"undone {injection_id}")

    def release(self, injection_id: str) -> None:
        self.told.append(f"released {injection_id}")


def test_a_guard_is_told_that_its_injection_is_undone_and_then_that_nothing_is_left() -> None:
    memory, guard = Memory(), ToldGuard()
    inject(memory, A, 2)
    memory.guarded(A.id, guard)
    memory.guarded(B.id, guard)
    memory.restored(HERE, of(2), of(3), 100.0, [A.id])
    assert guard.told == ["undone 1"]
    memory.cleaned_up(WEB, traces_left=True)
    assert guard.told == ["undone 1"]
    memory.cleaned_up(WEB, traces_left=False)
    memory.cleaned_up(WEB, traces_left=False)
    assert guard.told == ["undone 1", "released 1"]


@pytest.mark.parametrize("by_us", [True, False])
@pytest.mark.parametrize("traces_left", [True, False])
def test_a_fault_is_uncleaned_from_its_restore_to_the_end_of_a_clean_up(by_us: bool, traces_left: bool) -> None:
    memory = Memory()
    inject(memory, A, 2)
    assert not known(memory).uncleaned
    if by_us:
        memory.restored(HERE, of(2), of(3), 100.0, [A.id])
    memory.undone(HERE, of(3), [] if by_us else [A.id])
    assert known(memory).uncleaned
    memory.cleaned_up(WEB, traces_left=traces_left)
    assert not known(memory).uncleaned


def test_a_guard_is_told_of_an_undo_by_others_too() -> None:
    memory, guard = Memory(), ToldGuard()
    inject(memory, A, 2)
    memory.guarded(A.id, guard)
    memory.undone(HERE, of(3), [A.id])
    assert guard.told == ["undone 1"]
