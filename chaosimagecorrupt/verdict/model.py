"""What a verdict is taken on besides the timeline, and what a rubric is made of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..record.entry import Entry
from ..timeline.operator import Operator

__all__ = ["Evidence", "Facts", "Row"]


@dataclass(frozen=True)
class Facts:
    """What a verdict is taken on besides the timeline.

    Attributes:
        name: of the Deployment.
        entries: what was injected into it; none when nothing was.
        steady: whether the steady state was met before the method; None when nobody looked.
        restored_here: whether this run put the image back, or removed the record when somebody else had; None when that
            is not known.
        restored_on_server: when the image was put back by the API server's clock, RFC 3339; None when not known.
        interrupted: whether the run was ended before its method was.
        bitten_at: when an activity saw that the image cannot be pulled, seconds since 1970; None when none did.
        operator: whose report is expected; None when none is named.
        webhooks: the admission webhooks that the Deployment's pods serve; None when that is not known.
        webhooks_unknown: why it is not known.
    """

    name: str
    entries: Sequence[Entry] = ()
    steady: bool | None = None
    restored_here: bool | None = None
    restored_on_server: str | None = None
    interrupted: bool = False
    bitten_at: float | None = None
    operator: Operator | None = None
    webhooks: Sequence[Mapping[str, Any]] | None = None
    webhooks_unknown: str = "nobody looked"


@dataclass(frozen=True)
class Evidence:
    """Something that was seen.

    Attributes:
        object: kind and name.
        what: what it showed.
        at: RFC 3339: by the API server's clock where the object has such a time, else when it was seen.
    """

    object: str
    what: str
    at: str | None

    def to_json(self) -> dict[str, Any]:
        """Return it as the journal keeps it."""
        return {"object": self.object, "what": self.what, "at": self.at}


@dataclass(frozen=True)
class Row:
    """One row of the rubric.

    Attributes:
        section: Expected, Violations, Collateral or Recovery.
        row: its key.
        title: what is promised.
        result: `pass`, `violation` or `not observed`.
        why: in one sentence.
        evidence: what was seen.
    """

    section: str
    row: str
    title: str
    result: str
    why: str
    evidence: Sequence[Evidence] = field(default_factory=tuple)

    def to_json(self) -> dict[str, Any]:
        """Return it as the journal keeps it."""
        return {
            "section": self.section,
            "row": self.row,
            "title": self.title,
            "result": self.result,
            "why": self.why,
            "evidence": [e.to_json() for e in self.evidence],
        }
