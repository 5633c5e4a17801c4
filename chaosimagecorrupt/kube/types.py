"""The API's objects as they come: dicts of JSON, with the keys that this extension reads.

The API server leaves out what is empty or default, so every key may be missing unless Kubernetes guarantees it
(`metadata.name`, `metadata.uid`, a Deployment's `spec.template`); https://kubernetes.io/docs/reference/kubernetes-api/.
The types say what is meant; nothing is checked at run time.
"""

from collections.abc import Mapping
from typing import Any, NotRequired, TypedDict

__all__ = [
    "MAX_INT32",
    "Condition",
    "Container",
    "Deployment",
    "DeploymentSpec",
    "Json",
    "ManagedFieldsEntry",
    "Object",
    "ObjectMeta",
    "OwnerReference",
    "Pod",
    "PodSpec",
    "PodTemplate",
    "ReplicaSet",
    "ReplicaSetSpec",
    "Revision",
    "Status",
    "Workload",
]

MAX_INT32 = 2**31 - 1
"""The greatest number of replicas, and of seconds of a progress deadline."""

Json = Mapping[str, Any]
"""An object of any kind, or another one of JSON, that is only read."""

Object = dict[str, Any]
"""An object of any kind."""


class OwnerReference(TypedDict):
    """`metadata.ownerReferences[]`."""

    kind: str
    name: str
    uid: str
    apiVersion: NotRequired[str]
    controller: NotRequired[bool]


class ManagedFieldsEntry(TypedDict, total=False):
    """`metadata.managedFields[]`: which fields a manager owns."""

    manager: str
    operation: str
    apiVersion: str
    time: str
    fieldsType: str
    fieldsV1: dict[str, Any]
    subresource: str


class ObjectMeta(TypedDict):
    """`metadata`."""

    name: str
    namespace: str
    uid: str
    resourceVersion: str
    generation: int
    creationTimestamp: NotRequired[str]
    deletionTimestamp: NotRequired[str]
    labels: NotRequired[dict[str, str] | None]
    annotations: NotRequired[dict[str, str] | None]
    ownerReferences: NotRequired[list[OwnerReference] | None]
    managedFields: NotRequired[list[ManagedFieldsEntry] | None]


class Condition(TypedDict):
    """`status.conditions[]`."""

    type: str
    status: str
    reason: NotRequired[str]
    message: NotRequired[str]
    lastUpdateTime: NotRequired[str]
    lastTransitionTime: NotRequired[str]
    observedGeneration: NotRequired[int]


class Container(TypedDict):
    """`spec.containers[]` and `spec.initContainers[]` of a pod."""

    name: str
    image: str
    resources: NotRequired[dict[str, Any] | None]
    restartPolicy: NotRequired[str]
    imagePullPolicy: NotRequired[str]


class PodSpec(TypedDict):
    """`spec` of a pod."""

    containers: list[Container]
    initContainers: NotRequired[list[Container] | None]
    resources: NotRequired[dict[str, Any] | None]
    affinity: NotRequired[dict[str, Any] | None]
    priorityClassName: NotRequired[str]
    runtimeClassName: NotRequired[str]
    activeDeadlineSeconds: NotRequired[int]


class PodTemplate(TypedDict):
    """`spec.template` of what makes pods."""

    metadata: NotRequired[dict[str, Any] | None]
    spec: PodSpec


class Status(TypedDict, total=False):
    """`status` of a Deployment or ReplicaSet."""

    observedGeneration: int
    replicas: int
    readyReplicas: int
    updatedReplicas: int
    availableReplicas: int
    unavailableReplicas: int
    conditions: list[Condition] | None


class DeploymentSpec(TypedDict):
    """`spec` of a Deployment."""

    selector: dict[str, Any]
    template: PodTemplate
    replicas: NotRequired[int]
    paused: NotRequired[bool]
    minReadySeconds: NotRequired[int]
    progressDeadlineSeconds: NotRequired[int]
    strategy: NotRequired[dict[str, Any] | None]


class Deployment(TypedDict):
    """A Deployment of apps/v1."""

    metadata: ObjectMeta
    spec: DeploymentSpec
    status: NotRequired[Status]


class ReplicaSetSpec(TypedDict):
    """`spec` of a ReplicaSet."""

    selector: dict[str, Any]
    template: PodTemplate
    replicas: NotRequired[int]


class ReplicaSet(TypedDict):
    """A ReplicaSet of apps/v1."""

    metadata: ObjectMeta
    spec: ReplicaSetSpec
    status: NotRequired[Status]


Workload = Deployment
"""A Deployment, a StatefulSet or a DaemonSet: what a fault can be put into. `workload.kinds` tells which."""

Revision = ReplicaSet
"""An earlier or the present template of a workload: a ReplicaSet, or a ControllerRevision as
`workload.controller_revisions` reads it."""


class Pod(TypedDict):
    """A pod."""

    metadata: ObjectMeta
    spec: PodSpec
    status: NotRequired[dict[str, Any]]
