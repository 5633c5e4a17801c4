"""The fault of one injection, as the API's JSON of its workload shows it. Pure."""

from ..kube.types import Deployment
from ..record.annotations import read_record
from ..record.entry import Entry
from ..record.presence import in_place
from ..workload.stop_condition import why_stopped

__all__ = ["GuardedFault"]


class GuardedFault:
    """One fault, and what is known of its injection.

    Args:
        entry: the injection, as it was written before the patch was sent.

    Attributes:
        entry: the same, or as it is recorded once that was seen.
    """

    def __init__(self, entry: Entry) -> None:
        self.entry = entry

    def look(self, deployment: Deployment | None) -> tuple[bool, str]:
        """Return whether the fault is in place, and how its stop condition is met; empty when it is not.

        Args:
            deployment: the workload as it was read; None when it does not exist.
        """
        if deployment is None:
            return False, ""
        return self._in_place(deployment), why_stopped(self.entry.stop_below, deployment)

    def _in_place(self, deployment: Deployment) -> bool:
        """Return whether the workload has the injection's record, or its image without a record."""
        record, entry = read_record(deployment), self.entry
        recorded = next((e for e in record.values() if e.id == entry.id), None)
        if recorded is not None:
            # the orders were written before the patch was sent, so the record counts more
            self.entry = recorded if recorded.original else entry
            return True
        other = record.get(entry.container)
        return in_place(deployment, entry) and (other is None or not other.id)
