"""Reduces the API's objects to the states that a timeline keeps: text is shortened, and kept on one line."""

import json
from collections.abc import Iterable, Mapping
from functools import lru_cache
from hashlib import sha256
from itertools import islice
from typing import Any, cast

from ..duration import from_rfc3339
from ..errors import one_line
from ..kube.managed_fields import REPLICAS, last_writer_of, newest, owners, writer_of
from ..kube.types import Deployment, Json, ManagedFieldsEntry, PodSpec, ReplicaSet, Revision
from ..record.annotations import read_record
from ..workload.containers import containers_of, pod_containers
from ..workload.controller_revisions import POD_HASH
from ..workload.kind import RollingSettings, WorkloadKind
from ..workload.kinds import KINDS, kind_of
from ..workload.pull_causes import cause_text
from ..workload.pull_failures import PULL_FAILURES
from ..workload.rollout import desired_replicas, revision
from .states import FAILED_CREATE, MOST_IMAGE, MOST_TEXT, State, WriterJson

__all__ = [
    "controller_revision_state",
    "deployment_state",
    "event_state",
    "pod_state",
    "replica_set_state",
    "resource_state",
]

# containers, conditions and the like that are kept of one object
MOST_PARTS = 50

# The reasons of the kubelet's Events about pulls: kubernetes/pkg/kubelet/events/event.go
_PULL_REASONS = frozenset({"Pulling", "Failed", "BackOff"})

# what makes pods by itself
_WITHOUT_REPLICA_SETS = frozenset(kind.name for kind in KINDS if not kind.counts_pods)

# A part of a state; what is not known is None
_Part = Mapping[str, object]


def deployment_state(deployment: Deployment, revisions: Iterable[Revision] | None) -> State:
    """Return what is kept of a Deployment, or another workload.

    Args:
        deployment: the workload.
        revisions: its ReplicaSets, which decide whether it is `complete`; None when they cannot be read, so that its
            own status decides.

    Returns:
        Its generations, counts and settings, who wrote it, and for each container and condition `image:`, `writer:` and
        `condition:`.
    """
    spec, metadata = deployment["spec"], deployment["metadata"]
    status, kind = deployment.get("status") or {}, kind_of(deployment)
    counts, settings = kind.counts(deployment), kind.settings(deployment)
    record = {one_line(name, 63): one_line(e.id, 80) for name, e in _first_parts(read_record(deployment).items())}
    state: State = {
        "replicas": counts.desired,
        "totalReplicas": counts.total,
        "readyReplicas": counts.ready,
        "updatedReplicas": counts.updated,
        "availableReplicas": counts.available,
        "unavailableReplicas": counts.unavailable,
        "paused": bool(spec.get("paused")),
        "strategy": settings.strategy,
        "complete": kind.recovered(deployment, None if revisions is None else list(revisions)),
        "template": sha256(json.dumps(spec["template"], sort_keys=True).encode()).hexdigest()[:8],
    }
    if_known = {
        "generation": metadata.get("generation"),
        "observedGeneration": status.get("observedGeneration"),
        "record": record or None,
        "uid": metadata.get("uid"),
        "lastWriter": _writer(last_writer_of(deployment)),
        "replicasWriter": _writer(newest(owners(deployment, REPLICAS))),
    }
    images, conditions = _images(spec["template"]["spec"]), _conditions(status)
    return _state(state, if_known, _settings(spec, settings), images, conditions, _writers(deployment))


def replica_set_state(replica_set: ReplicaSet) -> State:
    """Return what is kept of a ReplicaSet.

    Returns:
        `replicas`, `totalReplicas`, `readyReplicas`, `revision`, and for each container and condition `image:` and
        `condition:`. Its only condition is ReplicaFailure: why it cannot create pods.
    """
    status = replica_set.get("status") or {}
    state: State = {
        "replicas": desired_replicas(replica_set),
        "totalReplicas": status.get("replicas") or 0,
        "readyReplicas": status.get("readyReplicas") or 0,
        "revision": revision(replica_set),
    }
    return _state(state, _images(replica_set["spec"]["template"]["spec"]), _conditions(status))


