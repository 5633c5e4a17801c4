"""The Pods of a DaemonSet: how they are made, and which nodes they are to be on (pkg/controller/daemon/util)."""

from collections.abc import Iterable

from ...types import Object
from ..controller_ref import owner_reference
from ..controller_revisions import REVISION_HASH
from ..node_affinity import matches_node, untolerated
from ..replicaset.active_pods import has_ended

__all__ = ["TEMPLATE_GENERATION", "by_age", "by_node", "is_updated", "new_pod", "should_run", "target_node"]

# What every Pod of a DaemonSet tolerates: key and effect (AddOrUpdateDaemonPodTolerations)
TOLERATED = (
    ("not-ready", "NoExecute"),
    ("unreachable", "NoExecute"),
    ("disk-pressure", "NoSchedule"),
    ("memory-pressure", "NoSchedule"),
    ("pid-pressure", "NoSchedule"),
    ("unschedulable", "NoSchedule"),
)
# What those that use their node's network tolerate, too
TOLERATED_ON_HOST_NETWORK = (("network-unavailable", "NoSchedule"),)

# The annotation that says how often the template was changed, and the label of the Pods that do
TEMPLATE_GENERATION = "deprecated.daemonset.template.generation"
GENERATION_LABEL = "pod-template-generation"


def new_pod(daemon_set: Object, node: str, revision_hash: str, suffix: str) -> Object:
    """Return a Pod for a node.

    Args:
        daemon_set: the DaemonSet.
        node: the node's name.
        revision_hash: the hash of the template's ControllerRevision.
        suffix: what the Pod's name ends in.
    """
    metadata, template = daemon_set["metadata"], daemon_set["spec"]["template"]
    given, generation = template.get("metadata") or {}, _template_generation(daemon_set)
    labels = {**(given.get("labels") or {}), REVISION_HASH: revision_hash}
    if generation is not None:
        labels[GENERATION_LABEL] = generation
    made: Object = {
        "name": f"{metadata['name']}-{suffix}",
        "generateName": f"{metadata['name']}-",
        "namespace": metadata["namespace"],
        "labels": labels,
        "ownerReferences": [owner_reference("DaemonSet", metadata)],
    }
    made |= {member: given[member] for member in ("annotations", "finalizers") if given.get(member)}
    spec = _with_tolerations(template["spec"])
    return {"metadata": made, "spec": {**spec, "affinity": _affinity(spec, node)}}


def _with_tolerations(spec: Object) -> Object:
    tolerated = [*TOLERATED, *(TOLERATED_ON_HOST_NETWORK if spec.get("hostNetwork") else ())]
    added = [{"key": f"node.kubernetes.io/{key}", "operator": "Exists", "effect": effect} for key, effect in tolerated]
    given = [each for each in spec.get("tolerations") or () if _identity(each) not in map(_identity, added)]
    return {**spec, "tolerations": [*given, *added]}


def _identity(toleration: Object) -> tuple[str, ...]:
    return tuple(str(toleration.get(member, "")) for member in ("key", "effect", "operator", "value"))


def _affinity(spec: Object, node: str) -> Object:
    """Return the affinity to one node, in place of the one that chose it (ReplaceDaemonSetPodNodeNameNodeAffinity)."""
    affinity = spec.get("affinity") or {}
    requirement = {"key": "metadata.name", "operator": "In", "values": [node]}
    required = {"nodeSelectorTerms": [{"matchFields": [requirement]}]}
    chosen = {**(affinity.get("nodeAffinity") or {}), "requiredDuringSchedulingIgnoredDuringExecution": required}
    return {**affinity, "nodeAffinity": chosen}


def should_run(daemon_set: Object, node: Object) -> tuple[bool, bool]:
    """Return whether a new Pod is to be on a node, and whether one that is there may stay (NodeShouldRunDaemonPod).

    Args:
        daemon_set: the DaemonSet.
        node: the node.
    """
    spec = _with_tolerations(daemon_set["spec"]["template"]["spec"])
    if spec.get("nodeName") not in (None, "", node["metadata"]["name"]) or not matches_node(spec, node):
        return False, False
    if untolerated(spec, node, ("NoSchedule", "NoExecute")):
        return False, untolerated(spec, node, ("NoExecute",)) is None
    return True, True


def target_node(pod: Object) -> str:
    """Return the node that a Pod is on, or was made for; empty when it says none.

    Args:
        pod: the Pod.
    """
    if pod["spec"].get("nodeName"):
        return str(pod["spec"]["nodeName"])
    affinity = (pod["spec"].get("affinity") or {}).get("nodeAffinity") or {}
    required = affinity.get("requiredDuringSchedulingIgnoredDuringExecution") or {}
    for term in required.get("nodeSelectorTerms") or ():
        for field in term.get("matchFields") or ():
            if field["key"] == "metadata.name":
                return str(field["values"][0])
    return ""


def by_node(pods: Iterable[Object]) -> dict[str, list[Object]]:
    """Return Pods by the node that they are on or made for; not those that are being deleted and have ended.

    Args:
        pods: the Pods of a DaemonSet.
    """
    found: dict[str, list[Object]] = {}
    for pod in pods:
        node = target_node(pod)
        if node and not (has_ended(pod) and "deletionTimestamp" in pod["metadata"]):
            found.setdefault(node, []).append(pod)
    return found


def by_age(pods: Iterable[Object]) -> list[Object]:
    """Return the Pods that are on a node before the others, and the oldest first (podByCreationTimestampAndPhase).

    Args:
        pods: the Pods.
    """

    def rank(pod: Object) -> tuple[bool, str, str]:
        return not pod["spec"].get("nodeName"), pod["metadata"]["creationTimestamp"], pod["metadata"]["name"]

    return sorted(pods, key=rank)


def _template_generation(daemon_set: Object) -> str | None:
    number: str | None = (daemon_set["metadata"].get("annotations") or {}).get(TEMPLATE_GENERATION)
    return number


def is_updated(daemon_set: Object, pod: Object, revision_hash: str) -> bool:
    """Return whether a Pod is of the present template (IsPodUpdated).

    Args:
        daemon_set: the DaemonSet.
        pod: the Pod.
        revision_hash: the hash of the template's ControllerRevision.
    """
    labels, generation = pod["metadata"].get("labels") or {}, _template_generation(daemon_set)
    same_generation = generation is not None and labels.get(GENERATION_LABEL) == generation
    return same_generation or (bool(revision_hash) and labels.get(REVISION_HASH) == revision_hash)
