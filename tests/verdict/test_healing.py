"""Who put the image back."""

from dataclasses import replace
from typing import Any

import pytest

from chaosimagecorrupt.record.entry import Entry
from chaosimagecorrupt.timeline.chronicle import Chronicle, compact
from chaosimagecorrupt.timeline.timeline import Timeline
from chaosimagecorrupt.verdict import Facts, judge

from ..recorded import managed_fields
from ..timelines import BAD, ENTRY, STARTED, Scenario, healer, resilient, row
from .texts import UNEXERCISED, WELL


def test_who_healed_it_comes_from_managed_fields() -> None:
    chronicle = Chronicle(Timeline(STARTED))
    for at, found in enumerate(managed_fields()):
        chronicle.take(at, "Deployment", compact("Deployment", found))
    deployment = managed_fields()[1]
    bad = deployment["spec"]["template"]["spec"]["containers"][0]
    judgement = judge(chronicle.timeline.to_json(5), Facts("web", [Entry(bad["name"], "original", bad["image"])]))
    assert healer(judgement) == "my-operator" and row(judgement, "healed-by") == ("pass", "my-operator")


EARLY = "the fault was undone before the run's own restore, 60 s after the injection, "

TTLS = {
    "2026-11-22T15:01:10Z": EARLY + "when its ttl was over, by the guard or a sweep",
    "2026-11-22T15:05:10Z": EARLY + "by another run, by chaos image-corrupt, or by a guard that was stopped",
}


@pytest.mark.parametrize(("expires", "reason"), TTLS.items())
def test_a_fault_that_was_undone_before_the_run_did_is_inconclusive(expires: str, reason: str) -> None:
    entry = replace(ENTRY, expires=expires)
    found = resilient().judge(entries=[entry], restored_here=False)
    assert (found.verdict, found.reasons) == ("Inconclusive", [reason, WELL, UNEXERCISED])
    assert row(found, "healed-by") == ("violation", reason)
    assert found.recovery["healed_by"] == {"manager": "chaosimagecorrupt", "at": "2026-11-22T15:01:10Z"}


def test_what_this_run_put_back_was_healed_by_nobody() -> None:
    found = resilient().judge(restored_here=True)
    assert (found.verdict, found.recovery["healed_by"], row(found, "healed-by")) == (
        "Resilient",
        None,
        ("pass", "this run"),
    )


def test_what_an_operator_put_back_is_not_undone_early() -> None:
    scenario = Scenario().corrupted().restored(by="shop-operator").recovered().deployment(90, generation=4, record=None)
    assert scenario.judge(restored_here=False).verdict == "Resilient"


def test_an_owner_that_got_its_field_back_healed_nothing() -> None:
    ours: dict[str, Any] = {"writer:app": ["chaosimagecorrupt", "2026-11-22T15:00:10Z"]}
    owners: dict[str, Any] = {"writer:app": ["installer", "2026-11-20T09:00:00Z"]}
    scenario = Scenario().corrupted(**ours).restored(**owners).recovered()
    assert row(scenario.judge(), "healed-by") == ("not observed", "managedFields do not show who put the image back")
    assert row(scenario.judge(restored_here=True), "healed-by") == ("pass", "this run")


def test_of_two_containers_the_one_that_others_put_back_tells_who_healed() -> None:
    both = {"image:app": BAD, "image:b": BAD}
    ours, theirs = ["chaosimagecorrupt", None], ["shop-operator", None]
    scenario = Scenario(**{"image:b": "x"}).deployment(10, complete=False, record={"app": "1", "b": "2"}, **both)
    restored: dict[str, Any] = {"image:b": "x", "writer:app": ours, "writer:b": theirs}
    scenario.restored(70, **restored).recovered()
    found = scenario.judge(entries=[ENTRY, Entry("b", "x", BAD)])
    assert healer(found) == "shop-operator"
