"""The rights."""

from chaosimagecorrupt.preflight.rights import (
    OPERATOR_RIGHTS,
    PULL_CHECK_RIGHTS,
    RIGHTS,
    WORKLOAD_RIGHTS,
    rights_for,
)
from chaosimagecorrupt.workload.deployment import DEPLOYMENT
from chaosimagecorrupt.workload.statefulset import STATEFUL_SET

ALL = (*RIGHTS, *WORKLOAD_RIGHTS, *PULL_CHECK_RIGHTS, *OPERATOR_RIGHTS)


def test_a_right_is_listed_once_in_each_role() -> None:
    names = [(right.full_name, right.role) for right in ALL]
    assert len(names) == len(set(names))


def test_a_right_is_there_for_a_feature() -> None:
    assert all(right.features for right in ALL)


def test_an_experiment_with_a_stateful_set_needs_no_right_on_deployments_or_daemon_sets() -> None:
    assert rights_for(DEPLOYMENT) == RIGHTS
    found = {right.full_name: right.required for right in rights_for(STATEFUL_SET)}
    assert found["patch statefulsets.apps"] and found["list pods"] and not found["delete pods"]
    assert not {name for name in found if "deployments" in name or "replicasets" in name or "daemonsets" in name}
