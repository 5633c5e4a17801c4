"""What a guard does next: every cell of the table in `guard.decide`."""

from typing import Any

import pytest

from chaosimagecorrupt.guard.decide import IN_FLIGHT, Action, InjectorState, Observation, decide

EXPIRES = 1000.0
SILENT, INJECTED, RELEASED, GONE = (
    InjectorState.SILENT,
    InjectorState.INJECTED,
    InjectorState.RELEASED,
    InjectorState.GONE,
)


@pytest.mark.parametrize(
    ("observation", "action", "until"),
    [
        ({}, Action.WAIT, EXPIRES),
        ({"now": EXPIRES}, Action.RESTORE, None),
        ({"injector": RELEASED}, Action.END, None),
        ({"injector": RELEASED, "terminated": True}, Action.END, None),
        ({"terminated": True}, Action.RESTORE, None),
        ({"terminated": True, "in_place": False}, Action.RESTORE, None),
        ({"in_place": True}, Action.WAIT, EXPIRES),
        ({"in_place": True, "injector": INJECTED}, Action.WAIT, EXPIRES),
        ({"in_place": True, "injector": GONE}, Action.WAIT, EXPIRES),
        ({"in_place": True, "injector": GONE, "now": EXPIRES}, Action.RESTORE, None),
        ({"in_place": True, "now": EXPIRES}, Action.RESTORE, None),
        # the injecting process lives: the fault may come, however late
        ({"in_place": False}, Action.WAIT, None),
        ({"in_place": False, "now": 10 * EXPIRES}, Action.WAIT, None),
        ({"in_place": False, "was_in_place": True}, Action.WAIT, None),
        # it died: the request that it may have sent can still act
        ({"in_place": False, "injector": GONE, "injector_gone_at": 100.0}, Action.WAIT, EXPIRES),
        ({"in_place": False, "injector": GONE, "injector_gone_at": 990.0}, Action.WAIT, 990.0 + IN_FLIGHT),
        ({"in_place": False, "injector": GONE, "injector_gone_at": 100.0, "now": EXPIRES}, Action.RESTORE, None),
        # somebody has undone it
        ({"in_place": False, "injector": INJECTED}, Action.CLEAN, None),
        ({"in_place": False, "was_in_place": True, "injector": GONE}, Action.CLEAN, None),
        # the API server does not tell
        ({"in_place": None, "was_in_place": True, "injector": INJECTED}, Action.WAIT, EXPIRES),
        ({"in_place": None, "injector": GONE, "now": EXPIRES}, Action.RESTORE, None),
    ],
)
def test_a_single_case(observation: dict[str, Any], action: Action, until: float | None) -> None:
    assert decide(Observation(**{"now": 1.0, "expires": EXPIRES, **observation})) == (action, until)


WAIT, RESTORE, CLEAN, END = Action.WAIT, Action.RESTORE, Action.CLEAN, Action.END


@pytest.mark.parametrize(
    ("injector", "in_place", "was_in_place", "before", "after"),
    [
        (RELEASED, [True, False, None], [True, False], (END, None), (END, None)),
        (SILENT, [True, None], [True, False], (WAIT, EXPIRES), (RESTORE, None)),
        (SILENT, [False], [True, False], (WAIT, None), (WAIT, None)),
        (INJECTED, [True, None], [True, False], (WAIT, EXPIRES), (RESTORE, None)),
        (INJECTED, [False], [True, False], (CLEAN, None), (CLEAN, None)),
        (GONE, [True, None], [True, False], (WAIT, EXPIRES), (RESTORE, None)),
        (GONE, [False], [True], (CLEAN, None), (CLEAN, None)),
        (GONE, [False], [False], (WAIT, EXPIRES), (RESTORE, None)),
    ],
)
def test_every_row_of_the_table(
    injector: InjectorState,
    in_place: list[bool | None],
    was_in_place: list[bool],
    before: tuple[Action, float | None],
    after: tuple[Action, float | None],
) -> None:
    for now, expected in ((1.0, before), (EXPIRES - 0.1, before), (EXPIRES, after), (10 * EXPIRES, after)):
        for found in in_place:
            for was in was_in_place:
                known: dict[str, Any] = {
                    "injector": injector,
                    "in_place": found,
                    "was_in_place": was,
                    "injector_gone_at": 1.0,
                }
                assert decide(Observation(now, EXPIRES, **known)) == expected


@pytest.mark.parametrize("in_place", [True, False, None])
@pytest.mark.parametrize("injector", list(InjectorState))
def test_a_guard_that_is_asked_to_end_restores_unless_it_was_released(
    injector: InjectorState, in_place: bool | None
) -> None:
    expected = END if injector is RELEASED else RESTORE
    assert decide(Observation(1.0, EXPIRES, True, injector, in_place=in_place)).action is expected


def test_a_request_of_a_process_that_ended_may_still_arrive_after_the_expiry() -> None:
    ended: dict[str, Any] = {"injector": GONE, "injector_gone_at": EXPIRES - 10, "in_place": False}
    last = EXPIRES - 10 + IN_FLIGHT
    assert decide(Observation(last - 0.1, EXPIRES, **ended)) == (WAIT, last)
    assert decide(Observation(last, EXPIRES, **ended)) == (RESTORE, None)
