"""Listens to the injecting process, in the guard: takes its reports, and further injections to guard."""

import json
import os
from collections.abc import Callable, Sequence
from contextlib import suppress

from logzero import logger

from ..errors import one_line
from ..record.entry import Entry
from .decide import InjectorState
from .many import InjectionGuards
from .orders import Task, tasks_from_json
from .report import ADD, DECIDED, INJECTED, LEFT, REFUSED, RELEASED, UNDONE, UP

__all__ = ["Listener"]

_STATES = {INJECTED: InjectorState.INJECTED, UNDONE: InjectorState.UNDONE, RELEASED: InjectorState.RELEASED}


class Listener:
    """Takes what the injecting process says.

    Args:
        channel: the file descriptor of the socket.
        guards: the injections.
        take: takes further injections; returns whether they are guarded from now on.
    """

    def __init__(self, channel: int, guards: InjectionGuards, take: Callable[[Sequence[Task]], bool]) -> None:
        self._channel, self._guards, self._take = channel, guards, take

    def run(self) -> None:
        """Listen until the injecting process ends, which ends the connection."""
        rest = b""
        while chunk := self._read():
            *lines, rest = (rest + chunk).split(b"\n")
            for line in lines:
                try:
                    self._heard(line.decode())
                except Exception as x:  # noqa: BLE001 - who listens no longer does not hear that a fault is undone
                    logger.error(f"what the injecting process said is not understood: {type(x).__name__}")
        self._guards.injector_ended()

    def _read(self) -> bytes:
        try:
            return os.read(self._channel, 65536)  # no buffered file: Python cannot end while a thread waits for one
        except ConnectionResetError:  # it has ended, and had not read our last answer
            return b""

    def _heard(self, line: str) -> None:
        word, _, rest = line.partition(" ")
        injection_id, _, text = rest.partition(" ")
        guard = self._guards.find(injection_id)
        if word == ADD:
            self._add(injection_id, text)
        elif guard is None:
            return
        elif word == DECIDED:
            guard.decided(Entry(**json.loads(text)))
        elif word == LEFT:
            guard.injector_ended()
        else:
            guard.injector_reported(_STATES[word])

    def _add(self, injection_id: str, text: str) -> None:
        """Take further injections, and answer whether they are guarded."""
        taken = False
        try:
            taken = self._take(tasks_from_json(text))
        except Exception as x:  # noqa: BLE001 - the injecting process then starts another guard, which says the same
            logger.info(f"injection {injection_id} needs another guard: {one_line(x)}")
        with suppress(OSError):  # the injecting process has ended; the end of the connection reports that
            os.write(self._channel, f"{UP if taken else REFUSED} {injection_id}\n".encode())
