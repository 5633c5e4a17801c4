"""Undoes one injection: puts the image back, emits the Events about it, and removes the traces."""

from collections.abc import Callable

from ..record.entry import Entry
from ..restore.clean_up import clean_up
from ..restore.events import guard_events
from ..restore.restore import Restoration, put_back
from ..workload.events import emit
from ..workload.target import Target, whoami
from .turns import Turns

__all__ = ["Undoing"]


class Undoing:
    """The attempts to undo one injection, and what each has to know of those before.

    Args:
        turns: held during each attempt, so that not all guards of a process send requests at the same time.
    """

    def __init__(self, turns: Turns) -> None:
        self._turns = turns
        self._known: list[Entry] = []  # what the clean-up has to know, once this guard has restored
        self._unreported: Restoration | None = None  # what this guard put back, until its Events are emitted
        self._why: str | None = None  # why it did, if not because of the expiry or a signal

    def restore(self, attempting: Callable[[], Target], entry: Entry, stop: str) -> str:
        """Try once to put the image back.

        Args:
            attempting: returns the Deployment; called when it is this guard's turn.
            entry: the injection.
            stop: how the stop condition was met; empty when it was not.

        Returns:
            The outcome, in words.

        Raises:
            ImageCorruptError: the image is not back.
        """
        with self._turns.to_restore():
            restoration = put_back(attempting(), injection_ids=[entry.id], remembered=[entry])
            restoration.check()
        self._known, self._unreported = restoration.known, restoration
        self._why = f"The stop condition was met: {stop}" if stop else None
        return restoration.outcome

    def clean_up(self, attempting: Callable[[], Target], entry: Entry) -> list[str]:
        """Try once to remove the traces of the fault.

        Args:
            attempting: returns the Deployment; called when it is this guard's turn.
            entry: the injection.

        Returns:
            A warning for each trace that stays.

        Raises:
            ImageCorruptError: traces may be left.
        """
        with self._turns.to_clean_up():
            target = attempting()
            if not self._known:  # whatever undid the fault may have left a part of the record
                self._unreported = put_back(target, injection_ids=[entry.id], remembered=[entry])
                self._known = self._unreported.known
            self.emit_events(target)
            return clean_up(target, self._known, clean_history=True)

    def emit_events(self, target: Target) -> None:
        """Emit the Events of what this guard put back, once, and when no other guard waits to restore."""
        restoration, self._unreported = self._unreported, None
        if restoration is not None and restoration.after is not None:
            emit(target, restoration.after, guard_events(restoration.outcomes, whoami(), self._why))
