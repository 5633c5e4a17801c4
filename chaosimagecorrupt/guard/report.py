"""Reports to a guard that is up, and hands it further injections, in the process that injects."""

import atexit
import json
import socket
import threading
import weakref
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import asdict, replace
from typing import NamedTuple

from ..record.entry import Entry
from .orders import Task, tasks_to_json

__all__ = ["ADD", "DECIDED", "ENDED", "INJECTED", "LEFT", "REFUSED", "RELEASED", "UNDONE", "UP", "GuardProcess"]

ANSWERS_WITHIN = 3.0  # seconds; measured: 0.02

# What a guard writes. To its standard output: UP, once it is up. Into the socket: the answer to ADD, which is UP or
# REFUSED and the id of the first injection; and ENDED before it ends by itself
UP, REFUSED, ENDED = "up", "refused", "ended"
# What it reads from the socket, each a line: the word, the injection's id, and for DECIDED the entry as JSON, for ADD
# the tasks
ADD, DECIDED, INJECTED, UNDONE, RELEASED, LEFT = "add", "decided", "injected", "undone", "released", "left"


def _leave_open(socket_if_there: "weakref.ref[socket.socket]") -> None:
    """Take a socket away from its object, which would else warn that it was not closed."""
    channel = socket_if_there()
    if channel is not None:
        channel.detach()


class _Guarded(NamedTuple):
    """An injection that is guarded, and the last report on it; empty before the first."""

    task: Task
    word: str = ""


class GuardProcess:
    """A guard that is up, as the injecting process sees it. Several threads may use it.

    The socket is closed once nothing is guarded any longer. If this process ends earlier, the kernel closes it, and the
    guard knows.

    Args:
        channel: the socket to the guard.
        tasks: the injections that it guards.
        log: the path of its log.
        timeout: seconds to wait for its answers.

    Attributes:
        log: the path of its log.
    """

    def __init__(
        self, channel: socket.socket, tasks: Iterable[Task], log: str, timeout: float = ANSWERS_WITHIN
    ) -> None:
        channel.settimeout(timeout)  # a guard that was stopped must not stop this process
        weakref.finalize(self, channel.close).atexit = False  # nobody is left who could report
        # at the end of the process the kernel closes it, when no thread can report any longer
        atexit.register(_leave_open, weakref.ref(channel))
        self._channel, self._guarded = channel, {task.entry.id: _Guarded(task) for task in tasks}
        self._writing, self._takes_more, self._was_killed = threading.Lock(), True, False
        self._successor: GuardProcess | None = None
        self.log = log

    def add(self, tasks: Sequence[Task]) -> bool:
        """Hand over further injections, before they are made, and wait until they are guarded. Not for two threads.

        Args:
            tasks: the injections; the guard takes all or none of them.

        Returns:
            Whether they are guarded. If not, this guard is not asked again; it may have ended, or be about to.
        """
        taken = False
        try:
            taken = self._offer(tasks) and self._is_taken(tasks[0].entry.id)
        finally:
            if not taken:
                self._withdraw(tasks)
        return taken

    def _offer(self, tasks: Sequence[Task]) -> bool:
        with self._writing:
            if not self._takes_more or not self._guarded:  # without any, the guard ends
                return False
            self._guarded.update((task.entry.id, _Guarded(task)) for task in tasks)
            self._write(f"{ADD} {tasks[0].entry.id} {tasks_to_json(tasks)}\n")
            return True

    def _is_taken(self, injection_id: str) -> bool:
        answer, ended = b"", False
        try:
            while not answer.endswith(b"\n") and not ended:
                chunk = self._channel.recv(4096)
                answer, ended = answer + chunk, not chunk
        except TimeoutError:
            return False
        except OSError:
            ended = True
        self._was_killed = ended and not answer
        return answer == f"{UP} {injection_id}\n".encode()

    def _withdraw(self, tasks: Sequence[Task]) -> None:
        """Have the guard forget injections, which it may have taken although its answer did not come."""
        with self._writing:
            self._takes_more = False
            ids = [task.entry.id for task in tasks if self._guarded.pop(task.entry.id, None) is not None]
            if ids:
                # the first line end is for a line whose sending was interrupted
                self._write("\n" + "".join(f"{RELEASED} {injection_id}\n" for injection_id in ids))
            self._close_if_done()

    def unguarded(self) -> list[Task]:
        """Return what it guarded when it was killed; nothing as far as is known if it lives, or ended by itself."""
        with self._writing:
            return [guarded.task for guarded in self._guarded.values()] if self._was_killed else []

    def succeed_by(self, successor: "GuardProcess", tasks: Iterable[Task]) -> None:
        """Have another guard get all reports, those before included.

        Args:
            successor: the other guard.
            tasks: what `unguarded` returned; the other guard guards it.
        """
        with self._writing:
            self._successor = successor
            for injection_id in (task.entry.id for task in tasks):
                guarded = self._guarded.pop(injection_id, None)
                if guarded is None:  # its last report came since then
                    successor.leave(injection_id)
                    continue
                successor.decided(guarded.task.entry)
                if guarded.word:
                    successor._report(guarded.word, injection_id)
            self._close_if_done()

    def decided(self, entry: Entry) -> None:
        """Report what is to be recorded, when that was decided again because another client wrote in between.

        Otherwise a guard that does not find the record would put back an image that is not the original.

        Args:
            entry: the new entry, with the injection's id.
        """
        with self._writing:
            guarded, successor = self._guarded.get(entry.id), self._successor
            if guarded is not None and guarded.task.entry != entry:
                self._guarded[entry.id] = guarded._replace(task=replace(guarded.task, entry=entry))
                self._write(f"{DECIDED} {entry.id} {json.dumps(asdict(entry))}\n")
        if successor is not None:
            successor.decided(entry)

    def injected(self, injection_id: str) -> None:
        """Report that this fault is in place."""
        self._report(INJECTED, injection_id)

    def undone(self, injection_id: str) -> None:
        """Report that this fault is undone, and that this process is about to clean up."""
        self._report(UNDONE, injection_id)

    def release(self, injection_id: str) -> None:
        """Report that there is nothing to guard: this fault was not injected, or no trace of it is left."""
        self._report(RELEASED, injection_id, last=True)

    def leave(self, injection_id: str) -> None:
        """Report that it is unknown whether this fault is in place; the guard finds out by itself."""
        self._report(LEFT, injection_id, last=True)

    def _report(self, word: str, injection_id: str, *, last: bool = False) -> None:
        """Report on an injection; after its last report, later ones are ignored."""
        with self._writing:
            guarded, successor = self._guarded.get(injection_id), self._successor
            if guarded is not None:
                self._guarded[injection_id] = guarded._replace(word=word)
                self._write(f"{word} {injection_id}\n")
                if last:
                    del self._guarded[injection_id]
                    self._close_if_done()
        if successor is not None:
            successor._report(word, injection_id, last=last)

    def _close_if_done(self) -> None:
        if not self._guarded:
            self._channel.close()

    def _write(self, text: str) -> None:
        try:
            self._channel.sendall(text.encode())
        except TimeoutError:
            # it was stopped, and may have half a line: when it goes on, it is without further reports
            with suppress(OSError):
                self._channel.shutdown(socket.SHUT_WR)
        except OSError:
            pass  # it has ended: the fault is undone already, or the guard was killed
