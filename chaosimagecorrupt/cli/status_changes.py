"""The changed rows that `status --watch` prints where there is no terminal, as `kubectl get --watch` does. Pure."""

from collections.abc import Sequence

from .kubectl_table import table_lines, widths_of
from .status_faults import FaultStatus
from .status_text import GONE, Layout

__all__ = ["ChangedRows"]


class ChangedRows:
    """Remembers what was printed, so that only what changed is printed again, in columns of the same width.

    Args:
        layout: which columns the rows have.
    """

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._printed: dict[tuple[str, str], tuple[FaultStatus, bool]] = {}
        self._widths: list[int] = []

    def update(self, faults: Sequence[FaultStatus], now: float) -> list[str]:
        """Return the lines to print: a row for each fault that is new, that changed, or that is gone.

        The titles are above the first row. That only time has passed is not a change, unless a ttl is over by now.

        Args:
            faults: all that there are.
            now: seconds since 1970.
        """
        current = {(fault.namespace, fault.argument): (fault, fault.is_expired(now)) for fault in faults}
        changed = [fault for key, (fault, _) in current.items() if self._printed.get(key) != current[key]]
        gone = [fault for key, (fault, _) in self._printed.items() if key not in current]
        self._printed = current
        rows = [*self._layout.rows(changed, now), *self._gone_rows(gone, now)]
        return self._lines(rows) if rows else []

    def _lines(self, rows: Sequence[Sequence[str]]) -> list[str]:
        titles = self._layout.titles
        above = [] if self._widths else [titles]
        before = self._widths or [0] * len(titles)
        self._widths = [max(pair) for pair in zip(widths_of(titles, rows), before, strict=True)]
        return table_lines([*above, *rows], self._widths)

    def _gone_rows(self, gone: Sequence[FaultStatus], now: float) -> list[list[str]]:
        rows = self._layout.rows(gone, now)
        for row in rows:
            row[self._layout.titles.index("EXPIRES IN")] = GONE
        return rows