def controller_revision_state(found: Revision, kind: WorkloadKind) -> State:
    """Return what is kept of a ControllerRevision: `revision`, and `image:` for each container.

    Args:
        found: the ControllerRevision.
        kind: of the workload that it belongs to.
    """
    return _state({"revision": kind.revision_number(found)}, _images(found["spec"]["template"]["spec"]))


def pod_state(pod: Json) -> State:
    """Return what is kept of a pod.

    Returns:
        `replicaSet` (its owner) or `controllerRevision` (what has its template), `phase`, `ready`, `deleting`,
        `unscheduled` (the scheduler's reason and message, as long as no node takes it), and for each container `image:`
        and, while it waits, `waiting:` with the reason, and `cause:` when it waits for an image that cannot be pulled.
    """
    metadata, status = pod["metadata"], pod.get("status") or {}
    owner = next((o for o in metadata.get("ownerReferences") or [] if o.get("controller")), dict[str, Any]())
    conditions = {c.get("type"): c.get("status") for c in status.get("conditions") or []}
    state: State = {
        "ready": conditions.get("Ready") == "True",
        "deleting": bool(metadata.get("deletionTimestamp")),
    }
    if_known = {
        **_template_holder(metadata, owner),
        "phase": status.get("phase"),
        "unscheduled": _unscheduled(status),
    }
    return _state(state, if_known, _images(pod["spec"]), _waiting_reasons(status))


def event_state(event: Json) -> State | None:
    """Return what is kept of an Event about a pull, or about a pod that could not be created; else None.

    Returns:
        `pod`, `replicaSet` or `workload` (the name of what it is about), `reason`, `count`, `first`, `last` and
        `message`. One Event object represents all that have the same reason and message: its count and its last time
        grow.
    """
    about, reason = event.get("involvedObject") or {}, event.get("reason")
    name, subject = one_line(about.get("name"), MOST_IMAGE), State()
    if about.get("kind") == "Pod" and reason in _PULL_REASONS:
        subject["pod"] = name
    elif about.get("kind") == "ReplicaSet" and reason == FAILED_CREATE:
        subject["replicaSet"] = name
    elif about.get("kind") in _WITHOUT_REPLICA_SETS and reason == FAILED_CREATE:
        subject["workload"] = name
    else:
        return None
    message = one_line(event.get("message") or "", MOST_TEXT)
    return _state({**subject, "reason": reason, "message": message, "count": _count(event)}, _times(event))


def resource_state(resource: Json) -> State:
    """Return what is kept of an operator's resource: `generation`, `observedGeneration`, `version` and conditions.

    The version (resourceVersion) distinguishes a status that was written again from one that was not.
    """
    metadata, found = resource["metadata"], resource.get("status")
    status = found if isinstance(found, Mapping) else {}  # a custom resource may have anything there
    if_known = {
        "generation": metadata.get("generation"),
        "observedGeneration": status.get("observedGeneration"),
        "version": metadata.get("resourceVersion"),
    }
    return _state({}, if_known, _conditions(status))


def _settings(spec: Json, settings: RollingSettings) -> _Part:
    return {
        "progressDeadlineSeconds": spec.get("progressDeadlineSeconds"),
        "minReadySeconds": spec.get("minReadySeconds") or None,
        "maxSurge": settings.max_surge,
        "maxUnavailable": settings.max_unavailable,
    }


def _count(event: Json) -> int:
    """Return how often an Event occurred; Events of both API groups are read."""
    return event.get("count") or (event.get("series") or {}).get("count") or 1


def _times(event: Json) -> _Part:
    """Return when an Event occurred first and last; Events of both API groups are read."""
    series, created = event.get("series") or {}, event.get("eventTime")
    return {
        "first": _time(event.get("firstTimestamp") or created),
        "last": _time(event.get("lastTimestamp") or series.get("lastObservedTime") or created),
    }


