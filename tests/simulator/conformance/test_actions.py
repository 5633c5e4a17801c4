"""What users did, as a recording shows it."""

from chaosimagecorrupt.simulator.conformance.actions import actions

from ..controller_cluster import (
    BAD,
    BETTER,
    DEPLOYMENTS,
    GOOD,
    PODS,
    ControllerCluster,
)
from .recorded import record, restored


def test_what_users_did_is_read_from_the_differences() -> None:
    def steps(cluster: ControllerCluster) -> None:
        cluster.set_image(BAD)
        cluster.change(lambda obj: obj["metadata"].setdefault("annotations", {}).update({"a": "b"}))
        cluster.delete(PODS, cluster.pods(GOOD)[0]["metadata"]["name"])
        cluster.delete(DEPLOYMENTS, "web")

    found = actions(record(steps))
    assert [(each.verb, each.object["kind"]) for each in found] == [
        ("create", "Deployment"),
        ("change", "Deployment"),
        ("change", "Deployment"),
        ("delete", "Pod"),
        ("delete", "Deployment"),
    ]


def test_what_controllers_delete_is_not_a_user_s_doing() -> None:
    def steps(cluster: ControllerCluster) -> None:
        cluster.set_image(BETTER)
        cluster.set_image(BAD, seconds=20)
        cluster.set(replicas=1)
        restored(cluster)

    verbs = {each.verb for each in actions(record(steps, revisionHistoryLimit=0))}
    assert verbs == {"create", "change"}
