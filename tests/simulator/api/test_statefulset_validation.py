"""What the API refuses of StatefulSets, and what it fills in."""

from typing import Any

import pytest

from ..calls import MERGE, PureCalls
from .workloads import CLAIM, STATEFUL_SETS, stateful_set

DB = f"{STATEFUL_SETS}/db"


def test_the_defaults_are_those_of_the_recorded_cluster(calls: PureCalls) -> None:
    spec = calls("POST", STATEFUL_SETS, stateful_set()).body["spec"]
    del spec["selector"], spec["template"], spec["serviceName"]
    assert spec == {
        "replicas": 1,
        "podManagementPolicy": "OrderedReady",
        "updateStrategy": {"type": "RollingUpdate", "rollingUpdate": {"partition": 0}},
        "revisionHistoryLimit": 10,
        "persistentVolumeClaimRetentionPolicy": {"whenDeleted": "Retain", "whenScaled": "Retain"},
    }


def test_max_unavailable_is_dropped_as_its_feature_gate_is_off(calls: PureCalls) -> None:
    strategy = {"rollingUpdate": {"maxUnavailable": 2, "partition": 1}}
    spec = calls("POST", STATEFUL_SETS, stateful_set(updateStrategy=strategy)).body["spec"]
    assert spec["updateStrategy"] == {"type": "RollingUpdate", "rollingUpdate": {"partition": 1}}


@pytest.mark.parametrize(
    ("spec", "field", "message"),
    [
        ({"replicas": -1}, "spec.replicas", "must be greater than or equal to 0"),
        ({"podManagementPolicy": "Random"}, "spec.podManagementPolicy", "must be 'OrderedReady' or 'Parallel'"),
        ({"updateStrategy": {"type": "Recreate"}}, "spec.updateStrategy", "must be 'RollingUpdate' or 'OnDelete'"),
        (
            {"updateStrategy": {"type": "OnDelete", "rollingUpdate": {"partition": 1}}},
            "spec.updateStrategy.rollingUpdate",
            "only allowed for updateStrategy 'RollingUpdate'",
        ),
        (
            {"updateStrategy": {"rollingUpdate": {"partition": -1}}},
            "spec.updateStrategy.rollingUpdate.partition",
            "must be greater than or equal to 0",
        ),
        ({"ordinals": {"start": -1}}, "spec.ordinals.start", "must be greater than or equal to 0"),
        ({"selector": {}}, "spec.selector", "Required value"),
    ],
)
def test_what_is_invalid_is_refused(calls: PureCalls, spec: dict[str, Any], field: str, message: str) -> None:
    answer = calls("POST", STATEFUL_SETS, stateful_set(**spec))
    assert (answer.status, field in answer.fields, message in answer.message) == (422, True, True)


def test_most_of_the_spec_is_immutable(calls: PureCalls) -> None:
    calls("POST", STATEFUL_SETS, stateful_set(volumeClaimTemplates=[CLAIM]))
    answer = calls("PATCH", DB, {"spec": {"podManagementPolicy": "Parallel"}}, MERGE)
    assert answer.status == 422
    assert answer.message == (
        'StatefulSet.apps "db" is invalid: spec: Forbidden: updates to statefulset spec for fields other than '
        "'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', "
        "'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden"
    )
    mutable = {"replicas": 2, "minReadySeconds": 1, "updateStrategy": {"rollingUpdate": {"partition": 1}}}
    assert calls("PATCH", DB, {"spec": mutable}, MERGE).status == 200


def test_claims_that_go_with_their_owner_are_not_simulated(calls: PureCalls) -> None:
    policy = {"whenDeleted": "Delete"}
    answer = calls("POST", STATEFUL_SETS, stateful_set(persistentVolumeClaimRetentionPolicy=policy))
    assert (answer.status, "this is the simulator" in answer.message) == (501, True)
    calls("POST", STATEFUL_SETS, stateful_set())
    assert calls("PATCH", DB, {"spec": {"persistentVolumeClaimRetentionPolicy": policy}}, MERGE).status == 501