def _template_holder(metadata: Json, owner: Json) -> _Part:
    """Return what has the template of a pod: its ReplicaSet, or a ControllerRevision, by the pod's label."""
    if owner.get("kind") not in _WITHOUT_REPLICA_SETS:
        return {"replicaSet": one_line(owner["name"], MOST_IMAGE) if owner else None}
    # a StatefulSet's label has the whole name, a DaemonSet's only the hash
    revision_hash = (metadata.get("labels") or {}).get(POD_HASH) or ""
    name = revision_hash if revision_hash.startswith(f"{owner['name']}-") else f"{owner['name']}-{revision_hash}"
    return {"controllerRevision": one_line(name, MOST_IMAGE) if revision_hash else None}


def _images(pod: PodSpec) -> _Part:
    return {
        _key("image", c["name"]): one_line(c.get("image"), MOST_IMAGE) for _, c in _first_parts(pod_containers(pod))
    }


def _writers(deployment: Deployment) -> _Part:
    """Return the field manager that wrote each container's image, and when, where `managedFields` show it."""
    containers = _first_parts(containers_of(deployment))
    return {_key("writer", c["name"]): _writer(writer_of(deployment, field, c["name"])) for field, c in containers}


def _writer(entry: ManagedFieldsEntry | None) -> WriterJson | None:
    return None if entry is None else (one_line(entry.get("manager", ""), 128), _time(entry.get("time")))


def _unscheduled(status: Json) -> str | None:
    """Return why no node takes a pod, in the scheduler's words; None when one did, or the scheduler has not tried."""
    for condition in status.get("conditions") or []:
        if condition.get("type") == "PodScheduled" and condition.get("status") == "False":
            return one_line(f"{condition.get('reason') or ''}: {condition.get('message') or ''}".strip(": "), MOST_TEXT)
    return None


def _waiting_reasons(status: Json) -> _Part:
    """Return why each container of a pod waits, for those that do, and why its image cannot be pulled."""
    found: dict[str, str] = {}
    for field in ("initContainerStatuses", "containerStatuses"):
        for container in _first_parts(status.get(field) or []):
            waiting = (container.get("state") or {}).get("waiting") or {}
            reason, name = waiting.get("reason"), container["name"]
            if reason:
                found[_key("waiting", name)] = one_line(reason, 80)
            cause = cause_text(waiting.get("message") or "", reason) if reason in PULL_FAILURES else ""
            if cause:
                found[_key("cause", name)] = one_line(cause, MOST_TEXT)
    return found


def _conditions(status: Json) -> _Part:
    """Return the conditions by type; `since` is when one was last confirmed, or if that is not known, last changed."""
    found = status.get("conditions")
    known = [c for c in found if isinstance(c, Mapping)] if isinstance(found, list) else []
    return {
        _key("condition", one_line(c.get("type"), 80)): (
            one_line(c.get("status"), 20),
            one_line(c.get("reason") or "", 80),
            _time(c.get("lastUpdateTime") or c.get("lastTransitionTime")),
            one_line(c.get("message") or "", MOST_TEXT),
        )
        for c in _first_parts(known)
    }


@lru_cache(maxsize=1000)
def _key(part: str, name: str) -> str:
    """Return a key of a state, each time the same object: a run keeps thousands of states with the same keys."""
    return f"{part}:{name}"


def _time(text: object) -> str | None:
    """Return an RFC 3339 time as it is, None for anything else: in a custom resource it can be any text."""
    try:
        from_rfc3339(str(text))
    except ValueError:
        return None
    return str(text)


def _first_parts(parts: Iterable[Any]) -> Iterable[Any]:
    return islice(parts, MOST_PARTS)


def _state(state: State, *parts: _Part) -> State:
    """Return a state with further parts, without what is not known. A test holds their keys to those of `State`."""
    found = dict(state)
    for part in parts:
        found.update(part)
    return cast(State, {k: v for k, v in found.items() if v is not None})
