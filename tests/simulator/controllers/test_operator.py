"""What the simulated operators do and report."""

import pytest

from chaosimagecorrupt.simulator.controllers.operator import PREFIX
from chaosimagecorrupt.simulator.kinds import Resource
from chaosimagecorrupt.simulator.types import Object

from ..controller_cluster import BAD, BETTER, DEPLOYMENTS, GOOD, NS, ControllerCluster, deployment

THINGS = "things.example.com"


@pytest.fixture
def cluster() -> ControllerCluster:
    cluster = ControllerCluster()
    schema = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
    cluster.store.kinds.add(
        Resource("example.com", "v1", "Thing", "things", generation="all-but-status", schema=schema)
    )
    cluster.create(deployment())
    return cluster


def operate(cluster: ControllerCluster, behaviour: str, **settings: str) -> None:
    given = {"behaviour": behaviour, "watches": f"{NS}/web=WebReady", "delay": "3", **settings}
    annotations = {f"{PREFIX}{name}": value for name, value in given.items()}
    cluster.create({"metadata": {"name": "mine", "namespace": NS, "annotations": annotations}}, THINGS)


def condition(cluster: ControllerCluster, type_: str = "WebReady") -> Object:
    conditions = cluster.client.get(THINGS, NS, "mine").get("status", {}).get("conditions", ())
    return next((dict(each) for each in conditions if each["type"] == type_), {})


def writes(cluster: ControllerCluster) -> int:
    return sum(change.resource == THINGS for change in cluster.changes)


def test_an_operator_reports_a_rollout_that_is_stuck(cluster: ControllerCluster) -> None:
    operate(cluster, "reports")
    assert condition(cluster)["status"] == "True"
    cluster.set_image(BAD, seconds=2.5)
    assert condition(cluster)["status"] == "True"
    cluster.clock.advance(2)
    assert (condition(cluster)["status"], condition(cluster)["reason"]) == ("False", "DeploymentNotReady")
    assert condition(cluster)["message"].startswith(f"deployment {NS}/web is not rolled out: 1 of 2 replicas updated")
    cluster.set_image(GOOD)
    assert condition(cluster)["status"] == "True"


def test_a_rollout_that_completes_in_time_is_not_reported(cluster: ControllerCluster) -> None:
    operate(cluster, "reports", delay="10")
    cluster.set_image(BETTER, seconds=20)
    assert not cluster.history_of(THINGS, lambda obj: "False" in str(obj.get("status")))[-1]
    assert len(cluster.history_of(THINGS, lambda obj: "False" in str(obj.get("status")))) == 1


def test_a_deployment_that_is_gone_is_reported(cluster: ControllerCluster) -> None:
    operate(cluster, "reports")
    cluster.delete(DEPLOYMENTS, "web")
    assert condition(cluster)["message"] == f"deployment {NS}/web not found"


def test_a_silent_operator_changes_nothing(cluster: ControllerCluster) -> None:
    operate(cluster, "silent")
    before = writes(cluster)
    cluster.set_image(BAD, seconds=60)
    assert (writes(cluster), condition(cluster)) == (before, {})


def test_an_operator_may_claim_health_and_renew_the_claim(cluster: ControllerCluster) -> None:
    operate(cluster, "claims-health")
    before = condition(cluster)
    cluster.set_image(BAD, seconds=30)
    after = condition(cluster)
    assert after["status"] == "True" and after["lastHeartbeatTime"] > before["lastHeartbeatTime"]
    assert after["lastTransitionTime"] == before["lastTransitionTime"]


def test_an_operator_heals_with_its_own_name(cluster: ControllerCluster) -> None:
    operate(cluster, "heals", manager="my-operator")
    cluster.set_image(BAD, seconds=2)
    assert GOOD not in str(cluster.deployment()["spec"])
    cluster.clock.advance(3)
    assert GOOD in str(cluster.deployment()["spec"])
    assert "my-operator" in [entry["manager"] for entry in cluster.deployment()["metadata"]["managedFields"]]
    cluster.clock.advance(2)
    assert condition(cluster)["status"] == "True"


