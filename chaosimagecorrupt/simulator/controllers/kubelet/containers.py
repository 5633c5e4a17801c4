"""Pulls the image of a container, then starts it (pkg/kubelet: images/image_manager.go, kuberuntime_container.go)."""

import hashlib
from collections.abc import Callable

from ...clock import Clock
from ...types import Object
from ..events import EventRecorder, reference
from ..randomness import Randomness
from ..workqueue import Work
from .images import BackOff, Images
from .pod_runtime import Container, PodRuntime
from .references import InvalidReference, parse
from .status import restarts

__all__ = ["ContainerStarter"]

# Records an event about a container: type, reason, message
Record = Callable[[str, str, str], None]

# No image has an executable in this folder, which Debian's policy reserves as one that does not exist
NONEXISTENT = "/nonexistent/"

# What a container that failed to start ends with (containerd/pkg/cri: errorStartExitCode, errorStartReason)
START_ERROR, START_ERROR_CODE = "StartError", 128

# Seconds from an image being there to its container being created
CREATE = (0.01, 0.035)

# Seconds that a successful pull takes
PULL = (0.2, 0.6)

# Seconds until the name of a registry that does not exist has failed to resolve
PULL_FAILS = (0.003, 0.01)

# Seconds until a pull looks again whether another one still hangs
STILL_BLOCKED = 1.0

# The size of every image in events, in bytes
IMAGE_SIZE = 41_943_040


class ContainerStarter:
    """Starts the containers of one Pod, and remembers how often each image failed.

    Args:
        recorder: records events.
        randomness: how long things take.
        clock: the time.
        images: which images can be pulled.
    """

    def __init__(self, recorder: EventRecorder, randomness: Randomness, clock: Clock, images: Images) -> None:
        self._recorder = recorder
        self._randomness = randomness
        self._clock = clock
        self._images = images
        self._back_offs: dict[str, tuple[BackOff, str]] = {}

    def record(self, pod: Object, container: str, type: str, reason: str, message: str, *, init: bool = False) -> None:
        """Record an event about a container.

        Args:
            pod: the Pod.
            container: the container's name.
            type: `Normal` or `Warning`.
            reason: the reason, one word.
            message: the message, for people.
            init: whether it is an init container.
        """
        field = "initContainers" if init else "containers"
        self._recorder.event(reference(pod, f"spec.{field}{{{container}}}"), type, reason, message)

    def start(self, pod: Object, container: Object, runtime: PodRuntime) -> Work:
        """Start a container; returns reason and message when that fails, else `None`.

        Args:
            pod: the Pod.
            container: the container's specification.
            runtime: gets the container.
        """
        name = container["name"]
        init = container in pod["spec"].get("initContainers", ())

        def record(type: str, reason: str, message: str) -> None:
            self.record(pod, name, type, reason, message, init=init)

        failure = yield from self._ensure_image(container, record)
        if failure is not None:
            record("Warning", "Failed", f"Error: {failure[0]}")
            return failure
        yield self._randomness.between(*CREATE)
        record("Normal", "Created", "Container created")
        yield self._randomness.start(pod, name, self._clock.now())
        now = self._clock.now()
        seed = f"{pod['metadata']['uid']} {name} {now}"
        created = Container(f"containerd://{hashlib.sha256(seed.encode()).hexdigest()}", now)
        error = _start_error(container)
        if error is not None:
            record("Warning", "Failed", f"Error: {error}")
            if restarts(pod, failed=True):
                return "RunContainerError", error
            # it never ran, so the runtime has no time of its start
            created = Container(created.id, 0.0, now, START_ERROR_CODE, START_ERROR, error)
        else:
            record("Normal", "Started", "Container started")
        runtime.containers[name] = created
        return None

    def _ensure_image(self, container: Object, record: Record) -> Work:
        """Have the image on the node; returns reason and message when it is not (EnsureImageExists)."""
        image = container["image"]
        try:
            parse(image)
        except InvalidReference as error:
            cause = f'Failed to apply default image tag "{image}": couldn\'t parse image name "{image}": {error}'
            record("Warning", "InspectFailed", cause)
            return "InvalidImageName", cause
        policy = container.get("imagePullPolicy", "IfNotPresent")
        if policy != "Always" and self._images.is_present(image):
            record(
                "Normal",
                "Pulled",
                f'Container image "{image}" already present on machine and can be accessed by the pod',
            )
            return None
        if policy == "Never":
            message = f'Container image "{image}" is not present with pull policy of Never'
            record("Warning", "ErrImageNeverPull", message)
            return "ErrImageNeverPull", message
        return (yield from self._pull(image, record))

    def _pull(self, image: str, record: Record) -> Work:
        now = self._clock.now()
        back_off, last_error = self._back_offs.get(image, (BackOff(), ""))
        if back_off.holds(now):
            message = f'Back-off pulling image "{image}"'
            record("Normal", "BackOff", message)
            return "ImagePullBackOff", f"{message}: ErrImagePull: {last_error}"
        record("Normal", "Pulling", f'Pulling image "{image}"')
        self._images.begin_pull(image)
        while self._images.blocked:
            yield STILL_BLOCKED
        error = self._images.pull_error(image)
        if error is None:
            yield self._randomness.between(*PULL)
            took = f"{round((self._clock.now() - now) * 1000)}ms"
            record(
                "Normal",
                "Pulled",
                f'Successfully pulled image "{image}" in {took} ({took} including waiting). '
                f"Image size: {IMAGE_SIZE} bytes.",
            )
            return None
        yield self._randomness.between(*PULL_FAILS)
        record("Warning", "Failed", f'Failed to pull image "{image}": {error}')
        back_off.failed(self._clock.now())
        self._back_offs[image] = (back_off, error)
        return "ErrImagePull", error


def _start_error(container: Object) -> str | None:
    """Return why the runtime cannot start a container, `None` when it can (runc 1.1, by containerd)."""
    command = next(iter(container.get("command") or ()), "")
    if not command.startswith(NONEXISTENT):
        return None
    return (
        "failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: "
        f'unable to start container process: exec: "{command}": stat {command}: no such file or directory: unknown'
    )
