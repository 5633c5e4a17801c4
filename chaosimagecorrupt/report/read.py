"""From a journal to what a report shows."""

from collections.abc import Iterable

from ..errors import one_line
from ..verdict import JOURNAL_KEY, Evidence, Result, Row, Verdict
from ..workload.deployment import DEPLOYMENT
from .activities import read_activities
from .headline import headline_of
from .journal import Journal, Part
from .model import CorruptedContainer, HealedBy, JudgedTarget, ProgressDeadline, Recovery, Run, RunRecovery
from .obstacle import Moments, find_obstacle, first_pull_error
from .read_chart import read_chart
from .read_timeline import read_changes

__all__ = ["read_run", "read_targets"]


def read_run(journal: Journal) -> Run:
    """Read a journal for a report.

    Args:
        journal: the journal.

    Raises:
        Refused: when the journal is damaged; the message names the place.
    """
    top = Part(journal.source, "", journal.content)
    experiment, found = top.part("experiment"), top.part(JOURNAL_KEY)
    of_all = found.part("recovery")
    return Run(
        source=one_line(journal.source),
        title=experiment.text("title") or "An experiment without a title",
        description=experiment.text("description"),
        status=top.text("status"),
        deviated=bool(top.flag("deviated")),
        start=top.time("start"),
        end=top.time("end"),
        chaoslib=top.text("chaoslib-version"),
        verdict=found.one_of("verdict", Verdict),
        reasons=tuple(found.texts("reasons")),
        problems=tuple(found.texts("problems")),
        recovery=RunRecovery(of_all.number("worst"), of_all.number("median")),
        targets=read_targets(found),
        activities=read_activities(top),
    )


def read_targets(section: Part) -> tuple[JudgedTarget, ...]:
    """Read what a verdict is about.

    Args:
        section: what the control has written into the journal.

    Raises:
        Refused: when it is damaged; the message names the place.
    """
    targets = section.parts("targets")
    return tuple(_target(t, alone=_alone(t, targets)) for t in targets)


def _alone(part: Part, targets: list[Part]) -> bool:
    return [t.optional_text("component") for t in targets].count(part.optional_text("component")) == 1


def _target(part: Part, *, alone: bool) -> JudgedTarget:
    serving, timeline = part.part("serving"), part.part("timeline")
    changes, marks = read_changes(timeline), timeline.part("marks")
    verdict, reasons = part.one_of("verdict", Verdict), tuple(part.texts("reasons"))
    rubric = tuple(_row(r) for r in part.parts("rubric"))
    moments = Moments(*(marks.number(key) for key in ("corrupted", "bit", "restored", "recovered")))
    obstacle = find_obstacle(changes, moments, slow=_is_slow(rubric))
    headline = headline_of(verdict, reasons, rubric, obstacle)
    return JudgedTarget(
        alone=alone,
        cluster=part.optional_text("cluster"),
        namespace=part.text("namespace"),
        deployment=part.text("deployment"),
        component=part.optional_text("component"),
        danger=part.optional_text("danger"),
        containers=tuple(_container(c) for c in part.parts("containers")),
        progress_deadline=_progress_deadline(part),
        verdict=verdict,
        reasons=reasons,
        rubric=rubric,
        recovery=_recovery(part.part("recovery")),
        replicas=serving.count("replicas"),
        fewest=serving.count("fewest"),
        chart=read_chart(part, changes),
        headline=headline.text,
        details=headline.details,
        obstacle=str(obstacle) if obstacle is not None else "",
        pull_error=first_pull_error(changes, moments.corrupted),
        kind=part.optional_text("kind") or DEPLOYMENT.name,
    )


def _is_slow(rubric: Iterable[Row]) -> bool:
    return any(r.row == "recovery-time" and r.result is Result.VIOLATION for r in rubric)


def _container(part: Part) -> CorruptedContainer:
    return CorruptedContainer(
        container=part.text("container"),
        id=part.text("id"),
        original_image=part.text("original_image", exact=True),
        corrupt_image=part.text("corrupt_image", exact=True),
        injected=part.time("injected"),
        expires=part.time("expires"),
        by=part.text("by"),
    )


def _progress_deadline(part: Part) -> ProgressDeadline | None:
    found = part.part("progress_deadline")
    return ProgressDeadline(found.number("original"), found.number("set")) if found.value else None


def _row(part: Part) -> Row:
    return Row(
        section=part.text("section"),
        row=part.text("row"),
        title=part.text("title"),
        result=part.one_of("result", Result),
        why=part.text("why"),
        evidence=tuple(_evidence(e) for e in part.parts("evidence")),
        advice=part.optional_text("advice"),
    )


def _evidence(part: Part) -> Evidence:
    return Evidence(part.text("object"), part.text("what"), part.time_text("at"))


def _recovery(part: Part) -> Recovery:
    healed = part.part("healed_by")
    return Recovery(
        restored_at=part.time("restored_at"),
        recovered_at=part.time("recovered_at"),
        seconds=part.number("seconds"),
        healed_by=HealedBy(healed.text("manager"), healed.time("at")) if healed.value else None,
        reconcile_cycles=part.count("reconcile_cycles"),
    )
