"""The newest ReplicaSet: found, brought up to date, or created."""

from ...controller_cluster import BAD, BETTER, GOOD, ControllerCluster


def test_putting_the_image_back_brings_back_the_same_replica_set_as_a_new_revision(web: ControllerCluster) -> None:
    before = [pod["metadata"]["uid"] for pod in web.pods()]
    web.set_image(BAD, seconds=30)
    web.set_image(GOOD)
    assert web.sizes() == {GOOD: 2, BAD: 0}
    assert [pod["metadata"]["uid"] for pod in web.pods()] == before
    assert web.revisions() == {GOOD: "3", BAD: "2"}
    assert web.deployment()["metadata"]["annotations"] == {"deployment.kubernetes.io/revision": "3"}


def test_a_change_of_min_ready_seconds_reaches_the_replica_set(web: ControllerCluster) -> None:
    web.set(minReadySeconds=7)
    assert web.sets()[GOOD]["spec"]["minReadySeconds"] == 7
    web.set(minReadySeconds=0)
    assert "minReadySeconds" not in web.sets()[GOOD]["spec"]


def test_annotations_go_down_to_the_replica_set_and_stay_there(web: ControllerCluster) -> None:
    web.change(lambda obj: obj["metadata"].setdefault("annotations", {}).update({"team": "a"}))
    web.change(lambda obj: obj["metadata"]["annotations"].pop("team"))
    assert "team" not in web.deployment()["metadata"]["annotations"]
    assert web.sets()[GOOD]["metadata"]["annotations"]["team"] == "a"


def test_each_new_template_is_a_new_revision_of_the_deployment(web: ControllerCluster) -> None:
    web.set_image(BETTER)
    assert web.revisions() == {GOOD: "1", BETTER: "2"}
    assert web.deployment()["metadata"]["annotations"]["deployment.kubernetes.io/revision"] == "2"


def test_a_new_replica_set_is_created_no_larger_than_the_surge_allows(web: ControllerCluster) -> None:
    web.set_image(BAD)
    name = web.sets()[BAD]["metadata"]["name"]
    assert f"Scaled up replica set {name} from 0 to 1" in [each["message"] for each in web.events("ScalingReplicaSet")]


def test_while_it_is_paused_a_template_gets_no_replica_set(web: ControllerCluster) -> None:
    web.set(paused=True)
    web.set_image(BETTER)
    assert web.revisions() == {GOOD: "1"}


def test_the_condition_says_that_a_replica_set_was_created(web: ControllerCluster) -> None:
    web.set_image(BETTER, seconds=0.05)
    name = web.sets()[BETTER]["metadata"]["name"]
    reasons = {(each["reason"], each["message"]) for change in web.changes if change.resource == "deployments.apps"
               for each in change.object.get("status", {}).get("conditions", ())}  # fmt: skip
    assert ("NewReplicaSetCreated", f'Created new replica set "{name}"') in reasons
