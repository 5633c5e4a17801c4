"""The rights that are granted in addition."""

from chaosimagecorrupt.preflight.optional_rights import rights_for
from chaosimagecorrupt.preflight.rights import RIGHTS
from chaosimagecorrupt.workload.deployment import DEPLOYMENT
from chaosimagecorrupt.workload.statefulset import STATEFUL_SET


def test_an_experiment_with_a_stateful_set_needs_no_right_on_deployments_or_daemon_sets() -> None:
    assert rights_for(DEPLOYMENT) == RIGHTS
    found = {right.full_name: right.required for right in rights_for(STATEFUL_SET)}
    assert found["patch statefulsets.apps"] and found["list pods"] and not found["delete pods"]
    assert not {name for name in found if "deployments" in name or "replicasets" in name or "daemonsets" in name}
