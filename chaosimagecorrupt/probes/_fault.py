"""Whether a fault of this run is still in place: without it, what it causes cannot come any longer."""

from collections.abc import Callable

from logzero import logger

from ..errors import ClusterError, ImageCorruptError, one_line
from ..kube.managed_fields import writer_of
from ..kube.requests import FIELD_MANAGER
from ..kube.types import Deployment
from ..kube.waiting import WatchSet
from ..record.annotations import read_record
from ..record.entry import Entry
from ..record.fault import Fault
from ..record.memory import MEMORY
from ..workload.containers import container_of
from ..workload.kinds import kind_of
from ..workload.target import Target

__all__ = [
    "fault_of",
    "no_longer_in_place",
    "no_pods_any_longer",
    "no_recovery_possible",
    "original_image_is_back",
    "over_for",
    "over_for_all",
]


def fault_of(target: Target) -> Fault | None:
    """Return the fault that this run injected and has not undone, None without one."""
    fault = MEMORY.fault(target)
    return fault if fault is not None and fault.confirmed and fault.left else None


def over_for(target: Target) -> Callable[[Deployment | None], str | None]:
    """Return what decides, from the Deployment, whether an effect of this run's fault can still come.

    Without a fault of this run it always can: the state may have another cause.
    """
    fault = fault_of(target)
    return lambda deployment: None if fault is None else no_longer_in_place(deployment, fault)


def no_longer_in_place(deployment: Deployment | None, fault: Fault) -> str | None:
    """Say why a fault has no effect any longer; None while it has.

    Args:
        deployment: the Deployment; None when it is gone.
        fault: what this run injected into it and has not undone.
    """
    called = f"the {fault.kind.name}"
    if deployment is None:
        return f"{called} is gone"
    if deployment["metadata"]["uid"] != fault.uid:
        return f"{called} was deleted and created again"
    if fault.kind.wants_no_pods(deployment):
        return f"{called} {fault.kind.without_pods}"
    if any(_in_place(deployment, entry) for entry in fault.left):
        return None
    return "; ".join(_replaced(deployment, entry) for entry in fault.left)


def original_image_is_back(target: Target) -> bool:
    """Return whether others put back all original images that this run replaced and has not restored.

    False when the Deployment is gone, or cannot be read.
    """
    fault = fault_of(target)
    if fault is None:
        return False
    try:
        deployment = target.get()
    except ImageCorruptError as x:
        logger.debug(f"{target}: cannot be read: {one_line(x)}")
        return False
    return deployment["metadata"]["uid"] == fault.uid and all(_has_original(deployment, e) for e in fault.left)


def over_for_all(watch_set: WatchSet) -> Callable[[], str | None]:
    """Return what decides whether all faults that this run has in this cluster have no effect any longer.

    Args:
        watch_set: their Deployments are followed with what it follows already. Those that cannot be listed are not
            considered; without any, all effects can still come.
    """
    followed = []
    for fault in MEMORY.faults():
        if fault.confirmed and fault.left and fault.cluster.address == watch_set.cluster.address:
            try:
                query = {"fieldSelector": f"metadata.name={fault.name}"}
                followed.append((fault, watch_set.add(fault.kind.resource, fault.namespace, query, optional=True)))
            except ClusterError as x:
                logger.debug(f"{fault.target}: cannot be followed: {one_line(x)}")
                return lambda: None

    def over() -> str | None:
        whys = [no_longer_in_place(next(iter(i.objects.values()), None), fault) for fault, i in followed]
        reasons = [why for why in whys if why is not None]
        return "; ".join(reasons) if reasons and len(reasons) == len(whys) else None

    return over


def no_recovery_possible(deployment: Deployment | None) -> str | None:
    """Say why a Deployment cannot recover; None when it can. One that is gone may be created again."""
    if deployment is None:
        return None
    kind = kind_of(deployment)
    none = kind.wants_no_pods(deployment)
    return f"the {kind.name} {kind.without_pods}, so no pod shows a recovery" if none else None


def no_pods_any_longer(target: Target) -> Callable[[Deployment | None], str | None]:
    """Return what says that a Deployment that this run has corrupted is scaled to 0; any other may be scaled up yet."""
    fault = MEMORY.fault(target)
    return no_recovery_possible if fault is not None and fault.confirmed else lambda deployment: None


def _in_place(deployment: Deployment, entry: Entry) -> bool:
    found = container_of(deployment, entry.container)
    if found is None or found.image == entry.original:
        return False
    if found.image == entry.image:
        return True
    # An admission webhook may have made another image of the corrupt one; the writer is this tool then
    writer = writer_of(deployment, found.field, entry.container) or {}
    recorded = read_record(deployment).get(entry.container)
    return recorded is not None and recorded.id == entry.id and writer.get("manager") == FIELD_MANAGER


def _has_original(deployment: Deployment, entry: Entry) -> bool:
    found = container_of(deployment, entry.container)
    return found is not None and found.image == entry.original


def _replaced(deployment: Deployment, entry: Entry) -> str:
    container, found = one_line(entry.container, 63), container_of(deployment, entry.container)
    if found is None:
        return f"the container {container} was removed or renamed"
    writer = writer_of(deployment, found.field, entry.container) or {}
    who = one_line(writer.get("manager") or "another client", 128)
    what = "put the original image back" if found.image == entry.original else "set another image"
    return f"{who} {what}: {container} has '{one_line(found.image, 300)}'"
