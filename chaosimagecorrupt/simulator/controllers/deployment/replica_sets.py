"""The ReplicaSets of a Deployment: which one has which template and revision, and their annotations."""

import json
from collections.abc import Iterable, Sequence

from ...store import NAME_CHARACTERS
from ...types import Object
from ..controller_ref import owner_reference
from .replica_counts import (
    DESIRED,
    MAXIMUM,
    desired_of,
    max_surge,
    size_of,
)

__all__ = [
    "HASH",
    "REVISION",
    "active",
    "annotations_of",
    "by_age",
    "find_new",
    "greatest_revision",
    "new_replica_set",
    "old_of",
    "revision_of",
    "with_replicas_annotations",
    "with_revision_annotations",
]

HASH = "pod-template-hash"
REVISION = "deployment.kubernetes.io/revision"
REVISION_HISTORY = "deployment.kubernetes.io/revision-history"
# How long the annotation with former revisions may get (maxRevHistoryLengthInChars)
HISTORY_CHARACTERS = 2000

# Annotations of a Deployment that its ReplicaSets do not get (annotationsToSkip)
NOT_COPIED = frozenset(
    (
        "kubectl.kubernetes.io/last-applied-configuration",
        REVISION,
        REVISION_HISTORY,
        DESIRED,
        MAXIMUM,
        "deprecated.deployment.rollback.to",
    )
)


def annotations_of(obj: Object) -> dict[str, str]:
    """Return the annotations of an object.

    Args:
        obj: the object.
    """
    return dict(obj["metadata"].get("annotations") or {})


def template_hash(template: Object) -> str:
    """Return a short name for a Pod template: the same for the same template, as FNV-1a over its JSON.

    Real clusters hash Go's view of it, so that their names differ from these.

    Args:
        template: the template.
    """
    number = 0x811C9DC5
    for byte in json.dumps(template, sort_keys=True, separators=(",", ":")).encode():
        number = (number ^ byte) * 0x01000193 & 0xFFFFFFFF
    return "".join(NAME_CHARACTERS[ord(digit) % len(NAME_CHARACTERS)] for digit in str(number))


def find_new(deployment: Object, replica_sets: Iterable[Object]) -> Object | None:
    """Return the oldest ReplicaSet of the present template, whatever its hash label (FindNewReplicaSet).

    Args:
        deployment: the Deployment.
        replica_sets: its ReplicaSets.
    """
    template = _without_hash(deployment["spec"]["template"])
    for replica_set in sorted(replica_sets, key=_age):
        if _without_hash(replica_set["spec"]["template"]) == template:
            return replica_set
    return None


def old_of(replica_sets: Iterable[Object], new: Object | None) -> list[Object]:
    """Return the ReplicaSets of former templates (FindOldReplicaSets).

    Args:
        replica_sets: all ReplicaSets of a Deployment.
        new: the newest one, if there is one.
    """
    uid = new["metadata"]["uid"] if new else None
    return [each for each in replica_sets if each["metadata"]["uid"] != uid]


def revision_of(obj: Object) -> int:
    """Return the revision that an object is annotated with, 0 when it is not.

    Args:
        obj: a ReplicaSet or a Deployment.
    """
    return int(annotations_of(obj).get(REVISION, 0))


def greatest_revision(replica_sets: Iterable[Object]) -> int:
    """Return the greatest revision of some ReplicaSets, 0 without any (MaxRevision).

    Args:
        replica_sets: the ReplicaSets.
    """
    return max(map(revision_of, replica_sets), default=0)


def with_revision_annotations(deployment: Object, replica_set: Object, revision: int) -> Object:
    """Return the newest ReplicaSet with its annotations brought up to date (SetNewReplicaSetAnnotations).

    Those of the Deployment are added, never removed. The object itself is returned when nothing changes.

    Args:
        deployment: the Deployment.
        replica_set: the ReplicaSet of the present template.
        revision: the revision that it is to have at least.
    """
    before = annotations_of(replica_set)
    after = before | {name: value for name, value in annotations_of(deployment).items() if name not in NOT_COPIED}
    present = before.get(REVISION)
    if int(present or 0) < revision:
        after[REVISION] = str(revision)
        if present:
            after[REVISION_HISTORY] = _longer_history(before.get(REVISION_HISTORY, ""), present)
    if after == before:
        return replica_set
    return {**replica_set, "metadata": {**replica_set["metadata"], "annotations": after}}


def with_replicas_annotations(deployment: Object, replica_set: Object) -> Object:
    """Return a ReplicaSet that says what its Deployment was scaled to (SetReplicasAnnotations).

    Args:
        deployment: the Deployment.
        replica_set: the ReplicaSet.
    """
    desired = desired_of(deployment)
    numbers = {DESIRED: str(desired), MAXIMUM: str(desired + max_surge(deployment))}
    annotations = annotations_of(replica_set) | numbers
    return {**replica_set, "metadata": {**replica_set["metadata"], "annotations": annotations}}


def new_replica_set(deployment: Object, old: Sequence[Object]) -> Object:
    """Return the ReplicaSet of the present template, with no replicas yet (getNewReplicaSet).

    Args:
        deployment: the Deployment.
        old: its ReplicaSets so far.
    """
    metadata, spec = deployment["metadata"], deployment["spec"]
    template = spec["template"]
    label = {HASH: template_hash(template)}
    labels = {**(template["metadata"].get("labels") or {}), **label}
    selector: Object = dict(spec["selector"])
    selector["matchLabels"] = {**(selector.get("matchLabels") or {}), **label}
    replica_set: Object = {
        "metadata": {
            "name": f"{metadata['name']}-{label[HASH]}",
            "namespace": metadata["namespace"],
            "labels": labels,
            "ownerReferences": [owner_reference("Deployment", metadata)],
        },
        "spec": {
            "replicas": 0,
            "selector": selector,
            "template": {**template, "metadata": {**template["metadata"], "labels": labels}},
        },
        "status": {"replicas": 0},
    }
    if spec.get("minReadySeconds"):
        replica_set["spec"]["minReadySeconds"] = spec["minReadySeconds"]
    replica_set = with_revision_annotations(deployment, replica_set, greatest_revision(old) + 1)
    return with_replicas_annotations(deployment, replica_set)


def by_age(replica_sets: Iterable[Object]) -> list[Object]:
    """Return ReplicaSets from the oldest to the newest (ReplicaSetsByCreationTimestamp).

    Args:
        replica_sets: the ReplicaSets.
    """
    return sorted(replica_sets, key=_age)


def active(replica_sets: Iterable[Object]) -> list[Object]:
    """Return the ReplicaSets that are to have replicas (FilterActiveReplicaSets).

    Args:
        replica_sets: the ReplicaSets.
    """
    return [each for each in replica_sets if size_of(each) > 0]


def _age(replica_set: Object) -> tuple[str, str]:
    return replica_set["metadata"]["creationTimestamp"], replica_set["metadata"]["name"]


def _without_hash(template: Object) -> Object:
    metadata = template.get("metadata") or {}
    labels = {name: value for name, value in (metadata.get("labels") or {}).items() if name != HASH}
    rest = {name: value for name, value in metadata.items() if name not in ("labels", "creationTimestamp")}
    return {**template, "metadata": {**rest, "labels": labels}}


def _longer_history(history: str, revision: str) -> str:
    """Append a revision, dropping the oldest ones where there are too many."""
    revisions = [*filter(None, history.split(",")), revision]
    while len(",".join(revisions)) > HISTORY_CHARACTERS:
        del revisions[0]
    return ",".join(revisions)
