"""The states of a Pod, from its start to its end."""

import itertools
from typing import Any

import pytest

from chaosimagecorrupt.simulator.controllers.kubelet.images import Images
from chaosimagecorrupt.simulator.types import Object

from ...controller_cluster import BAD, GOOD, NS, PODS, ControllerCluster, pod_spec


def create(cluster: ControllerCluster, spec: Object, seconds: float = 5.0) -> None:
    cluster.create({"metadata": {"name": "one", "namespace": NS}, "spec": spec}, PODS, seconds)


def pod(cluster: ControllerCluster) -> Object:
    return cluster.client.get(PODS, NS, "one")


def conditions(cluster: ControllerCluster) -> dict[str, str]:
    return {each["type"]: each["status"] for each in pod(cluster)["status"]["conditions"]}


def container(cluster: ControllerCluster, name: str = "app") -> Object:
    status = pod(cluster)["status"]
    statuses = [*status.get("initContainerStatuses", ()), *status["containerStatuses"]]
    return next(dict(each) for each in statuses if each["name"] == name)


def app(image: str = GOOD, **more: Any) -> Object:
    return {"name": "app", "image": image, **more}


def test_a_pod_becomes_ready_in_half_a_second(cluster: ControllerCluster) -> None:
    create(cluster, pod_spec(), seconds=0.5)
    assert pod(cluster)["status"]["phase"] == "Running"
    assert set(conditions(cluster).values()) == {"True"}
    assert container(cluster)["ready"] and container(cluster)["started"]
    assert pod(cluster)["status"]["podIP"] == pod(cluster)["status"]["podIPs"][0]["ip"]


def test_binding_and_running_leave_the_generation_alone(cluster: ControllerCluster) -> None:
    create(cluster, pod_spec())
    assert pod(cluster)["metadata"]["generation"] == pod(cluster)["status"]["observedGeneration"] == 1


def test_its_states_come_one_after_the_other(cluster: ControllerCluster) -> None:
    create(cluster, pod_spec())
    states = cluster.history_of(PODS, lambda obj: (obj["status"]["phase"], len(obj["status"].get("conditions", ()))))
    assert states == [("Pending", 0), ("Pending", 1), ("Pending", 5), ("Running", 5)]


def test_it_tells_what_it_does_in_events(cluster: ControllerCluster) -> None:
    create(cluster, pod_spec())
    events = {event["reason"]: event for event in cluster.store.list("events")}
    assert sorted(events) == ["Created", "Pulled", "Scheduled", "Started"]
    assert events["Created"]["involvedObject"]["fieldPath"] == "spec.containers{app}"
    assert events["Scheduled"]["message"] == f"Successfully assigned {NS}/one to node1"


def test_a_pull_that_fails_alternates_between_two_reasons(cluster: ControllerCluster) -> None:
    create(cluster, pod_spec(BAD), seconds=60)
    assert cluster.reasons("one")[:5] == [
        "ContainerCreating",
        "ErrImagePull",
        "ImagePullBackOff",
        "ErrImagePull",
        "ImagePullBackOff",
    ]
    messages = cluster.history_of(PODS, lambda obj: str(obj["status"].get("containerStatuses")))
    assert any(f'Back-off pulling image "{BAD}": ErrImagePull: failed to pull' in each for each in messages)


def test_pulls_become_rarer(cluster: ControllerCluster) -> None:
    create(cluster, pod_spec(BAD), seconds=0)
    times: list[float] = []
    start = cluster.clock.now()
    while cluster.clock.now() < start + 200:
        cluster.clock.advance(0.5)
        if sum(event["count"] for event in cluster.events("Pulling")) > len(times):
            times.append(cluster.clock.now() - start)
    gaps = [later - earlier for earlier, later in itertools.pairwise(times)]
    for gap, (least, most) in zip(gaps, [(10, 17), (20, 37), (40, 57), (80, 97)], strict=True):
        assert least <= gap <= most


def test_an_image_that_does_not_parse_is_final(cluster: ControllerCluster) -> None:
    create(cluster, pod_spec("Not A Valid//Image::ref"), seconds=30)
    assert cluster.reasons("one") == ["ContainerCreating", "InvalidImageName"]
    assert {event["reason"] for event in cluster.store.list("events") if event["type"] == "Warning"} == {
        "InspectFailed",
        "Failed",
    }


def test_an_absent_image_that_may_not_be_pulled_is_final(cluster: ControllerCluster) -> None:
    create(cluster, {"containers": [app(BAD, imagePullPolicy="Never")]}, seconds=30)
    assert cluster.reasons("one") == ["ContainerCreating", "ErrImageNeverPull"]
    message = f'Container image "{BAD}" is not present with pull policy of Never'
    assert container(cluster)["state"]["waiting"]["message"] == message
    assert cluster.events("ErrImageNeverPull")[0]["message"] == message


