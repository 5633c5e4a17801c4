"""What a restore returns, logs and warns of."""

import pytest

from chaosimagecorrupt.errors import Refused
from chaosimagecorrupt.record.entry import Entry
from chaosimagecorrupt.record.snapshot import Snapshot
from chaosimagecorrupt.restore.decide import RestorePlan
from chaosimagecorrupt.restore.outcome import Outcome, RestoreOutcome
from chaosimagecorrupt.restore.result import (
    container_result,
    container_warnings,
    log_line,
    not_restored,
    nothing_to_restore,
    preview_of,
    record_warnings,
    result_of,
)
from chaosimagecorrupt.workload.target import Target

from ..in_process_client import InProcessClient, web_place
from ..manifests import NOW, a_deployment

V1, BAD = "localhost/app:v1", "registry.invalid/x:1"
ENTRY = Entry("app", V1, BAD, "id1", original_deadline=600, deadline=60)


def outcome(kind: RestoreOutcome, found: str | None = BAD, by: str | None = None) -> Outcome:
    return Outcome("app", kind, ENTRY, found, by, "2026-11-22T15:00:00Z" if by else None)


@pytest.fixture(scope="module")
def target() -> Target:
    return Target("web", "shop", InProcessClient(web_place(), "p"))


def test_the_result_has_the_time_and_one_entry_for_each_container(target: Target) -> None:
    result = result_of(target, [outcome(RestoreOutcome.RESTORED)], ["careful"], NOW)
    assert {k: v for k, v in result.items() if k != "containers"} == {
        "restored": NOW,
        "namespace": "shop",
        "deployment": "web",
        "outcome": "restored",
        "warnings": ["careful"],
    }
    assert result["containers"] == [container_result(outcome(RestoreOutcome.RESTORED))]


def test_the_outcome_of_a_deployment_is_the_first_that_occurs(target: Target) -> None:
    order = [RestoreOutcome.RESTORED, RestoreOutcome.HEALED, RestoreOutcome.SUPERSEDED, RestoreOutcome.CONTAINER_GONE]
    for n, first in enumerate(order):
        assert result_of(target, [outcome(o) for o in reversed(order[n:])], [], NOW)["outcome"] == first
    assert nothing_to_restore(target, NOW)["outcome"] == "nothing-to-restore"


def test_a_container_has_what_the_journal_keeps() -> None:
    assert container_result(outcome(RestoreOutcome.SUPERSEDED, "localhost/app:v2", "ci")) == {
        "container": "app",
        "outcome": "superseded",
        "id": "id1",
        "original_image": V1,
        "corrupt_image": BAD,
        "found_image": "localhost/app:v2",
        "by": "ci",
        "at": "2026-11-22T15:00:00Z",
    }


def test_a_preview_has_no_time_and_says_that_it_is_one(target: Target) -> None:
    result = nothing_to_restore(target, NOW)
    assert preview_of(result) == {**{k: v for k, v in result.items() if k != "restored"}, "dry_run": True}


def test_one_that_failed_has_its_error_on_one_line(target: Target) -> None:
    assert not_restored(target, Refused("no\nway\x1b")) == {
        "namespace": "shop",
        "deployment": "web",
        "outcome": "failed",
        "error": "no\\nway\\x1b",
    }


@pytest.mark.parametrize(
    ("kind", "line"),
    [
        (RestoreOutcome.RESTORED, f"restored app to {V1}"),
        (RestoreOutcome.HEALED, f"app was put back to {V1} already by ci at 2026-11-22T15:00:00Z; removed the record"),
        (
            RestoreOutcome.SUPERSEDED,
            f"app got {BAD} meanwhile by ci at 2026-11-22T15:00:00Z, which stays; removed the record",
        ),
        (RestoreOutcome.CONTAINER_GONE, "container app is not in the template any longer; removed the record"),
    ],
)
def test_the_log_says_what_became_of_a_container(kind: RestoreOutcome, line: str) -> None:
    assert log_line(outcome(kind, by="ci")) == line


def test_a_restored_image_that_a_webhook_replaced_is_a_warning() -> None:
    done = [outcome(RestoreOutcome.RESTORED)]
    assert container_warnings(a_deployment(containers={"app": V1}), done) == []
    [warning] = container_warnings(a_deployment(containers={"app": "mirror.corp/app:v1"}), done)
    assert warning == (f"container app has 'mirror.corp/app:v1': an admission webhook has replaced the original '{V1}'")


def test_the_corrupt_image_that_another_client_has_set_since_is_a_warning() -> None:
    after = a_deployment(containers={"app": BAD})
    assert container_warnings(after, [outcome(RestoreOutcome.SUPERSEDED, "localhost/app:v2", "ci")]) == []
    [warning] = container_warnings(after, [outcome(RestoreOutcome.SUPERSEDED, by="ci")])
    assert f"'{BAD}', and keeps it, because ci has set it since; the original image is '{V1}'" in warning


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (RestoreOutcome.RESTORED, f"the original image '{V1}' was taken from this run's memory or the rollout history"),
        (RestoreOutcome.HEALED, "not the progress deadline of the fault: put back from 60 s to 600 s"),
    ],
)
def test_a_removed_record_is_a_warning_with_what_was_put_back(kind: RestoreOutcome, text: str) -> None:
    snapshot = Snapshot(a_deployment())
    [warning] = record_warnings(RestorePlan(snapshot, None, [outcome(kind)], unrecorded=[ENTRY]))
    assert warning.startswith("the record of container app was removed, ") and text in warning
    assert record_warnings(RestorePlan(snapshot, None, [outcome(kind)])) == []


def test_a_record_of_operator_chaos_is_a_warning_that_says_whose_it_is() -> None:
    theirs = Outcome("app", RestoreOutcome.RESTORED, Entry("app", V1), BAD)
    assert record_warnings(RestorePlan(Snapshot(a_deployment()), None, [theirs])) == [
        "the fault in container app is one of operator-chaos, which may still run"
    ]
