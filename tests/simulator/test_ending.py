"""A simulated cluster in the foreground ends by a signal, whenever it arrives."""

import signal
import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest

from chaosimagecorrupt.simulator.ending import Ending

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
# a signal that another thread gets does not interrupt the main thread, nor does one that comes before it waits
WAIT = """
import signal, sys, threading, time
from chaosimagecorrupt.simulator.ending import Ending
ending = Ending()
def later():
    time.sleep(0.3)
    signal.raise_signal(int(sys.argv[1]))
threading.Thread(target=later, daemon=True).start()
ending.wait()
"""


@pytest.fixture(autouse=True)
def handlers() -> Iterator[None]:
    """The handlers are those of before after the test."""
    before = {number: signal.getsignal(number) for number in SIGNALS}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", SIGNALS)
def test_a_signal_ends_it_that_does_not_interrupt_the_wait(number: signal.Signals) -> None:
    assert subprocess.run([sys.executable, "-c", WAIT, str(int(number))], timeout=60).returncode == 0


@pytest.mark.parametrize("number", SIGNALS)
def test_a_signal_ends_it_that_came_before_the_wait(number: signal.Signals) -> None:
    ending = Ending()
    signal.raise_signal(number)
    ending.wait()


def test_another_thread_ends_it() -> None:
    ending = Ending()
    threading.Timer(0.05, ending.end).start()
    ending.wait()
