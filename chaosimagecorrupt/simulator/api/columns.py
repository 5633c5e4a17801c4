"""What each built-in kind shows in a Table (kubernetes/pkg/printers/internalversion/printers.go)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chaosimagecorrupt.simulator.api.podcolumns import pod_ready, pod_restarts, pod_status

__all__ = ["BUILTIN_COLUMNS", "Column", "age", "duration"]

Obj = dict[str, Any]


@dataclass(frozen=True)
class Column:
    """One column.

    Args:
        name: Its heading.
        show: Takes an object and the time (seconds since 1970), returns the cell.
        type: The cells' type.
        priority: 0 always, 1 in the wide form only.
        format: ``name`` for the column that kubectl takes for the object's name.
    """

    name: str
    show: Callable[[Obj, float], Any]
    type: str = "string"
    priority: int = 0
    format: str = ""


def duration(seconds: float) -> str:
    """Return a span of time as kubectl prints it: ``45s``, ``3m10s``, ``2d3h``.

    Args:
        seconds: Its length (k8s.io/apimachinery/pkg/util/duration: HumanDuration).
    """
    total = int(seconds)
    if total < 0:
        return "<invalid>" if total < -1 else "0s"
    if total < 120:
        return f"{total}s"
    minutes, hours, days = total // 60, total // 3600, total // 86400
    if minutes < 10:
        return f"{minutes}m{total % 60}s" if total % 60 else f"{minutes}m"
    if minutes < 180:
        return f"{minutes}m"
    if hours < 8:
        return f"{hours}h{minutes % 60}m" if minutes % 60 else f"{hours}h"
    if hours < 48:
        return f"{hours}h"
    if days < 8:
        return f"{days}d{hours % 24}h" if hours % 24 else f"{days}d"
    if days < 730:
        return f"{days}d"
    years = days // 365
    return f"{years}y{days % 365}d" if years < 8 and days % 365 else f"{years}y"


def _since(text: Any, now: float) -> str:
    if not text:
        return "<unknown>"
    return duration(now - datetime.fromisoformat(str(text).replace("Z", "+00:00")).timestamp())


def age(obj: Obj, now: float) -> str:
    """Return how long an object has been there.

    Args:
        obj: The object.
        now: Seconds since 1970.
    """
    return _since(obj["metadata"].get("creationTimestamp"), now)


def _created(obj: Obj, now: float) -> str:
    return str(obj["metadata"].get("creationTimestamp", ""))


def _status(member: str) -> Callable[[Obj, float], Any]:
    return lambda obj, now: (obj.get("status") or {}).get(member, 0)


def _name(obj: Obj, now: float) -> str:
    return str(obj["metadata"]["name"])


def _ready(obj: Obj, now: float) -> str:
    return f"{(obj.get('status') or {}).get('readyReplicas', 0)}/{obj['spec'].get('replicas', 0)}"


def _containers(obj: Obj, member: str) -> str:
    return ",".join(c[member] for c in obj["spec"]["template"]["spec"]["containers"])


def _selector(obj: Obj, now: float) -> str:
    labels = obj["spec"].get("selector", {})
    labels = labels.get("matchLabels", {}) if "matchLabels" in labels or "matchExpressions" in labels else labels
    return ",".join(f"{key}={value}" for key, value in sorted(labels.items())) or "<none>"


def _event_object(event: Obj, now: float) -> str:
    about = event["involvedObject"]
    return f"{about.get('kind', '').lower()}/{about.get('name', '')}"


def _event_seen(event: Obj, now: float) -> str:
    last = _since(event.get("lastTimestamp") or event.get("eventTime") or event.get("firstTimestamp"), now)
    if event.get("count", 1) > 1:
        return f"{last} (x{event['count']} over {_since(event.get('firstTimestamp'), now)})"
    return last


def _ports(service: Obj, now: float) -> str:
    ports = service["spec"].get("ports") or ()
    return ",".join(f"{port['port']}/{port.get('protocol', 'TCP')}" for port in ports) or "<none>"


def _role(binding: Obj, now: float) -> str:
    return f"{binding['roleRef']['kind']}/{binding['roleRef']['name']}"


def _node_status(node: Obj, now: float) -> str:
    conditions = (node.get("status") or {}).get("conditions") or ()
    ready = any(c["type"] == "Ready" and c["status"] == "True" for c in conditions)
    return "Ready" if ready else "NotReady"


def _field(*path: str, absent: Any = "") -> Callable[[Obj, float], Any]:
    def show(obj: Obj, now: float) -> Any:
        value: Any = obj
        for part in path:
            value = (value or {}).get(part)
        return absent if value is None else value

    return show


def _count(member: str) -> Callable[[Obj, float], Any]:
    return lambda obj, now: len(obj.get(member) or ())


def _named(*columns: Column) -> tuple[Column, ...]:
    return (Column("Name", _name, format="name"), *columns)


_AGE = Column("Age", age)
_WORKLOAD = (
    Column("Containers", lambda obj, now: _containers(obj, "name"), priority=1),
    Column("Images", lambda obj, now: _containers(obj, "image"), priority=1),
    Column("Selector", _selector, priority=1),
)
_CREATED = Column("Created At", _created)

BUILTIN_COLUMNS: dict[str, tuple[Column, ...]] = {
    "deployments.apps": _named(
        Column("Ready", _ready),
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
"""The columns of the built-in kinds, by the resource's key."""
