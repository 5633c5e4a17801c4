"""The state of an object in a timeline: what is kept of it.

A state is flat. The names of containers and the types of conditions are parts of its keys: `image:app` is the image of
the container `app`. A TypedDict cannot name such keys; `fields` reads them:

- `image:CONTAINER`: an image, text
- `waiting:CONTAINER`: why a container of a pod waits, one word; only while it does
- `cause:CONTAINER`: why its image cannot be pulled, see `pull_causes.cause_text`; only while that is said
- `writer:CONTAINER`: who wrote the container's image, a `WriterJson`
- `condition:TYPE`: a `ConditionJson`
"""

from typing import TypedDict

__all__ = ["FAILED_CREATE", "MOST_IMAGE", "MOST_TEXT", "ConditionJson", "State", "WriterJson"]

# An Event of what makes pods, about a pod that the API server refused: kubernetes/pkg/controller/controller_utils.go
FAILED_CREATE = "FailedCreate"

# characters that are kept of a message; of a name or an image, what the API server allows
MOST_TEXT = 400
MOST_IMAGE = 300

WriterJson = tuple[str, str | None]
"""Who wrote a field, and when: `fields.ImageWriter` as JSON, whose reader gets a list."""

ConditionJson = tuple[str, str, str | None, str]
"""A condition: `fields.ConditionState` as JSON, whose reader gets a list."""


class State(TypedDict, total=False):
    """What is kept of an object of any kind; a value that is not known is absent, and so is what its kind has not."""

    # only of an object that was deleted
    gone: bool

    # of a workload and an operator's resource
    generation: int
    observedGeneration: int

    # of a workload and a ReplicaSet: how many pods are desired, and how many exist
    replicas: int
    totalReplicas: int
    readyReplicas: int

    # of a workload
    updatedReplicas: int
    availableReplicas: int
    unavailableReplicas: int
    progressDeadlineSeconds: int
    minReadySeconds: int
    paused: bool
    strategy: str
    maxSurge: int | str
    maxUnavailable: int | str
    record: dict[str, str]
    """The ids of the injections that it carries, by container."""
    complete: bool
    """As `kind.WorkloadKind.recovered`."""
    template: str
    """A digest, to detect changes."""
    uid: str
    lastWriter: WriterJson
    replicasWriter: WriterJson

    # of a ReplicaSet and a ControllerRevision
    revision: int

    # of a pod of a Deployment: its owner; of an Event: what it is about
    replicaSet: str

    # of a pod of a StatefulSet or a DaemonSet: what has its template
    controllerRevision: str

    # of an Event of a StatefulSet or a DaemonSet: what it is about
    workload: str

    # of a pod
    phase: str
    ready: bool
    deleting: bool
    unscheduled: str
    """The scheduler's reason and message, as long as no node takes the pod."""

    # of an Event, which represents all that have the same reason and message: its count and its last time grow
    pod: str
    reason: str
    count: int
    first: str
    last: str
    message: str

    # of an operator's resource: its resourceVersion, which distinguishes a status that was written again
    version: str
