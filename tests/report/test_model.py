"""What follows from the values of a report."""

from typing import Any

import pytest

from chaosimagecorrupt.kube.requests import FIELD_MANAGER
from chaosimagecorrupt.report.model import HealedBy, Recovery, Run, kinds_word
from chaosimagecorrupt.report.read import read_run
from tests.report.journals import STARTED, a_journal, a_row, a_target


def run_of(*targets: dict[str, Any], **changes: Any) -> Run:
    return read_run(a_journal(*targets, **changes))


@pytest.mark.parametrize(
    ("restored_at", "healed_by", "healer"),
    [
        (1.0, None, "the experiment"),
        (None, None, "nobody"),
        (None, HealedBy(FIELD_MANAGER, None), "its guard, a sweep or another run"),
        (None, HealedBy("my-operator", None), "my-operator"),
        (None, HealedBy("", None), "an unknown field manager"),
    ],
)
def test_the_healer_is_named(restored_at: float | None, healed_by: HealedBy | None, healer: str) -> None:
    assert Recovery(restored_at, None, None, healed_by, None).healer == healer


def test_a_target_is_called_by_its_component_when_no_other_has_the_same() -> None:
    run = run_of(a_target(None), a_target(None, deployment="api"), a_target(None, component="kserve"))
    assert [t.display_name for t in run.targets] == ["shop/web", "shop/api", "kserve"]


def test_another_kind_than_a_deployment_is_named_and_several_are_workloads() -> None:
    run = run_of(a_target(None), a_target(None, kind="StatefulSet"))
    assert [t.path for t in run.targets] == ["shop/web", "StatefulSet shop/web"]
    assert (kinds_word(run.targets), kinds_word(run.targets[1:])) == ("workloads", "StatefulSets")


def test_rows_are_grouped_by_section() -> None:
    rows = [a_row("a"), a_row("b", section="Recovery"), a_row("c")]
    (target,) = run_of(a_target(None, rubric=rows)).targets
    assert [(name, [r.row for r in found]) for name, found in target.sections] == [
        ("Expected", ["a", "c"]),
        ("Recovery", ["b"]),
    ]


def test_time_counts_from_the_first_injection_when_there_is_no_timeline() -> None:
    (target,) = run_of(a_target(None)).targets
    assert target.since_corrupted(STARTED + 5.0) == pytest.approx(0.8)
    assert target.since_corrupted(None) is None
