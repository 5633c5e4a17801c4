"""Which guards of one process work at the same time."""

import threading

from chaosimagecorrupt.guard.turns import Turns

from ..fixtures_http import soon


def test_a_clean_up_begins_only_when_no_restore_waits() -> None:
    turns, done = Turns(1), list[str]()

    def restore() -> None:
        with turns.to_restore():
            done.append("restored")

    def clean_up() -> None:
        with turns.to_clean_up():
            done.append("cleaned up")

    with turns.to_clean_up():
        threads = [threading.Thread(target=t) for t in (clean_up, restore, clean_up, restore)]
        for thread in threads:
            thread.start()
        assert soon(lambda: turns.waiting == 4)
        assert done == []
    for thread in threads:
        thread.join(10.0)
    assert done == ["restored", "restored", "cleaned up", "cleaned up"]


def test_an_error_gives_the_turn_back() -> None:
    turns = Turns(1)
    for turn in (turns.to_restore, turns.to_clean_up):
        try:
            with turn():
                raise ValueError
        except ValueError:
            pass
    with turns.to_restore():
        assert turns.waiting == 0
