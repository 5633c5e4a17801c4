"""The results of the checks of the experiment's own hypothesis, and of a safeguard, in words for the verdict."""

from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["Checks", "FailedProbe", "Hypothesis", "Safeguard", "check_errors", "failed_checks_text"]


@dataclass(frozen=True)
class FailedProbe:
    """A probe of the hypothesis that was not within its tolerance, or that raised an error.

    Attributes:
        name: of the probe.
        why: what it answered and what was expected, or its error.
        raised: whether it raised an error, so that nothing is known of the steady state.
        unreachable: whether that error is that the API server could not be reached.
        at: when it was run, RFC 3339; None when that is not known.
    """

    name: str
    why: str
    raised: bool = False
    unreachable: bool = False
    at: str | None = None

    def __str__(self) -> str:
        return f"{self.name} {self.why}"


@dataclass(frozen=True)
class Checks:
    """The checks of the hypothesis in one phase of the experiment.

    Attributes:
        number: how many there were.
        unmet: in how many of them the steady state was not met.
        failed: the probes that failed, each once, with its first failure.
    """

    number: int
    unmet: int
    failed: Sequence[FailedProbe] = ()

    @property
    def deviations(self) -> list[FailedProbe]:
        """The probes that answered, but not within their tolerance."""
        return [p for p in self.failed if not p.raised]

    @property
    def errors(self) -> list[FailedProbe]:
        """The probes that raised an error."""
        return [p for p in self.failed if p.raised]


@dataclass(frozen=True)
class Hypothesis:
    """The checks of the hypothesis; None for a phase without any.

    Attributes:
        before: before the method.
        during: during the method, by the strategies `during-method-only` and `continuously`.
        after: after the method.
    """

    before: Checks | None = None
    during: Checks | None = None
    after: Checks | None = None


@dataclass(frozen=True)
class Safeguard:
    """A safeguard of chaostoolkit-addons that ended the run.

    Attributes:
        name: of its probe.
        measured: what the probe answered and what was expected, or its error.
        at: when, RFC 3339; None when that is not known.
    """

    name: str
    measured: str
    at: str | None = None

    def __str__(self) -> str:
        when = f" at {self.at}" if self.at else ""
        return f"the safeguard {self.name} ended the run{when}: it {self.measured}"


def failed_checks_text(checks: Checks, phase: str) -> str:
    """Say why the steady state was not met, or why it could not be checked.

    Args:
        checks: of which at least one failed.
        phase: when they were made, such as `before the fault`.
    """
    probes = "; ".join(map(str, checks.deviations))
    if checks.deviations or not checks.errors:
        often = f" in {checks.unmet} of {checks.number} checks" if checks.number > 1 else ""
        return f"the steady state was not met {phase}{often}" + (f": {probes}" if probes else "")
    errors = "; ".join(map(str, checks.errors))
    if all(p.unreachable for p in checks.errors):
        return f"the steady state {phase} could not be read, because the API server could not be reached: {errors}"
    return f"the steady state {phase} could not be checked: {errors}"


def check_errors(hypothesis: Hypothesis) -> list[str]:
    """Say which checks during and after the method could not be made, because a probe raised an error."""
    phases = ((hypothesis.during, "during the method"), (hypothesis.after, "after the method"))
    return [
        failed_checks_text(Checks(checks.number, checks.unmet, checks.errors), phase)
        for checks, phase in phases
        if checks is not None and checks.errors
    ]
