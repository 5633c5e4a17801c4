"""From the API's objects to the few words that a timeline keeps of them.

A state is flat: `image:app` is the image of the container `app`, `condition:Available` is the condition of that type as
`[status, reason, since, message]`. What comes from outside is cut to size and kept on one line.
"""

import json
from collections.abc import Iterable, Mapping
from hashlib import sha256
from itertools import islice
from typing import Any

from ..duration import from_rfc3339
from ..errors import one_line
from ..kube.managed_fields import writer_of
from ..record.annotations import read_record
from ..workload.rollout import available, observed, recovered, revision, rollout_complete

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

# What the kubelet says of pulls: kubernetes/pkg/kubelet/events/event.go
PULL_REASONS = frozenset({"Pulling", "Failed", "BackOff"})

_COUNTS = ("readyReplicas", "updatedReplicas", "availableReplicas", "unavailableReplicas")

Json = Mapping[str, Any]
State = dict[str, Any]


def deployment_state(deployment: Json, replica_sets: Iterable[Json] | None) -> State:
    """Return what is kept of a Deployment.

    Args:
        deployment: the Deployment.
        replica_sets: its ReplicaSets, which tell whether it is `complete`; None when they cannot be read: it then
            counts as complete by its own status.

    Returns:
        `generation`, `observedGeneration`, `replicas` (wanted), `totalReplicas` (there are), the counts of its status,
        `progressDeadlineSeconds`, `paused`, `strategy`, `maxSurge`, `maxUnavailable`, `record` (the ids of the
        injections that it carries, by container), `complete` (as `rollout.recovered`), `template` (a digest, which
        tells whether it changed), and for each container and condition `image:`, `writer:` (`[field manager, time]`)
        and `condition:`.
    """
    spec, metadata = deployment["spec"], deployment["metadata"]
    status, strategy = deployment.get("status") or {}, spec.get("strategy") or {}
    rolling = strategy.get("rollingUpdate") or {}
    record = {one_line(name, 63): one_line(e.id, 80) for name, e in _few(read_record(deployment).items())}
    state: State = {
        "generation": metadata.get("generation"),
        "observedGeneration": status.get("observedGeneration"),
        "replicas": spec.get("replicas", 1),
        "totalReplicas": status.get("replicas") or 0,
        **{count: status.get(count) or 0 for count in _COUNTS},
        "progressDeadlineSeconds": spec.get("progressDeadlineSeconds"),
        "paused": bool(spec.get("paused")),
        "strategy": strategy.get("type", "RollingUpdate"),
        "maxSurge": rolling.get("maxSurge"),
        "maxUnavailable": rolling.get("maxUnavailable"),
        "record": record or None,
        "complete": _complete(deployment, replica_sets),
        "template": sha256(json.dumps(spec["template"], sort_keys=True).encode()).hexdigest()[:8],
        **_images(spec["template"]["spec"]),
        **_conditions(status),
    }
    for field, container in _few(_containers(spec["template"]["spec"])):
        writer = writer_of(deployment, field, container["name"])
        if writer is not None:
            state[f"writer:{container['name']}"] = [one_line(writer.get("manager", ""), 128), _time(writer.get("time"))]
    return _known(state)


def replica_set_state(replica_set: Json) -> State:
    """Return what is kept of a ReplicaSet: `replicas`, `totalReplicas`, `readyReplicas`, `revision`, `image:`."""
    status = replica_set.get("status") or {}
    return {
        "replicas": replica_set["spec"].get("replicas", 1),
        "totalReplicas": status.get("replicas") or 0,
        "readyReplicas": status.get("readyReplicas") or 0,
        "revision": revision(replica_set),
        **_images(replica_set["spec"]["template"]["spec"]),
    }


