"""The columns of the built-in kinds in a Table (kubernetes/pkg/printers/internalversion/printers.go)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ..types import Object
from .autoscaler_columns import targets
from .human_duration import age, since
from .job_columns import active_jobs, completions, job_duration, job_status, last_schedule
from .pod_columns import pod_ready, pod_restarts, pod_status
from .workload_columns import containers, controller, node_selector, ready

__all__ = ["BUILTIN_COLUMNS", "Column"]


@dataclass(frozen=True)
class Column:
    """One column.

    Attributes:
        name: its heading.
        show: takes an object and the time (seconds since 1970), returns the cell.
        type: the cells' type.
        priority: 0 always, 1 in the wide form only.
        format: `name` for the column that kubectl takes for the object's name.
    """

    name: str
    show: Callable[[Object, float], Any]
    type: str = "string"
    priority: int = 0
    format: str = ""


def _created(obj: Object, now: float) -> str:
    return str(obj["metadata"].get("creationTimestamp", ""))


def _status(member: str) -> Callable[[Object, float], Any]:
    return lambda obj, now: (obj.get("status") or {}).get(member, 0)


def _name(obj: Object, now: float) -> str:
    return str(obj["metadata"]["name"])


def _selector(obj: Object, now: float, member: str = "selector") -> str:
    labels = obj["spec"].get(member) or {}
    labels = labels.get("matchLabels", {}) if "matchLabels" in labels or "matchExpressions" in labels else labels
    return ",".join(f"{key}={value}" for key, value in sorted(labels.items())) or "<none>"


def _event_object(event: Object, now: float) -> str:
    about = event["involvedObject"]
    return f"{about.get('kind', '').lower()}/{about.get('name', '')}"


def _event_seen(event: Object, now: float) -> str:
    last = since(event.get("lastTimestamp") or event.get("eventTime") or event.get("firstTimestamp"), now)
    if event.get("count", 1) > 1:
        return f"{last} (x{event['count']} over {since(event.get('firstTimestamp'), now)})"
    return last


def _ports(service: Object, now: float) -> str:
    ports = service["spec"].get("ports") or ()
    return ",".join(f"{port['port']}/{port.get('protocol', 'TCP')}" for port in ports) or "<none>"


def _reference(autoscaler: Object, now: float) -> str:
    about = autoscaler["spec"]["scaleTargetRef"]
    return f"{about['kind']}/{about['name']}"


def _role(binding: Object, now: float) -> str:
    return f"{binding['roleRef']['kind']}/{binding['roleRef']['name']}"


def _access_modes(claim: Object, now: float) -> str:
    """Return the access modes that a PersistentVolumeClaim was given, in short."""
    short = {"ReadWriteOnce": "RWO", "ReadOnlyMany": "ROX", "ReadWriteMany": "RWX", "ReadWriteOncePod": "RWOP"}
    given = (claim.get("status") or {}).get("accessModes") or ()
    return ",".join(name for mode, name in short.items() if mode in given)


def _node_status(node: Object, now: float) -> str:
    conditions = (node.get("status") or {}).get("conditions") or ()
    ready = any(c["type"] == "Ready" and c["status"] == "True" for c in conditions)
    return "Ready" if ready else "NotReady"


def _field(*path: str, absent: Any = "") -> Callable[[Object, float], Any]:
    def show(obj: Object, now: float) -> Any:
        value: Any = obj
        for part in path:
            value = (value or {}).get(part)
        return absent if value is None else value

    return show


def _count(member: str) -> Callable[[Object, float], Any]:
    return lambda obj, now: len(obj.get(member) or ())


def _named(*columns: Column) -> tuple[Column, ...]:
    return (Column("Name", _name, format="name"), *columns)


_AGE = Column("Age", age)
_WORKLOAD = (
    Column("Containers", lambda obj, now: containers(obj, "name"), priority=1),
    Column("Images", lambda obj, now: containers(obj, "image"), priority=1),
    Column("Selector", _selector, priority=1),
)
_CREATED = Column("Created At", _created)

# The columns of the built-in kinds, by the resource's key
BUILTIN_COLUMNS: dict[str, tuple[Column, ...]] = {
    "controllerrevisions.apps": _named(
        Column("Controller", controller), Column("Revision", lambda obj, now: obj["revision"], "integer"), _AGE
    ),
    "daemonsets.apps": _named(
        Column("Desired", _status("desiredNumberScheduled"), "integer"),
        Column("Current", _status("currentNumberScheduled"), "integer"),
        Column("Ready", _status("numberReady"), "integer"),
        Column("Up-to-date", _status("updatedNumberScheduled"), "integer"),
        Column("Available", _status("numberAvailable"), "integer"),
        Column("Node Selector", node_selector),
        _AGE,
        *_WORKLOAD,
    ),
    "statefulsets.apps": _named(Column("Ready", ready), _AGE, *_WORKLOAD[:2]),
    "deployments.apps": _named(
        Column("Ready", ready),
        Column("Up-to-date", _status("updatedReplicas"), "integer"),
        Column("Available", _status("availableReplicas"), "integer"),
        _AGE,
        *_WORKLOAD,
    ),
    "replicasets.apps": _named(
        Column("Desired", _field("spec", "replicas", absent=0), "integer"),
        Column("Current", _status("replicas"), "integer"),
        Column("Ready", _status("readyReplicas"), "integer"),
        _AGE,
        *_WORKLOAD,
    ),
    "pods": _named(
        Column("Ready", pod_ready),
        Column("Status", pod_status),
        Column("Restarts", pod_restarts),
        _AGE,
        Column("IP", _field("status", "podIP", absent="<none>"), priority=1),
        Column("Node", _field("spec", "nodeName", absent="<none>"), priority=1),
        Column("Nominated Node", _field("status", "nominatedNodeName", absent="<none>"), priority=1),
        Column("Readiness Gates", lambda obj, now: "<none>", priority=1),
    ),
    "cronjobs.batch": _named(
        Column("Schedule", _field("spec", "schedule")),
        Column("Timezone", _field("spec", "timeZone", absent="<none>")),
        Column("Suspend", lambda obj, now: str(obj["spec"].get("suspend", False)), "boolean"),
        Column("Active", active_jobs, "integer"),
        Column("Last Schedule", last_schedule),
        _AGE,
        *_WORKLOAD,
    ),
    "jobs.batch": _named(
        Column("Status", job_status),
        Column("Completions", completions),
        Column("Duration", job_duration),
        _AGE,
        *_WORKLOAD,
    ),
    "horizontalpodautoscalers.autoscaling": _named(
        Column("Reference", _reference),
        Column("Targets", targets),
        Column("MinPods", _field("spec", "minReplicas", absent="<unset>")),
        Column("MaxPods", _field("spec", "maxReplicas"), "integer"),
        Column("Replicas", _status("currentReplicas"), "integer"),
        _AGE,
    ),
    "networkpolicies.networking.k8s.io": _named(
        Column("Pod-Selector", lambda obj, now: _selector(obj, now, "podSelector")), _AGE
    ),
    "persistentvolumeclaims": _named(
        Column("Status", _field("status", "phase")),
        Column("Volume", _field("spec", "volumeName")),
        Column("Capacity", _field("status", "capacity", "storage")),
        Column("Access Modes", _access_modes),
        Column("StorageClass", _field("spec", "storageClassName")),
        Column("VolumeAttributesClass", _field("spec", "volumeAttributesClassName", absent="<unset>")),
        _AGE,
        Column("VolumeMode", _field("spec", "volumeMode", absent="<unset>"), priority=1),
    ),
    "poddisruptionbudgets.policy": _named(
        Column("Min Available", _field("spec", "minAvailable", absent="N/A")),
        Column("Max Unavailable", _field("spec", "maxUnavailable", absent="N/A")),
        Column("Allowed Disruptions", _status("disruptionsAllowed"), "integer"),
        _AGE,
    ),
    "events": (
        Column("Last Seen", _event_seen),
        Column("Type", _field("type")),
        Column("Reason", _field("reason")),
        Column("Object", _event_object),
        Column("Message", _field("message")),
        Column("Name", _name, priority=1, format="name"),
    ),
    "namespaces": _named(Column("Status", _field("status", "phase")), _AGE),
    "nodes": _named(
        Column("Status", _node_status),
        Column("Roles", lambda obj, now: "<none>"),
        _AGE,
        Column("Version", _field("status", "nodeInfo", "kubeletVersion")),
    ),
    "services": _named(
        Column("Type", _field("spec", "type")),
        Column("Cluster-IP", _field("spec", "clusterIP", absent="<none>")),
        Column("External-IP", lambda obj, now: "<none>"),
        Column("Port(s)", _ports),
        _AGE,
        Column("Selector", _selector, priority=1),
    ),
    "configmaps": _named(Column("Data", _count("data"), "integer"), _AGE),
    "secrets": _named(Column("Type", _field("type")), Column("Data", _count("data"), "integer"), _AGE),
    "serviceaccounts": _named(_AGE),
    "clusterroles.rbac.authorization.k8s.io": _named(_CREATED),
    "roles.rbac.authorization.k8s.io": _named(_CREATED),
    "clusterrolebindings.rbac.authorization.k8s.io": _named(Column("Role", _role), _AGE),
    "rolebindings.rbac.authorization.k8s.io": _named(Column("Role", _role), _AGE),
    "customresourcedefinitions.apiextensions.k8s.io": _named(_CREATED),
    "leases.coordination.k8s.io": _named(Column("Holder", _field("spec", "holderIdentity")), _AGE),
    "validatingwebhookconfigurations.admissionregistration.k8s.io": _named(
        Column("Webhooks", _count("webhooks"), "integer"), _AGE
    ),
    "mutatingwebhookconfigurations.admissionregistration.k8s.io": _named(
        Column("Webhooks", _count("webhooks"), "integer"), _AGE
    ),
}
