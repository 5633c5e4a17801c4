"""A Pod's status from the state of its containers (kubernetes/pkg/kubelet: kubelet_pods.go, status/generate.go)."""

from collections.abc import Sequence

from ...timestamps import timestamp
from ...types import Object
from .images import Images
from .pod_runtime import Container, PodRuntime, is_sidecar, ready_at

__all__ = ["pod_status", "restarts"]

# The state of a container that never started, in a Pod that has ended
LOST = {
    "exitCode": 137,
    "reason": "ContainerStatusUnknown",
    "message": "The container could not be located when the pod was terminated",
    "startedAt": None,
    "finishedAt": None,
}


def pod_status(
    pod: Object, before: Object, runtime: PodRuntime, now: float, *, ending: bool = False, over: bool = False
) -> Object:
    """Return a Pod's status.

    Args:
        pod: the Pod.
        before: its last status; times of conditions are kept where they do not change.
        runtime: its sandbox and containers.
        now: seconds since 1970.
        ending: whether it is being terminated: the status no longer says why a container waits.
        over: whether all of it has been stopped.
    """
    spec = pod["spec"]
    inits, apps = _containers(spec, runtime, {} if ending else runtime.reasons, now)
    phase = _phase(pod, inits, apps, over)
    generation = pod["metadata"].get("generation", 1)
    # that a container is lost shows in the phase, but not in the conditions (status_manager.go: TerminatePod)
    conditions = _conditions(spec, runtime, inits, apps, "Pending" if runtime.lost else phase)
    if runtime.lost:
        phase = "Failed"
    status: Object = {
        "observedGeneration": generation,
        "phase": phase,
        "conditions": [_kept(before, {**each, "observedGeneration": generation}, now) for each in conditions],
    }
    if runtime.ip:
        status |= {"podIP": runtime.ip, "podIPs": [{"ip": runtime.ip}]}
    status["startTime"] = before.get("startTime") or timestamp(now)
    if inits:
        status["initContainerStatuses"] = inits
    return {**status, "containerStatuses": apps, "qosClass": before.get("qosClass", "BestEffort"), "resources": {}}


def _containers(
    spec: Object, runtime: PodRuntime, reasons: dict[str, tuple[str, str]], now: float
) -> tuple[list[Object], list[Object]]:
    """Return the status of each init container and of each other container (convertToAPIContainerStatuses)."""
    specs = spec.get("initContainers", ())
    default = "PodInitializing" if specs else "ContainerCreating"
    inits = [_container(each, runtime, reasons, default, now, True) for each in specs]
    apps = [_container(each, runtime, reasons, default, now, False) for each in spec["containers"]]
    return inits, apps


def _container(
    container: Object, runtime: PodRuntime, reasons: dict[str, tuple[str, str]], default: str, now: float, init: bool
) -> Object:
    name, image = container["name"], container["image"]
    running = runtime.containers.get(name)
    status: Object = {
        "name": name,
        "state": {},
        "lastState": {},
        "ready": False,
        "restartCount": 0,
        "image": image,
        "imageID": "",
        "started": False,
    }
    if running is None:
        status["state"] = {"waiting": {"reason": default}}
        if name in runtime.lost:
            status["state"] = {"terminated": LOST}
        elif name in reasons:
            reason, message = reasons[name]
            status["state"] = {"waiting": {"reason": reason, "message": message}}
        return status
    times = {"startedAt": timestamp(running.started)}
    status |= {"imageID": Images.id_of(image), "containerID": running.id, "resources": container.get("resources", {})}
    if running.finished is None:
        up, ready = ready_at(container, running.started)
        status |= {"state": {"running": times}, "started": up <= now}
        status["ready"] = ready <= now and (not init or is_sidecar(container))
    else:
        ended = {**times, "finishedAt": timestamp(running.finished), "containerID": running.id}
        status["state"] = {"terminated": {"exitCode": running.exit_code, **_why_ended(running), **ended}}
        status["ready"] = init and not running.exit_code and not is_sidecar(container)
    return status


def _why_ended(container: Container) -> Object:
    if container.reason:
        return {"reason": container.reason, "message": container.message}
    return {"reason": "Error" if container.exit_code else "Completed"}


def _phase(pod: Object, inits: Sequence[Object], apps: Sequence[Object], over: bool) -> str:
    """Return the phase (getPhase)."""
    if any("waiting" in each["state"] for each in apps):
        return "Pending"
    if any("running" in each["state"] for each in apps):
        return "Running"
    failed = any(each["state"]["terminated"]["exitCode"] for each in apps)
    if not over and restarts(pod, failed):
        return "Running"
    return "Failed" if failed else "Succeeded"


def restarts(pod: Object, failed: bool) -> bool:
    """Return whether the restart policy has containers that have ended started again.

    Args:
        pod: the Pod.
        failed: whether one of them ended with an error.
    """
    policy = pod["spec"].get("restartPolicy", "Always")
    return policy == "Always" or (failed and policy == "OnFailure")


def _conditions(
    spec: Object, runtime: PodRuntime, inits: Sequence[Object], apps: Sequence[Object], phase: str
) -> list[Object]:
    specs = spec.get("initContainers", ())
    incomplete = [
        status["name"]
        for container, status in zip(specs, inits, strict=True)
        if not (status["started"] if is_sidecar(container) else runtime.succeeded(status["name"]))
    ]
    serving = [status for container, status in zip(specs, inits, strict=True) if is_sidecar(container)]
    unready = [status["name"] for status in [*serving, *apps] if not status["ready"]]
    initialized = ("ContainersNotInitialized", f"containers with incomplete status: [{' '.join(incomplete)}]")
    ready: tuple[str, ...] = ("ContainersNotReady", f"containers with unready status: [{' '.join(unready)}]")
    if phase in ("Failed", "Succeeded"):
        ready = ("PodFailed",) if phase == "Failed" else ("PodCompleted",)
    return [
        _condition("PodReadyToStartContainers", runtime.sandbox),
        _condition("Initialized", not incomplete, *initialized),
        _condition("Ready", not unready, *ready),
        _condition("ContainersReady", not unready, *ready),
        _condition("PodScheduled", True),
    ]


def _condition(type: str, holds: bool, reason: str = "", message: str = "") -> Object:
    condition: Object = {"type": type, "status": "True" if holds else "False", "lastProbeTime": None}
    if not holds and reason:
        condition["reason"] = reason
    if not holds and message:
        condition["message"] = message
    return condition


def _kept(before: Object, condition: Object, now: float) -> Object:
    """Return a condition with the time of its last change."""
    for present in before.get("conditions", ()):
        if (present["type"], present["status"]) == (condition["type"], condition["status"]):
            return {**condition, "lastTransitionTime": present["lastTransitionTime"]}
    return {**condition, "lastTransitionTime": timestamp(now)}
