"""What the API refuses of DaemonSets and ControllerRevisions, and what it fills in."""

from typing import Any

import pytest

from ..calls import MERGE, PureCalls
from .workloads import DAEMON_SETS, REVISIONS, daemon_set

LOG = f"{DAEMON_SETS}/log"


def test_the_defaults_are_those_of_the_recorded_cluster(calls: PureCalls) -> None:
    made = calls("POST", DAEMON_SETS, daemon_set()).body
    rolling = {"maxUnavailable": 1, "maxSurge": 0}
    assert made["spec"]["updateStrategy"] == {"type": "RollingUpdate", "rollingUpdate": rolling}
    assert made["spec"]["revisionHistoryLimit"] == 10
    assert made["status"] == {
        "currentNumberScheduled": 0, "numberMisscheduled": 0, "desiredNumberScheduled": 0, "numberReady": 0,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("strategy", "field", "message"),
    [
        ({"type": "Recreate"}, "spec.updateStrategy.type", 'supported values: "OnDelete", "RollingUpdate"'),
        (
            {"rollingUpdate": {"maxUnavailable": 0}},
            "spec.updateStrategy.rollingUpdate.maxUnavailable",
            "cannot be 0 when maxSurge is 0",
        ),
        (
            {"rollingUpdate": {"maxSurge": "50%"}},
            "spec.updateStrategy.rollingUpdate.maxSurge",
            "may not be set when maxUnavailable is non-zero",
        ),
        (
            {"rollingUpdate": {"maxUnavailable": "half"}},
            "spec.updateStrategy.rollingUpdate.maxUnavailable",
            "a valid percent string",
        ),
    ],
)
def test_what_is_invalid_is_refused(calls: PureCalls, strategy: dict[str, Any], field: str, message: str) -> None:
    answer = calls("POST", DAEMON_SETS, daemon_set(updateStrategy=strategy))
    assert (answer.status, field in answer.fields, message in answer.message) == (422, True, True)


def test_the_selector_is_immutable(calls: PureCalls) -> None:
    calls("POST", DAEMON_SETS, daemon_set())
    labels = {"app": "log", "more": "yes"}
    change = {"spec": {"selector": {"matchLabels": labels}, "template": {"metadata": {"labels": labels}}}}
    answer = calls("PATCH", LOG, change, MERGE)
    assert (answer.status, "field is immutable" in answer.message) == (422, True)


def test_the_data_of_a_controller_revision_is_immutable_and_its_number_is_not(calls: PureCalls) -> None:
    assert calls("POST", REVISIONS, {"metadata": {"name": "a"}, "revision": 1}).fields == ["data"]
    assert calls("POST", REVISIONS, {"metadata": {"name": "a"}, "data": {"b": 1}, "revision": -1}).status == 422
    calls("POST", REVISIONS, {"metadata": {"name": "a"}, "data": {"b": 1}, "revision": 1})
    assert calls("PATCH", f"{REVISIONS}/a", {"revision": 2}, MERGE).status == 200
    answer = calls("PATCH", f"{REVISIONS}/a", {"data": {"b": 2}}, MERGE)
    assert (answer.status, answer.fields) == (422, ["data"])
