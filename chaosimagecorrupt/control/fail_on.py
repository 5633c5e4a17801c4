"""The argument `fail_on`: which verdicts make a run fail."""

from collections.abc import Collection

from chaoslib.exceptions import InvalidActivity

from ..errors import one_line
from ..verdict import VERDICTS, Verdict

__all__ = ["DEFAULT_FAIL_ON", "check_fail_on", "fails"]

DEFAULT_FAIL_ON = (Verdict.FAILED, Verdict.INCONCLUSIVE)


def check_fail_on(fail_on: object) -> None:
    """Refuse anything that is not a list of verdicts.

    Args:
        fail_on: the control's argument: a list of verdicts, which may be empty, or None for the default.

    Raises:
        InvalidActivity: it is something else.
    """
    if fail_on is None:
        return
    if not isinstance(fail_on, list) or any(v not in VERDICTS for v in fail_on):
        raise InvalidActivity(
            f"image-corrupt: fail_on must be a list of {', '.join(VERDICTS)}, not {one_line(fail_on)}"
        )


def fails(verdict: str, fail_on: Collection[str] | None) -> bool:
    """Return whether a verdict makes the run fail."""
    return verdict in (DEFAULT_FAIL_ON if fail_on is None else fail_on)