def test_with_always_an_image_is_pulled_although_it_is_there(cluster: ControllerCluster) -> None:
    create(cluster, {"containers": [app(imagePullPolicy="Always")]})
    assert pod(cluster)["status"]["phase"] == "Running"
    assert cluster.events("Pulled")[0]["message"].startswith(f'Successfully pulled image "{GOOD}" in ')


def test_an_image_that_appears_is_pulled_in_the_end(cluster: ControllerCluster) -> None:
    cluster.images.missing.add(GOOD)
    create(cluster, pod_spec(), seconds=20)
    assert pod(cluster)["status"]["phase"] == "Pending"
    cluster.images.missing.clear()
    cluster.clock.advance(60)
    assert pod(cluster)["status"]["phase"] == "Running"
    assert cluster.reasons("one")[-1] in ("ErrImagePull", "ImagePullBackOff")


def test_the_other_containers_run_while_one_cannot(cluster: ControllerCluster) -> None:
    create(cluster, {"containers": [app(BAD), {"name": "side", "image": GOOD}]})
    assert pod(cluster)["status"]["phase"] == "Pending"
    assert "running" in container(cluster, "side")["state"]
    ready = next(each for each in pod(cluster)["status"]["conditions"] if each["type"] == "Ready")
    assert ready["message"] == "containers with unready status: [app]"


def seconds_to_start(cluster: ControllerCluster, pods: int) -> float:
    """Return how long it takes until all of some Pods that are created together run."""
    begin = cluster.clock.now()
    for index in range(pods):
        cluster.create({"metadata": {"name": f"p{index}", "namespace": NS}, "spec": pod_spec()}, PODS, seconds=0)
    while {pod["status"]["phase"] for pod in cluster.pods()} != {"Running"}:
        cluster.clock.advance(0.01)
    return cluster.clock.now() - begin


def test_pods_that_start_together_take_longer_to_start_up_to_a_limit() -> None:
    one, four, many = (seconds_to_start(ControllerCluster(), pods) for pods in (1, 4, 100))
    assert one < four < many < 4


def test_a_container_that_starts_after_a_list_of_them_has_the_pod_synced_once_more() -> None:
    side = {"name": "side", "image": GOOD}
    spec = {"containers": [app(BAD), side]}

    def early_reasons(seed: int) -> list[str]:
        cluster = ControllerCluster(seed=seed)
        create(cluster, spec, seconds=4)
        return cluster.reasons("one")

    found = {tuple(early_reasons(seed)) for seed in range(30)}
    assert found == {("ContainerCreating", "ErrImagePull"), ("ContainerCreating", "ErrImagePull", "ImagePullBackOff")}


def test_an_init_container_runs_to_its_end_first(cluster: ControllerCluster) -> None:
    create(cluster, pod_spec(initContainers=[{"name": "prep", "image": GOOD}]))
    assert container(cluster, "prep")["state"]["terminated"]["reason"] == "Completed"
    initialized = cluster.history_of(PODS, lambda obj: [
        each["status"] for each in obj["status"].get("conditions", ()) if each["type"] == "Initialized"
    ])  # fmt: skip
    assert initialized == [[], ["False"], ["True"]]
    assert cluster.reasons("one") == ["PodInitializing"]


def test_an_init_container_that_cannot_start_holds_the_others_back(cluster: ControllerCluster) -> None:
    create(cluster, pod_spec(initContainers=[{"name": "prep", "image": BAD}]), seconds=3)
    assert container(cluster, "prep")["state"]["waiting"]["reason"] == "ErrImagePull"
    assert container(cluster)["state"]["waiting"] == {"reason": "PodInitializing"}
    assert conditions(cluster)["Initialized"] == "False"


def test_init_containers_run_one_after_the_other(cluster: ControllerCluster) -> None:
    create(cluster, pod_spec(initContainers=[{"name": name, "image": GOOD} for name in ("one", "two")]), seconds=10)
    ends = [container(cluster, name)["state"]["terminated"]["finishedAt"] for name in ("one", "two")]
    assert ends == sorted(ends) and pod(cluster)["status"]["phase"] == "Running"


def test_a_sidecar_stays_beside_the_others(cluster: ControllerCluster) -> None:
    sidecar = {"name": "proxy", "image": GOOD, "restartPolicy": "Always"}
    create(cluster, pod_spec(initContainers=[sidecar]))
    assert "running" in container(cluster, "proxy")["state"]
    assert container(cluster, "proxy")["ready"] and conditions(cluster)["Ready"] == "True"


