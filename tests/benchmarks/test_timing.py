"""Measuring calls in this process and in fresh ones."""

from benchmarks.timing import by_turns, fresh, seconds_of


def test_calls_are_made_by_turns() -> None:
    made: list[str] = []
    found = by_turns({"a": lambda: made.append("a"), "b": lambda: made.append("b")}, 2, lambda: made.append("-"))
    assert "".join(made) == "a-b-" * 3 and [len(v) for v in found.values()] == [2, 2]


def test_a_fresh_process_has_its_own_memory() -> None:
    milliseconds, megabytes = fresh("held = bytearray(60 << 20)")
    assert milliseconds > 0 and 60 < megabytes < 60 + fresh("pass").megabytes * 2


def test_a_call_takes_time() -> None:
    assert 0 < seconds_of(lambda: sum(range(1000))) < 10