def test_healing_leaves_the_rest_of_the_spec_alone(cluster: ControllerCluster) -> None:
    operate(cluster, "heals")
    cluster.set(replicas=3)
    cluster.set_image(BAD, seconds=10)
    assert (cluster.deployment()["spec"]["replicas"], GOOD in str(cluster.deployment()["spec"])) == (3, True)


def test_an_operator_fights_every_change_at_once(cluster: ControllerCluster) -> None:
    operate(cluster, "fights")
    for replicas in (5, 7):
        cluster.set(replicas=replicas, seconds=0.2)
        assert cluster.deployment()["spec"]["replicas"] == 2
    cluster.set_image(BAD, seconds=0.2)
    assert GOOD in str(cluster.deployment()["spec"])
    assert cluster.deployment()["metadata"]["generation"] == 7


def test_the_behaviour_may_be_changed_at_any_time(cluster: ControllerCluster) -> None:
    operate(cluster, "silent")
    cluster.set_image(BAD, seconds=10)
    annotations = {f"{PREFIX}behaviour": "reports", f"{PREFIX}watches": f"{NS}/web=WebReady"}
    cluster.client.patch(THINGS, NS, "mine", lambda obj: with_annotations(obj, annotations))
    cluster.clock.advance(5)
    assert condition(cluster)["status"] == "False"


def with_annotations(obj: Object, annotations: dict[str, str]) -> Object:
    return {**obj, "metadata": {**obj["metadata"], "annotations": annotations}}


def test_a_summary_is_true_when_all_is_well(cluster: ControllerCluster) -> None:
    cluster.create(deployment("other"))
    operate(cluster, "reports", watches=f"{NS}/web=WebReady, {NS}/other=OtherReady", summary="Ready")
    assert condition(cluster, "Ready")["status"] == "True"
    cluster.set_image(BAD, "other", seconds=10)
    statuses = [condition(cluster, each)["status"] for each in ("WebReady", "OtherReady", "Ready")]
    assert statuses == ["True", "False", "False"]


def test_conditions_that_are_not_the_operator_s_stay(cluster: ControllerCluster) -> None:
    operate(cluster, "reports")
    theirs = {"type": "Theirs", "status": "Unknown"}
    cluster.client.patch_status(THINGS, NS, "mine", lambda obj: {**obj, "status": {"conditions": [theirs]}})
    cluster.set_image(BAD, seconds=10)
    assert condition(cluster, "Theirs") == theirs


def test_what_an_operator_watches_is_read_leniently(cluster: ControllerCluster) -> None:
    operate(cluster, "reports", watches=f"nonsense, {NS}/web=WebReady,, a=b")
    assert condition(cluster)["status"] == "True"


def test_an_operator_that_is_gone_does_nothing_any_more(cluster: ControllerCluster) -> None:
    operate(cluster, "fights")
    cluster.delete(THINGS, "mine")
    cluster.set(replicas=5)
    assert cluster.deployment()["spec"]["replicas"] == 5


def test_a_condition_may_follow_whether_the_deployment_is_available(cluster: ControllerCluster) -> None:
    operate(cluster, "reports", watches=f"{NS}/web=WebReady:available")
    cluster.set_image(BAD, seconds=60)
    assert condition(cluster)["status"] == "True"
    cluster.set(strategy={"type": "Recreate"}, seconds=60)
    assert condition(cluster)["status"] == "False"


def test_of_one_deployment_two_conditions_may_tell(cluster: ControllerCluster) -> None:
    operate(cluster, "reports", watches=f"{NS}/web=WebReady:available, {NS}/web=WebProgressing:progressing")
    assert [condition(cluster, each)["status"] for each in ("WebReady", "WebProgressing")] == ["True", "False"]
    cluster.set_image(BAD, seconds=10)
    assert [condition(cluster, each)["status"] for each in ("WebReady", "WebProgressing")] == ["True", "True"]


def test_the_reason_of_a_problem_may_be_chosen(cluster: ControllerCluster) -> None:
    operate(cluster, "reports", reason="DeploymentsNotReady")
    cluster.set_image(BAD, seconds=10)
    assert (condition(cluster)["status"], condition(cluster)["reason"]) == ("False", "DeploymentsNotReady")