def test_the_others_wait_for_a_sidecar_s_startup_probe(cluster: ControllerCluster) -> None:
    probe = {"periodSeconds": 5, "initialDelaySeconds": 5}
    sidecar = {"name": "proxy", "image": GOOD, "restartPolicy": "Always", "startupProbe": probe}
    create(cluster, pod_spec(initContainers=[sidecar]), seconds=4)
    assert "waiting" in container(cluster)["state"] and not container(cluster, "proxy")["started"]
    cluster.clock.advance(5)
    assert conditions(cluster)["Ready"] == "True"


def test_a_readiness_probe_makes_a_pod_ready_later(cluster: ControllerCluster) -> None:
    probe = {"initialDelaySeconds": 5, "periodSeconds": 10}
    create(cluster, {"containers": [app(readinessProbe=probe)]}, seconds=8)
    assert pod(cluster)["status"]["phase"] == "Running" and conditions(cluster)["Ready"] == "False"
    cluster.clock.advance(5)
    assert conditions(cluster)["Ready"] == "True"


def test_a_pod_that_never_started_is_gone_within_two_seconds(cluster: ControllerCluster) -> None:
    create(cluster, pod_spec(BAD), seconds=20)
    cluster.delete(PODS, "one", seconds=2)
    assert cluster.pods() == []
    last = [change.object for change in cluster.changes if change.resource == PODS][-1]
    assert last["status"]["phase"] == "Failed"
    assert last["status"]["containerStatuses"][0]["state"]["terminated"]["reason"] == "ContainerStatusUnknown"


def test_while_it_ends_a_pod_does_not_say_why_it_waited(cluster: ControllerCluster) -> None:
    create(cluster, pod_spec(BAD), seconds=20)
    cluster.delete(PODS, "one", seconds=2)
    assert cluster.reasons("one")[-1] == "ContainerCreating" != cluster.reasons("one")[-2]


def test_a_deletion_is_a_new_generation(cluster: ControllerCluster) -> None:
    create(cluster, pod_spec(BAD), seconds=20)
    cluster.delete(PODS, "one", seconds=0.1)
    assert pod(cluster)["metadata"]["generation"] == pod(cluster)["status"]["observedGeneration"] == 2


def test_a_running_pod_ends_when_it_is_told_to(cluster: ControllerCluster) -> None:
    create(cluster, pod_spec())
    cluster.delete(PODS, "one", seconds=3)
    assert cluster.pods() == []
    assert [event["message"] for event in cluster.events("Killing")] == ["Stopping container app"]
    phases = cluster.history_of(PODS, lambda obj: obj["status"]["phase"])
    assert phases == ["Pending", "Running", "Succeeded"]


def test_a_pod_that_does_not_listen_is_killed_after_its_grace_period() -> None:
    cluster = ControllerCluster(Images(ignoring_sigterm=[GOOD]))
    create(cluster, pod_spec(terminationGracePeriodSeconds=8))
    cluster.delete(PODS, "one", seconds=7.9)
    assert "running" in container(cluster)["state"]
    cluster.clock.advance(3)
    ends = [change.object["status"] for change in cluster.changes if change.resource == PODS]
    assert ends[-1]["containerStatuses"][0]["state"]["terminated"]["exitCode"] == 137
    assert ends[-1]["phase"] == "Failed"


def test_a_pod_that_is_deleted_while_it_starts_never_runs(cluster: ControllerCluster) -> None:
    create(cluster, pod_spec(), seconds=0.15)
    cluster.delete(PODS, "one", seconds=5)
    assert cluster.pods() == []
    assert "Running" not in cluster.history_of(PODS, lambda obj: obj["status"]["phase"])


def test_a_pod_that_is_deleted_without_grace_is_gone_at_once(cluster: ControllerCluster) -> None:
    create(cluster, pod_spec())
    cluster.client.delete(PODS, NS, "one", 0)
    assert cluster.pods() == []
    revision = cluster.store.revision
    cluster.clock.advance(60)
    assert cluster.store.revision == revision


def test_a_new_pod_of_the_same_name_is_another_pod(cluster: ControllerCluster) -> None:
    create(cluster, pod_spec(BAD))
    cluster.client.delete(PODS, NS, "one", 0)
    create(cluster, pod_spec())
    assert pod(cluster)["status"]["phase"] == "Running"


def test_conditions_of_others_are_kept(cluster: ControllerCluster) -> None:
    create(cluster, pod_spec(BAD), seconds=1)
    gate = {"type": "example.com/gate", "status": "True"}

    def change(obj: Object) -> Object:
        return {**obj, "status": {**obj["status"], "conditions": [*obj["status"]["conditions"], gate]}}

    cluster.client.patch_status(PODS, NS, "one", change)
    cluster.clock.advance(30)
    assert conditions(cluster)["example.com/gate"] == "True"


