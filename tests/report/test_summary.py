"""The table that compares Deployments, and the order of a report."""

from typing import Any

from chaosimagecorrupt.report.model import Run
from chaosimagecorrupt.report.read import read_run
from chaosimagecorrupt.report.summary import summary, summary_of, worst_first
from tests.report.journals import a_journal, a_target


def target(name: str, verdict: str, seconds: float | None = 1.0, **changes: Any) -> dict[str, Any]:
    recovery = {"seconds": seconds, "restored_at": None}
    return a_target(None, deployment=name, component=None, verdict=verdict, recovery=recovery, **changes)


def run_of(*targets: dict[str, Any], **changes: Any) -> Run:
    return read_run(a_journal(*targets, **changes))


FLEET = (
    target("fast", "Resilient", 1.0),
    target("slow", "Resilient", 9.0),
    target("lost", "Failed", None),
    target("late", "Failed", 200.0),
    target("unknown", "Inconclusive"),
)


def test_the_worst_verdict_comes_first_then_the_slowest_recovery() -> None:
    (run,) = worst_first([run_of(*FLEET)])
    assert [t.deployment for t in run.targets] == ["lost", "late", "unknown", "slow", "fast"]


def test_runs_are_sorted_in_the_same_way() -> None:
    runs = worst_first([run_of(t, title=t["deployment"]) for t in FLEET])
    assert [run.title for run in runs] == ["lost", "late", "unknown", "slow", "fast"]


def test_the_rows_lead_to_their_runs_and_targets() -> None:
    rows = summary(worst_first([run_of(FLEET[0]), run_of(*FLEET[1:4])]))
    assert [(r.run, r.target, r.component, r.verdict) for r in rows] == [
        (1, 1, "shop/lost", "Failed"),
        (1, 2, "shop/late", "Failed"),
        (1, 3, "shop/slow", "Resilient"),
        (2, 1, "shop/fast", "Resilient"),
    ]


def test_a_run_without_a_target_has_a_row() -> None:
    (row,) = summary([run_of(targets=[])])
    assert (row.run, row.target, row.component, row.seconds) == (1, 0, "", None)
    assert row.headline == "the operator said nothing"


def test_of_several_clusters_each_is_named() -> None:
    run = run_of(target("web", "Resilient", cluster="https://here:6443"))
    assert [r.component for r in summary_of(run, 1, several=True)] == ["shop/web on https://here:6443"]
    assert [r.component for r in summary_of(run, 1)] == ["shop/web"]
