"""How patient the attempts of a guard are, and how long it pauses between them."""

from chaosimagecorrupt.errors import ClusterError, Unreachable
from chaosimagecorrupt.guard.attempts import HASTY, PATIENT, Attempts
from chaosimagecorrupt.guard.decide import GuardTiming

TIMING = GuardTiming(pause=1.0, long_pause=30.0, soon=300.0)


def test_every_fourth_attempt_is_patient_unless_the_guard_is_about_to_end() -> None:
    attempts = Attempts(lambda: 0.0, TIMING)
    assert [attempts.next_patience(hurried=False) for _ in range(8)] == [HASTY, HASTY, HASTY, PATIENT] * 2
    attempts.succeeded()
    assert [attempts.next_patience(hurried=True) for _ in range(4)] == [HASTY] * 4


def test_an_answer_that_time_alone_does_not_change_is_asked_for_less_often_later() -> None:
    now = [1000.0]
    attempts = Attempts(lambda: now[0], TIMING)
    attempts.next_patience(hurried=False)
    forbidden, away = ClusterError("forbidden", 403), Unreachable("away")
    assert [attempts.pause_after(x) for x in (forbidden, away, None)] == [1.0, 1.0, 1.0]
    now[0] += 301.0
    assert [attempts.pause_after(x) for x in (forbidden, away, None)] == [30.0, 1.0, 1.0]
