"""The status of a Pod, from the state of its containers."""

from typing import Any

import pytest

from chaosimagecorrupt.simulator.controllers.kubelet.pod_runtime import Container, PodRuntime
from chaosimagecorrupt.simulator.controllers.kubelet.status import pod_status
from chaosimagecorrupt.simulator.types import Object

from ...controller_cluster import pod_spec

NOW = 1767225660.0
WAITING = {"app": ("ImagePullBackOff", "Back-off pulling image")}


def pod(**spec: Any) -> Object:
    return {"metadata": {"name": "one"}, "spec": pod_spec(**spec)}


def running(*names: str) -> PodRuntime:
    return PodRuntime(sandbox=True, containers={name: Container("containerd://1", NOW - 1) for name in names})


def ended(exit_code: int, name: str = "app") -> PodRuntime:
    return PodRuntime(containers={name: Container("containerd://1", NOW - 2, NOW - 1, exit_code)})


def conditions(status: Object) -> dict[str, str]:
    return {each["type"]: each["status"] for each in status["conditions"]}


def state(status: Object) -> Any:
    return status["containerStatuses"][0]["state"]


def test_before_it_starts() -> None:
    status = pod_status(pod(), {}, PodRuntime(), NOW)
    assert (status["phase"], state(status)) == ("Pending", {"waiting": {"reason": "ContainerCreating"}})
    assert conditions(status)["PodReadyToStartContainers"] == conditions(status)["Ready"] == "False"
    unready = next(each for each in status["conditions"] if each["type"] == "Ready")
    assert unready["message"] == "containers with unready status: [app]"


def test_while_it_runs() -> None:
    status = pod_status(pod(), {}, running("app"), NOW)
    assert (status["phase"], set(conditions(status).values())) == ("Running", {"True"})
    assert status["containerStatuses"][0]["ready"] and "running" in state(status)


def test_why_a_container_waits_until_the_pod_is_terminated() -> None:
    runtime = PodRuntime(sandbox=True, reasons=WAITING)
    reason, message = WAITING["app"]
    assert state(pod_status(pod(), {}, runtime, NOW)) == {"waiting": {"reason": reason, "message": message}}
    assert state(pod_status(pod(), {}, runtime, NOW, ending=True)) == {"waiting": {"reason": "ContainerCreating"}}


@pytest.mark.parametrize(
    ("policy", "exit_code", "over", "phase"),
    [
        ("Always", 0, False, "Running"),
        ("Always", 0, True, "Succeeded"),
        ("Always", 137, True, "Failed"),
        ("OnFailure", 1, False, "Running"),
        ("OnFailure", 0, False, "Succeeded"),
        ("Never", 1, False, "Failed"),
        ("Never", 0, False, "Succeeded"),
    ],
)
def test_the_phase_when_all_containers_have_ended(policy: str, exit_code: int, over: bool, phase: str) -> None:
    assert pod_status(pod(restartPolicy=policy), {}, ended(exit_code), NOW, over=over)["phase"] == phase


def test_a_container_that_never_started_fails_the_pod() -> None:
    status = pod_status(pod(), {}, PodRuntime(lost={"app"}), NOW, ending=True, over=True)
    assert (status["phase"], state(status)["terminated"]["reason"]) == ("Failed", "ContainerStatusUnknown")


def test_an_init_container_is_ready_when_it_has_succeeded() -> None:
    spec = pod(initContainers=[{"name": "init", "image": "a"}])
    for exit_code, initialized in ((0, "True"), (1, "False")):
        status = pod_status(spec, {}, ended(exit_code, "init"), NOW)
        assert status["initContainerStatuses"][0]["ready"] == (exit_code == 0)
        assert conditions(status)["Initialized"] == initialized
        assert state(status) == {"waiting": {"reason": "PodInitializing"}}


def test_a_sidecar_is_ready_while_it_runs() -> None:
    spec = pod(initContainers=[{"name": "side", "image": "a", "restartPolicy": "Always"}])
    status = pod_status(spec, {}, running("side", "app"), NOW)
    assert status["initContainerStatuses"][0]["ready"] and conditions(status)["Initialized"] == "True"


def test_what_does_not_change_keeps_its_time() -> None:
    before = pod_status(pod(), {}, PodRuntime(), NOW)
    after = pod_status(pod(), before, running("app"), NOW + 60)
    assert after["startTime"] == before["startTime"]
    times = {each["type"]: each["lastTransitionTime"] for each in after["conditions"]}
    assert times["PodScheduled"] == before["startTime"] < times["Ready"]