def test_a_condition_keeps_the_time_of_its_last_change(cluster: ControllerCluster) -> None:
    create(cluster, pod_spec(BAD), seconds=1)
    before = {each["type"]: each["lastTransitionTime"] for each in pod(cluster)["status"]["conditions"]}
    cluster.clock.advance(60)
    after = {each["type"]: each["lastTransitionTime"] for each in pod(cluster)["status"]["conditions"]}
    assert before == after


def test_nothing_is_written_about_a_pod_that_runs(cluster: ControllerCluster) -> None:
    create(cluster, pod_spec())
    revision = cluster.store.revision
    cluster.clock.advance(10_000)
    assert cluster.store.revision == revision


NOT_THERE = ["/nonexistent/app"]


def test_a_command_that_does_not_exist_ends_a_pod_that_is_not_restarted(cluster: ControllerCluster) -> None:
    spec = {"containers": [app(command=NOT_THERE, imagePullPolicy="Always")], "restartPolicy": "Never"}
    create(cluster, spec, seconds=30)
    ended = container(cluster)["state"]["terminated"]
    assert (pod(cluster)["status"]["phase"], ended["reason"], ended["exitCode"]) == ("Failed", "StartError", 128)
    assert ended["message"].endswith(
        'exec: "/nonexistent/app": stat /nonexistent/app: no such file or directory: unknown'
    )
    assert sorted(event["reason"] for event in cluster.store.list("events")) == [
        *("Created", "Failed", "Pulled", "Pulling", "Scheduled")
    ]


def test_a_command_that_does_not_exist_is_tried_again_where_pods_are_restarted(cluster: ControllerCluster) -> None:
    create(cluster, {"containers": [app(command=NOT_THERE)]}, seconds=30)
    assert cluster.reasons("one") == ["ContainerCreating", "RunContainerError"]
    assert pod(cluster)["status"]["phase"] == "Pending"


@pytest.mark.parametrize("image", [GOOD, BAD], ids=["running", "waiting for its image"])
def test_a_pod_fails_when_its_active_deadline_is_over(cluster: ControllerCluster, image: str) -> None:
    create(cluster, pod_spec(image, activeDeadlineSeconds=60), seconds=55)
    assert pod(cluster)["status"]["phase"] != "Failed"
    cluster.clock.advance(10)
    status = pod(cluster)["status"]
    assert (status["phase"], status["reason"]) == ("Failed", "DeadlineExceeded")
    assert "terminated" in container(cluster)["state"]
    cluster.clock.advance(300)
    assert len(cluster.events("DeadlineExceeded")) == 1 and pod(cluster)["status"]["phase"] == "Failed"


def test_a_pod_that_failed_by_its_deadline_can_be_deleted(cluster: ControllerCluster) -> None:
    create(cluster, pod_spec(activeDeadlineSeconds=10), seconds=20)
    cluster.delete(PODS, "one")
    assert not cluster.store.list(PODS)


def test_a_pod_that_ended_before_its_deadline_does_not_exceed_it(cluster: ControllerCluster) -> None:
    spec = {"containers": [app(command=NOT_THERE)], "restartPolicy": "Never", "activeDeadlineSeconds": 30}
    create(cluster, spec, seconds=60)
    assert "reason" not in pod(cluster)["status"] and not cluster.events("DeadlineExceeded")


def pull_in(cluster: ControllerCluster, name: str, image: str, seconds: float) -> Object:
    """Have a Pod pull an image, and return its container's state after some seconds."""
    spec = pod_spec(containers=[app(image, imagePullPolicy="Always")])
    cluster.create({"metadata": {"name": name, "namespace": NS}, "spec": spec}, PODS, seconds)
    return dict(cluster.client.get(PODS, NS, name)["status"]["containerStatuses"][0]["state"])


def test_a_pull_that_hangs_says_nothing_and_blocks_all_others_even_after_its_pod(cluster: ControllerCluster) -> None:
    creating = {"waiting": {"reason": "ContainerCreating"}}
    assert pull_in(cluster, "first", "hangs.test/a:v1", 60) == creating
    events = {e["reason"] for e in cluster.store.list("events") if e["involvedObject"]["name"] == "first"}
    assert events == {"Scheduled", "Pulling"}
    assert pull_in(cluster, "second", BAD, 60) == creating
    cluster.client.delete(PODS, NS, "first")
    assert pull_in(cluster, "third", GOOD, 60) == creating
    cluster.images.blocked = False
    assert "running" in pull_in(cluster, "fourth", GOOD, 5)
