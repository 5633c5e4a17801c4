"""A wait says at its beginning what it is for and its limit; a terminal shows it as long as it lasts."""

import re
import sys
from pathlib import Path

import pytest

from chaosimagecorrupt.progress import waiting_for

from .cli.terminal import Terminal

# waits for two things at a time, logs a line meanwhile, and prints the log's handlers before and after
PROGRAM = """
import sys, time
from logzero import logger
from chaosimagecorrupt.progress import waiting_for

streams = [handler.stream for handler in logger.handlers]
with waiting_for("Deployment shop/web: waiting for all pods to be ready", 14.9974):
    with waiting_for("Deployment shop/api: waiting for all pods to be ready", 300):
        time.sleep(3.5)
        logger.warning("in between")
        sys.stdin.readline()
logger.warning("afterwards")
assert streams == [handler.stream for handler in logger.handlers]
"""
# Ctrl-D, which a terminal does not echo
END_OF_INPUT = "\x04"
BOTH = "Deployment shop/web: waiting for all pods to be ready, {} s of 15 s (and 1 more)"


def test_a_wait_begins_with_its_limit(log: pytest.LogCaptureFixture) -> None:
    with waiting_for("Deployment shop/web: waiting for the recovery", 180):
        pass
    assert log.messages == ["Deployment shop/web: waiting for the recovery, 3 min at most"]


def test_a_terminal_shows_the_wait_below_the_log_until_it_is_over(tmp_path: Path) -> None:
    terminal = Terminal([sys.executable, "-c", PROGRAM], tmp_path, 120, {})
    try:
        assert terminal.shows(BOTH.format(2))
        assert terminal.shows(BOTH.format(4))
        *_, above, last = terminal.text.splitlines()
        assert above.endswith("] in between") and re.fullmatch(
            r"Deployment shop/web: .* s of 15 s \(and 1 more\)", last
        )
        terminal.write(END_OF_INPUT)
        assert terminal.finish() == 0
        *_, above, last = (line for line in terminal.text.splitlines() if line)
        assert above.endswith("] in between") and last.endswith("] afterwards")
    finally:
        terminal.close()


@pytest.mark.parametrize("env", [{"TERM": "dumb"}, {"TERM": ""}], ids=str)
def test_a_terminal_on_which_no_line_can_be_erased_gets_only_the_log(tmp_path: Path, env: dict[str, str]) -> None:
    terminal = Terminal([sys.executable, "-c", PROGRAM], tmp_path, 120, env)
    try:
        assert terminal.shows("in between")
        terminal.write(END_OF_INPUT)
        assert (terminal.finish(), " s of 15 s" in terminal.text) == (0, False)
    finally:
        terminal.close()