def pod_state(pod: Json) -> State:
    """Return what is kept of a pod.

    Returns:
        `replicaSet` (its owner), `phase`, `ready`, `deleting`, and for each container `image:` and, while it waits,
        `waiting:` with the reason.
    """
    metadata, status = pod["metadata"], pod.get("status") or {}
    owner = next((o["name"] for o in metadata.get("ownerReferences") or [] if o.get("controller")), None)
    conditions = {c.get("type"): c.get("status") for c in status.get("conditions") or []}
    state: State = {
        "replicaSet": one_line(owner, MOST_IMAGE) if owner else None,
        "phase": status.get("phase"),
        "ready": conditions.get("Ready") == "True",
        "deleting": bool(metadata.get("deletionTimestamp")),
        **_images(pod["spec"]),
    }
    for field in ("initContainerStatuses", "containerStatuses"):
        for container in _few(status.get(field) or []):
            reason = ((container.get("state") or {}).get("waiting") or {}).get("reason")
            if reason:
                state[f"waiting:{container['name']}"] = one_line(reason, 80)
    return _known(state)


def event_state(event: Json) -> State | None:
    """Return what is kept of an Event that tells of a pull; None for any other.

    Returns:
        `pod` (its name), `reason`, `count`, `first`, `last` and `message`. One Event object stands for all that have
        the same reason and message: its count and its last time move.
    """
    about, reason = event.get("involvedObject") or {}, event.get("reason")
    if about.get("kind") != "Pod" or reason not in PULL_REASONS:
        return None
    series = event.get("series") or {}
    state = {
        "pod": one_line(about.get("name"), MOST_IMAGE),
        "reason": reason,
        "count": event.get("count") or series.get("count") or 1,
        "first": _time(event.get("firstTimestamp") or event.get("eventTime")),
        "last": _time(event.get("lastTimestamp") or series.get("lastObservedTime") or event.get("eventTime")),
        "message": one_line(event.get("message") or "", MOST_TEXT),
    }
    return _known(state)


def resource_state(resource: Json) -> State:
    """Return what is kept of an operator's resource: `generation`, `observedGeneration`, `version` and conditions.

    The version (resourceVersion) tells a status that was written anew from one that nobody touched.
    """
    metadata, found = resource["metadata"], resource.get("status")
    status = found if isinstance(found, Mapping) else {}  # what it is, the owner of its kind decides
    state = {
        "generation": metadata.get("generation"),
        "observedGeneration": status.get("observedGeneration"),
        "version": metadata.get("resourceVersion"),
        **_conditions(status),
    }
    return _known(state)


def _complete(deployment: Json, replica_sets: Iterable[Json] | None) -> bool:
    if replica_sets is not None:
        return recovered(deployment, list(replica_sets))
    ready, wanted = (deployment.get("status") or {}).get("readyReplicas") or 0, deployment["spec"].get("replicas", 1)
    return observed(deployment) and rollout_complete(deployment) and available(deployment) and 0 < wanted == ready


def _containers(pod: Json) -> Iterable[tuple[str, Json]]:
    return ((field, c) for field in ("initContainers", "containers") for c in pod.get(field) or [])


def _images(pod: Json) -> State:
    return {f"image:{c['name']}": one_line(c.get("image"), MOST_IMAGE) for _, c in _few(_containers(pod))}


def _conditions(status: Json) -> State:
    """Conditions by type; `since` is when it was last confirmed, where that is known, else when it last changed."""
    found = status.get("conditions")
    known = [c for c in found if isinstance(c, Mapping)] if isinstance(found, list) else []
    return {
        f"condition:{one_line(c.get('type'), 80)}": [
            one_line(c.get("status"), 20),
            one_line(c.get("reason") or "", 80),
            _time(c.get("lastUpdateTime") or c.get("lastTransitionTime")),
            one_line(c.get("message") or "", MOST_TEXT),
        ]
        for c in _few(known)
    }


def _time(text: object) -> str | None:
    """Return an RFC 3339 time as it is, None for anything else: in a custom resource it can be any text."""
    try:
        from_rfc3339(str(text))
    except ValueError:
        return None
    return str(text)


def _few(parts: Iterable[Any]) -> Iterable[Any]:
    return islice(parts, MOST_PARTS)


def _known(state: State) -> State:
    return {k: v for k, v in state.items() if v is not None}
