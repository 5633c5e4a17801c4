"""Reduces the API's objects to the short states that a timeline keeps.

A state is flat: `image:app` is the image of the container `app`, `condition:Available` is the condition of that type as
`[status, reason, since, message]`. Text from the API is shortened and kept on one line.
"""

import json
from collections.abc import Iterable, Mapping
from hashlib import sha256
from itertools import islice
from typing import Any

from ..duration import from_rfc3339
from ..errors import one_line
from ..kube.managed_fields import REPLICAS, last_writer_of, newest, owners, writer_of
from ..kube.types import Deployment, Json, ManagedFieldsEntry, PodSpec, ReplicaSet
from ..record.annotations import read_record
from ..workload.containers import containers_of, pod_containers
from ..workload.rollout import available, desired_replicas, observed, recovered, revision, rollout_complete

__all__ = [
    "MOST_IMAGE",
    "MOST_TEXT",
    "PULL_REASONS",
    "State",
    "deployment_state",
    "event_state",
    "pod_state",
    "replica_set_state",
    "resource_state",
]

# characters that are kept of a message; of a name or an image, what the API server allows
MOST_TEXT = 400
MOST_IMAGE = 300
# containers, conditions and the like that are kept of one object
MOST_PARTS = 50

# The reasons of the kubelet's Events about pulls: kubernetes/pkg/kubelet/events/event.go
PULL_REASONS = frozenset({"Pulling", "Failed", "BackOff"})
# A ReplicaSet's Event about a pod that the API server refused: kubernetes/pkg/controller/controller_utils.go
_FAILED_CREATE = "FailedCreate"

_COUNTS = ("readyReplicas", "updatedReplicas", "availableReplicas", "unavailableReplicas")

State = dict[str, Any]


def deployment_state(deployment: Deployment, replica_sets: Iterable[ReplicaSet] | None) -> State:
    """Return what is kept of a Deployment.

    Args:
        deployment: the Deployment.
        replica_sets: its ReplicaSets, which decide whether it is `complete`; None when they cannot be read, so that
            its own status decides.

    Returns:
        `generation`, `observedGeneration`, `replicas` (desired), `totalReplicas` (existing), the counts of its status,
        `progressDeadlineSeconds`, `minReadySeconds` (unless 0), `paused`, `strategy`, `maxSurge`, `maxUnavailable`,
        `record` (the ids of the injections that it carries, by container), `complete` (as `rollout.recovered`),
        `template` (a digest, to detect changes), `uid`, `lastWriter` and `replicasWriter` (who wrote the spec last, and
        who set the replicas,
        each `[field manager, time]`), and for each container and condition `image:`, `writer:` (as `lastWriter`) and
        `condition:`.
    """
    spec, metadata = deployment["spec"], deployment["metadata"]
    status, strategy = deployment.get("status") or {}, spec.get("strategy") or {}
    rolling = strategy.get("rollingUpdate") or {}
    record = {one_line(name, 63): one_line(e.id, 80) for name, e in _first_parts(read_record(deployment).items())}
    state: State = {
        "generation": metadata.get("generation"),
        "observedGeneration": status.get("observedGeneration"),
        "replicas": desired_replicas(deployment),
        "totalReplicas": status.get("replicas") or 0,
        **{count: status.get(count) or 0 for count in _COUNTS},
        "progressDeadlineSeconds": spec.get("progressDeadlineSeconds"),
        "minReadySeconds": spec.get("minReadySeconds") or None,
        "paused": bool(spec.get("paused")),
        "strategy": strategy.get("type", "RollingUpdate"),
        "maxSurge": rolling.get("maxSurge"),
        "maxUnavailable": rolling.get("maxUnavailable"),
        "record": record or None,
        "complete": _complete(deployment, replica_sets),
        "template": sha256(json.dumps(spec["template"], sort_keys=True).encode()).hexdigest()[:8],
        **_images(spec["template"]["spec"]),
        "uid": metadata.get("uid"),
        "lastWriter": _writer(last_writer_of(deployment)),
        "replicasWriter": _writer(newest(owners(deployment, REPLICAS))),
        **_conditions(status),
        **_writers(deployment),
    }
    return _without_none(state)


def replica_set_state(replica_set: ReplicaSet) -> State:
    """Return what is kept of a ReplicaSet.

    Returns:
        `replicas`, `totalReplicas`, `readyReplicas`, `revision`, and for each container and condition `image:` and
        `condition:`. Its only condition is ReplicaFailure: why it cannot create pods.
    """
    status = replica_set.get("status") or {}
    return {
        "replicas": desired_replicas(replica_set),
        "totalReplicas": status.get("replicas") or 0,
        "readyReplicas": status.get("readyReplicas") or 0,
        "revision": revision(replica_set),
        **_images(replica_set["spec"]["template"]["spec"]),
        **_conditions(status),
    }


def pod_state(pod: Json) -> State:
    """Return what is kept of a pod.

    Returns:
        `replicaSet` (its owner), `phase`, `ready`, `deleting`, `unscheduled` (the scheduler's reason and message, as
        long as no node takes it), and for each container `image:` and, while it waits, `waiting:` with the reason.
    """
    metadata, status = pod["metadata"], pod.get("status") or {}
    owner = next((o["name"] for o in metadata.get("ownerReferences") or [] if o.get("controller")), None)
    conditions = {c.get("type"): c.get("status") for c in status.get("conditions") or []}
    state: State = {
        "replicaSet": one_line(owner, MOST_IMAGE) if owner else None,
        "phase": status.get("phase"),
        "ready": conditions.get("Ready") == "True",
        "deleting": bool(metadata.get("deletionTimestamp")),
        "unscheduled": _unscheduled(status),
        **_images(pod["spec"]),
        **_waiting_reasons(status),
    }
    return _without_none(state)


