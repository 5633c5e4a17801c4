"""What a guard does next: every cell of the tables in `guard.decide`."""

from itertools import product
from typing import Any

import pytest

from chaosimagecorrupt.guard.decide import GUARD_TIMING, Action, InjectorState, Observation, decide

SILENT, INJECTED, UNDONE, RELEASED, GONE = (
    InjectorState.SILENT,
    InjectorState.INJECTED,
    InjectorState.UNDONE,
    InjectorState.RELEASED,
    InjectorState.GONE,
)
WAIT, RESTORE, CLEAN_UP, END = Action.WAIT, Action.RESTORE, Action.CLEAN_UP, Action.END
GIVE_UP, LEAVE_TRACES = Action.GIVE_UP, Action.LEAVE_TRACES

BEGIN, EXPIRES = 1.0, 1000.0
YES, NO, UNKNOWN = True, False, None
ANY = (YES, NO, UNKNOWN)

Cell = tuple[Action, float | None]
UNTIL_EXPIRY: Cell = (WAIT, EXPIRES)
AT_ONCE: Cell = (RESTORE, None)


def decided(now: float, **known: Any) -> Cell:
    found = decide(Observation(now, EXPIRES, **known))
    return found.action, found.until


# report, in place, was in place before: before the expiry, from the expiry on, asked to end
IN_PLACE = [
    (SILENT, (YES, UNKNOWN), (YES, NO), UNTIL_EXPIRY, AT_ONCE, AT_ONCE),
    (SILENT, (NO,), (YES, NO), (WAIT, None), (WAIT, None), AT_ONCE),
    (GONE, (YES, UNKNOWN), (YES, NO), UNTIL_EXPIRY, AT_ONCE, AT_ONCE),
    (GONE, (NO,), (NO,), UNTIL_EXPIRY, AT_ONCE, AT_ONCE),
    (INJECTED, (YES, UNKNOWN), (YES, NO), UNTIL_EXPIRY, AT_ONCE, AT_ONCE),
    (UNDONE, (YES,), (YES, NO), UNTIL_EXPIRY, AT_ONCE, AT_ONCE),
]


@pytest.mark.parametrize(("injector", "in_place", "was_in_place", "before", "after", "asked"), IN_PLACE)
def test_while_the_fault_may_be_in_place(
    injector: InjectorState,
    in_place: tuple[bool | None, ...],
    was_in_place: tuple[bool, ...],
    before: Cell,
    after: Cell,
    asked: Cell,
) -> None:
    for found, was in product(in_place, was_in_place):
        known: dict[str, Any] = {"injector": injector, "in_place": found, "was_in_place": was, "injector_gone_at": 1.0}
        for now, expected in ((BEGIN, before), (EXPIRES - 0.1, before), (EXPIRES, after), (10 * EXPIRES, after)):
            assert decided(now, **known) == expected
            assert decided(now, **known, asked_to_end=True) == asked


@pytest.mark.parametrize("injector", [SILENT, GONE, INJECTED])
def test_a_restore_that_fails_is_repeated_for_a_day(injector: InjectorState) -> None:
    known: dict[str, Any] = {"injector": injector, "failed": True}
    last = EXPIRES + GUARD_TIMING.give_up
    assert [decided(now, **known) for now in (EXPIRES, last)] == [AT_ONCE] * 2
    assert decided(last + 1, **known) == (GIVE_UP, None)
    assert decided(BEGIN, **known, asked_to_end=True) == (GIVE_UP, None)


@pytest.mark.parametrize("injector", [SILENT, GONE, INJECTED, UNDONE])
def test_a_stop_condition_restores_at_once(injector: InjectorState) -> None:
    known: dict[str, Any] = {"injector": injector, "in_place": True, "stopped": True}
    assert [decided(now, **known) for now in (BEGIN, EXPIRES)] == [AT_ONCE] * 2
    assert decided(BEGIN, **known, failed=True) == AT_ONCE
    assert decided(BEGIN, **known, asked_to_end=True) == AT_ONCE


def test_a_machine_that_slept_for_days_still_restores_once() -> None:
    assert decided(EXPIRES + 3 * GUARD_TIMING.give_up, injector=INJECTED) == AT_ONCE


def test_a_request_of_a_process_that_ended_may_still_arrive_after_the_expiry() -> None:
    ended: dict[str, Any] = {"injector": GONE, "injector_gone_at": EXPIRES - 10, "in_place": False}
    last = EXPIRES - 10 + GUARD_TIMING.in_flight
    assert decided(last - 0.1, **ended) == (WAIT, last)
    assert decided(last, **ended) == AT_ONCE


UNDONE_AT = 500.0
OTHERS = UNDONE_AT + GUARD_TIMING.others_clean_up
INJECTOR = UNDONE_AT + GUARD_TIMING.others_restore
# what is known: when the guard cleans up
KNOWN_UNDONE = {
    "reported, and that process lives": ({"injector": UNDONE, "in_place": NO}, INJECTOR),
    "reported, that process lives, and the API server is away": ({"injector": UNDONE, "in_place": UNKNOWN}, INJECTOR),
    "reported, and that process has ended": ({"injector": UNDONE, "in_place": NO, "injector_gone_at": 400.0}, OTHERS),
    "that process has ended, and the API server is away": ({"injector": UNDONE, "injector_gone_at": 400.0}, OTHERS),
    "no longer in place": ({"injector": INJECTED, "in_place": NO}, OTHERS),
    "no longer in place, without a report": ({"injector": GONE, "in_place": NO, "was_in_place": YES}, OTHERS),
    "restored by this guard": ({"injector": INJECTED, "restored": YES}, UNDONE_AT),
    "restored by this guard, which was never told": ({"injector": SILENT, "restored": YES, "in_place": NO}, UNDONE_AT),
}


@pytest.mark.parametrize(("known", "begin"), KNOWN_UNDONE.values(), ids=list(KNOWN_UNDONE))
def test_once_the_fault_is_undone_the_guard_cleans_up(known: dict[str, Any], begin: float) -> None:
    undone: dict[str, Any] = {**known, "undone_at": UNDONE_AT}
    if begin > UNDONE_AT:
        assert decided(begin - 0.1, **undone) == (WAIT, begin)
    for now in (begin, EXPIRES, 10 * EXPIRES):
        assert decided(now, **undone) == (CLEAN_UP, None)
    assert decided(UNDONE_AT, **undone, asked_to_end=True) == (CLEAN_UP, None)


@pytest.mark.parametrize(("known", "begin"), KNOWN_UNDONE.values(), ids=list(KNOWN_UNDONE))
def test_a_clean_up_that_fails_is_repeated_for_15_s(known: dict[str, Any], begin: float) -> None:
    undone: dict[str, Any] = {**known, "undone_at": UNDONE_AT, "cleaning_since": begin, "failed": True}
    assert GUARD_TIMING.clean_up == 15.0
    assert decided(begin + 14.9, **undone) == (CLEAN_UP, None)
    assert decided(begin + 15.0, **undone) == (LEAVE_TRACES, None)
    assert decided(begin, **undone, asked_to_end=True) == (LEAVE_TRACES, None)


@pytest.mark.parametrize("asked_to_end", [True, False])
@pytest.mark.parametrize("now", [BEGIN, EXPIRES, 10 * EXPIRES])
def test_a_guard_that_is_released_ends(now: float, asked_to_end: bool) -> None:
    for found, failed, restored in product(ANY, (YES, NO), (YES, NO)):
        known: dict[str, Any] = {"in_place": found, "failed": failed, "restored": restored}
        assert decided(now, injector=RELEASED, asked_to_end=asked_to_end, **known) == (END, None)
