"""What users did, as a recording shows it."""

from chaosimagecorrupt.simulator.conformance.actions import actions

from ..controller_cluster import (
    BAD,
    BETTER,
    DAEMON_SETS,
    DEPLOYMENTS,
    GOOD,
    PODS,
    REVISIONS,
    STATEFUL_SETS,
    ControllerCluster,
    daemon_set,
    stateful_set,
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


def test_the_pods_that_a_user_deletes_of_a_stateful_set_are_told_from_those_of_a_rollout() -> None:
    def steps(cluster: ControllerCluster) -> None:
        cluster.set_image(BAD, resource=STATEFUL_SETS, seconds=20)
        cluster.set_image(GOOD, resource=STATEFUL_SETS, seconds=20)
        cluster.delete(PODS, "web-2", seconds=10)
        cluster.change(lambda obj: obj["spec"].update(replicas=1), resource=STATEFUL_SETS, seconds=10)
        [corrupt] = [each for each in cluster.store.list(REVISIONS) if each["revision"] == 2]
        cluster.delete(REVISIONS, corrupt["metadata"]["name"])
        cluster.delete(STATEFUL_SETS, "web")

    found = actions(record(steps, workload=stateful_set(), resource=STATEFUL_SETS))
    assert [(each.verb, each.object["metadata"]["name"]) for each in found[:-2]] == [
        ("create", "web"),
        ("change", "web"),
        ("change", "web"),
        ("delete", "web-2"),
        ("change", "web"),
    ]
    assert [(each.verb, each.object["kind"]) for each in found[-2:]] == [
        ("delete", "ControllerRevision"),
        ("delete", "StatefulSet"),
    ]


def test_history_beyond_the_limit_and_the_pods_of_a_daemon_set_are_deleted_by_its_controller() -> None:
    def steps(cluster: ControllerCluster) -> None:
        for image in (BETTER, BAD, GOOD):
            cluster.set_image(image, resource=DAEMON_SETS, seconds=10)
        cluster.delete(PODS, cluster.pods()[0]["metadata"]["name"])

    found = actions(record(steps, workload=daemon_set(revisionHistoryLimit=0), resource=DAEMON_SETS))
    assert [each.verb for each in found] == ["create", "change", "change", "change", "delete"]
