"""Cells of the columns of workloads and of their ControllerRevisions (kubernetes/pkg/printers/internalversion)."""

from ..types import Object

__all__ = ["containers", "controller", "node_selector", "ready"]


def ready(obj: Object, now: float) -> str:
    """Return how many of the replicas that are wanted are ready.

    Args:
        obj: a Deployment or StatefulSet.
        now: seconds since 1970.
    """
    return f"{(obj.get('status') or {}).get('readyReplicas', 0)}/{obj['spec'].get('replicas', 0)}"


def containers(obj: Object, member: str) -> str:
    """Return one member of each container of a template.

    Args:
        obj: a workload, a Job or a CronJob.
        member: `name` or `image`.
    """
    template = obj["spec"].get("template") or obj["spec"]["jobTemplate"]["spec"]["template"]
    return ",".join(container[member] for container in template["spec"]["containers"])


def controller(revision: Object, now: float) -> str:
    """Return what controls a ControllerRevision: `statefulset.apps/web`.

    Args:
        revision: the ControllerRevision.
        now: seconds since 1970.
    """
    owners = revision["metadata"].get("ownerReferences") or ()
    owner = next((each for each in owners if each.get("controller")), None)
    if owner is None:
        return "<none>"
    group = owner["apiVersion"].rpartition("/")[0]
    kind = f"{owner['kind'].lower()}.{group}" if group else owner["kind"].lower()
    return f"{kind}/{owner['name']}"


def node_selector(daemon_set: Object, now: float) -> str:
    """Return the node selector of a DaemonSet's template.

    Args:
        daemon_set: the DaemonSet.
        now: seconds since 1970.
    """
    labels = daemon_set["spec"]["template"]["spec"].get("nodeSelector") or {}
    return ",".join(f"{key}={value}" for key, value in sorted(labels.items())) or "<none>"