def event_state(event: Json) -> State | None:
    """Return what is kept of an Event about a pull, or about a pod that a ReplicaSet could not create; else None.

    Returns:
        `pod` or `replicaSet` (the name of what it is about), `reason`, `count`, `first`, `last` and `message`. One
        Event object represents all that have the same reason and message: its count and its last time grow.
    """
    about, reason = event.get("involvedObject") or {}, event.get("reason")
    if about.get("kind") == "Pod" and reason in PULL_REASONS:
        key = "pod"
    elif about.get("kind") == "ReplicaSet" and reason == _FAILED_CREATE:
        key = "replicaSet"
    else:
        return None
    state = {
        key: one_line(about.get("name"), MOST_IMAGE),
        "reason": reason,
        "message": one_line(event.get("message") or "", MOST_TEXT),
        **_series(event),
    }
    return _without_none(state)


def resource_state(resource: Json) -> State:
    """Return what is kept of an operator's resource: `generation`, `observedGeneration`, `version` and conditions.

    The version (resourceVersion) distinguishes a status that was written again from one that was not.
    """
    metadata, found = resource["metadata"], resource.get("status")
    status = found if isinstance(found, Mapping) else {}  # a custom resource may have anything there
    state = {
        "generation": metadata.get("generation"),
        "observedGeneration": status.get("observedGeneration"),
        "version": metadata.get("resourceVersion"),
        **_conditions(status),
    }
    return _without_none(state)


def _series(event: Json) -> State:
    """Return how often an Event occurred, and when first and last; Events of both API groups are read."""
    series, created = event.get("series") or {}, event.get("eventTime")
    return {
        "count": event.get("count") or series.get("count") or 1,
        "first": _time(event.get("firstTimestamp") or created),
        "last": _time(event.get("lastTimestamp") or series.get("lastObservedTime") or created),
    }


def _complete(deployment: Deployment, replica_sets: Iterable[ReplicaSet] | None) -> bool:
    if replica_sets is not None:
        return recovered(deployment, list(replica_sets))
    ready, desired = (deployment.get("status") or {}).get("readyReplicas") or 0, desired_replicas(deployment)
    return observed(deployment) and rollout_complete(deployment) and available(deployment) and 0 < desired == ready


def _images(pod: PodSpec) -> State:
    return {f"image:{c['name']}": one_line(c.get("image"), MOST_IMAGE) for _, c in _first_parts(pod_containers(pod))}


def _writers(deployment: Deployment) -> State:
    """Return the field manager that wrote each container's image, and when, where `managedFields` show it."""
    containers = _first_parts(containers_of(deployment))
    found = {f"writer:{c['name']}": _writer(writer_of(deployment, field, c["name"])) for field, c in containers}
    return _without_none(found)


def _writer(entry: ManagedFieldsEntry | None) -> list[str | None] | None:
    """Return manager and time of an entry of `managedFields`."""
    return None if entry is None else [one_line(entry.get("manager", ""), 128), _time(entry.get("time"))]


def _unscheduled(status: Json) -> str | None:
    """Return why no node takes a pod, in the scheduler's words; None when one did, or the scheduler has not tried."""
    for condition in status.get("conditions") or []:
        if condition.get("type") == "PodScheduled" and condition.get("status") == "False":
            return one_line(f"{condition.get('reason') or ''}: {condition.get('message') or ''}".strip(": "), MOST_TEXT)
    return None


def _waiting_reasons(status: Json) -> State:
    """Return why each container of a pod waits, for those that do."""
    found: State = {}
    for field in ("initContainerStatuses", "containerStatuses"):
        for container in _first_parts(status.get(field) or []):
            reason = ((container.get("state") or {}).get("waiting") or {}).get("reason")
            if reason:
                found[f"waiting:{container['name']}"] = one_line(reason, 80)
    return found


def _conditions(status: Json) -> State:
    """Return the conditions by type; `since` is when one was last confirmed, or if that is not known, last changed."""
    found = status.get("conditions")
    known = [c for c in found if isinstance(c, Mapping)] if isinstance(found, list) else []
    return {
        f"condition:{one_line(c.get('type'), 80)}": [
            one_line(c.get("status"), 20),
            one_line(c.get("reason") or "", 80),
            _time(c.get("lastUpdateTime") or c.get("lastTransitionTime")),
            one_line(c.get("message") or "", MOST_TEXT),
        ]
        for c in _first_parts(known)
    }


def _time(text: object) -> str | None:
    """Return an RFC 3339 time as it is, None for anything else: in a custom resource it can be any text."""
    try:
        from_rfc3339(str(text))
    except ValueError:
        return None
    return str(text)


def _first_parts(parts: Iterable[Any]) -> Iterable[Any]:
    return islice(parts, MOST_PARTS)


def _without_none(state: State) -> State:
    return {k: v for k, v in state.items() if v is not None}
