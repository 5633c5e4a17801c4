"""A container starts once its image is on the node."""

from typing import Any

import pytest

from chaosimagecorrupt.simulator.controllers.events import EventRecorder
from chaosimagecorrupt.simulator.controllers.kubelet.containers import ContainerStarter
from chaosimagecorrupt.simulator.controllers.kubelet.pod_runtime import PodRuntime
from chaosimagecorrupt.simulator.controllers.randomness import Randomness
from chaosimagecorrupt.simulator.types import Object

from ...controller_cluster import BAD, GOOD, NS, PODS, ControllerCluster, pod_spec


class Node:
    """A Pod that the kubelet leaves alone, and what starts its containers."""

    def __init__(self, cluster: ControllerCluster) -> None:
        pod = {"metadata": {"name": "one", "namespace": NS}, "spec": pod_spec(schedulerName="mine")}
        self.cluster, self.runtime = cluster, PodRuntime()
        self.pod = cluster.create(pod, PODS)
        randomness = Randomness(1)
        recorder = EventRecorder(cluster.store, cluster.clock, randomness, "kubelet", "node1")
        self.starter = ContainerStarter(recorder, randomness, cluster.clock, cluster.images)

    def start(self, image: str, **more: Any) -> Any:
        """Start a container, and return why it does not start."""
        work = self.starter.start(self.pod, {"name": "app", "image": image, **more}, self.runtime)
        while True:
            try:
                seconds = next(work)
                assert isinstance(seconds, float)
                self.cluster.clock.advance(seconds)
            except StopIteration as end:
                self.cluster.clock.advance(1)
                return end.value

    def reasons(self) -> list[str]:
        """The reasons of all Events, in the order of their creation."""
        return [event["reason"] for event in self.cluster.store.list("events")]


@pytest.fixture
def node(cluster: ControllerCluster) -> Node:
    return Node(cluster)


def test_a_container_whose_image_is_there_starts(node: Node) -> None:
    assert node.start(GOOD) is None and node.runtime.runs("app")
    assert sorted(node.reasons()) == ["Created", "Pulled", "Started"]
    assert node.runtime.containers["app"].id.startswith("containerd://")


def test_with_always_an_image_is_pulled_although_it_is_there(node: Node) -> None:
    assert node.start(GOOD, imagePullPolicy="Always") is None
    assert "Pulling" in node.reasons()


def test_a_pull_that_failed_is_not_tried_again_before_its_back_off_is_over(node: Node) -> None:
    first, second = node.start(BAD), node.start(BAD)
    node.cluster.clock.advance(15)
    third = node.start(BAD)
    assert [each[0] for each in (first, second, third)] == ["ErrImagePull", "ImagePullBackOff", "ErrImagePull"]
    assert second[1] == f'Back-off pulling image "{BAD}": ErrImagePull: {first[1]}' and not node.runtime.containers


FINAL = {
    "invalid": ({"image": "Not//valid"}, "InvalidImageName", "InspectFailed"),
    "never": ({"image": BAD, "imagePullPolicy": "Never"}, "ErrImageNeverPull", "ErrImageNeverPull"),
}


@pytest.mark.parametrize(("container", "reason", "event"), FINAL.values(), ids=list(FINAL))
def test_what_cannot_be_pulled_at_all_is_not_tried(node: Node, container: Object, reason: str, event: str) -> None:
    assert node.start(**container)[0] == reason
    assert event in node.reasons() and "Pulling" not in node.reasons()


def test_an_image_that_appears_starts_its_container(node: Node) -> None:
    node.cluster.images.missing.add(GOOD)
    assert node.start(GOOD)[0] == "ErrImagePull"
    node.cluster.images.missing.clear()
    node.cluster.clock.advance(15)
    assert node.start(GOOD) is None


def test_an_event_says_which_container_of_which_kind_it_is_about(node: Node) -> None:
    for init in (False, True):
        node.starter.record(node.pod, "app", "Normal", "Reason", f"init {init}", init=init)
    node.cluster.clock.advance(1)
    paths = {event["involvedObject"]["fieldPath"] for event in node.cluster.store.list("events")}
    assert paths == {"spec.containers{app}", "spec.initContainers{app}"}
