"""Validation of objects (kubernetes/pkg/apis/*/validation)."""

from collections.abc import Callable, Sequence
from typing import Any

from ..kinds import Resource
from ..types import Object
from .conversion import as_stored
from .daemonset_validation import invalid_controller_revision, invalid_daemon_set
from .errors import Cause, invalid_value, required, unsupported_value
from .event_validation import invalid_event, invalid_new_event
from .metadata_validation import invalid_metadata, invalid_metadata_change
from .pod_validation import invalid_pod_change, invalid_pod_images, invalid_pod_spec
from .quantity_validation import invalid_limit_range, invalid_resource_quota
from .statefulset_validation import invalid_stateful_set, invalid_stateful_set_change
from .structural_schema import invalid_custom
from .workload_validation import (
    forbidden_field,
    int_or_percent,
    invalid_cron_job,
    invalid_deployment,
    invalid_job,
    invalid_workload,
)

__all__ = ["invalid_change", "invalid_object"]

IMMUTABLE = "field is immutable"


def invalid_object(resource: Resource, obj: Object) -> list[Cause]:
    """Return what is wrong with a new object.

    Args:
        resource: what it is.
        obj: the object, with its defaults.
    """
    causes = invalid_metadata(resource, obj["metadata"])
    if resource.stored_as:
        return causes + invalid_new_event(as_stored(resource, obj))
    causes += _invalid_content(resource, obj)
    if resource.name == "pods":
        causes += invalid_pod_images(obj["spec"])
    return causes


def invalid_change(resource: Resource, old: Object, new: Object) -> list[Cause]:
    """Return what is wrong with an object that replaces another.

    Args:
        resource: what they are.
        old: the object before.
        new: the object after, with its defaults.
    """
    causes = invalid_metadata_change(resource, old["metadata"], new["metadata"])
    causes += _invalid_content(resource, new)
    for path in _IMMUTABLE.get(resource.name, ()):
        before, after = _at(old, path), _at(new, path)
        if before != after:
            causes.append(invalid_value(path, after, IMMUTABLE))
    if resource.name == "pods":
        causes += invalid_pod_change(old["spec"], new["spec"])
    if resource.name == "persistentvolumeclaims":
        causes += _claim_change(old["spec"], new["spec"])
    if resource.name == "statefulsets.apps":
        causes += invalid_stateful_set_change(old["spec"], new["spec"])
    return causes


_IMMUTABLE = {
    "controllerrevisions.apps": ("data",),
    "daemonsets.apps": ("spec.selector",),
    "deployments.apps": ("spec.selector",),
    "replicasets.apps": ("spec.selector",),
    "rolebindings.rbac.authorization.k8s.io": ("roleRef",),
    "clusterrolebindings.rbac.authorization.k8s.io": ("roleRef",),
    "secrets": ("type",),
    "jobs.batch": ("spec.selector", "spec.template", "spec.completionMode"),
}


def _at(obj: Object, path: str) -> Any:
    value: Any = obj
    for part in path.split("."):
        value = (value or {}).get(part)
    return value


def _invalid_content(resource: Resource, obj: Object) -> list[Cause]:
    if resource.custom:
        return invalid_custom(obj, resource.schema or {})
    validator = _VALIDATORS.get(resource.name)
    return validator(obj) if validator else []


def _pod(obj: Object) -> list[Cause]:
    return invalid_pod_spec(obj["spec"], "spec")


def _binding(obj: Object) -> list[Cause]:
    role = obj.get("roleRef") or {}
    supported = ["Role", "ClusterRole"] if obj["kind"] == "RoleBinding" else ["ClusterRole"]
    causes = []
    if role.get("kind") not in supported:
        causes.append(unsupported_value("roleRef.kind", role.get("kind", ""), supported))
    if not role.get("name"):
        causes.append(required("roleRef.name"))
    for index, subject in enumerate(obj.get("subjects") or ()):
        if subject.get("kind") not in ("ServiceAccount", "User", "Group"):
            known = ["ServiceAccount", "User", "Group"]
            causes.append(unsupported_value(f"subjects[{index}].kind", subject.get("kind", ""), known))
        if _lacks_namespace(obj["kind"], subject):
            causes.append(required(f"subjects[{index}].namespace"))
    return causes


def _lacks_namespace(kind: str, subject: Object) -> bool:
    """Return whether a subject has to say its namespace and does not: a RoleBinding has one that counts instead."""
    return kind == "ClusterRoleBinding" and subject.get("kind") == "ServiceAccount" and not subject.get("namespace")


def _role(obj: Object) -> list[Cause]:
    causes = []
    for index, rule in enumerate(obj.get("rules") or ()):
        where = f"rules[{index}]"
        if not rule.get("verbs"):
            causes.append(required(f"{where}.verbs", "verbs must contain at least one value"))
        if rule.get("nonResourceURLs"):
            continue
        if not rule.get("apiGroups"):
            causes.append(required(f"{where}.apiGroups", "resource rules must supply at least one api group"))
        if not rule.get("resources"):
            causes.append(required(f"{where}.resources", "resource rules must supply at least one resource"))
    return causes


def _definition(obj: Object) -> list[Cause]:
    spec, names = obj["spec"], obj["spec"]["names"]
    causes = [required(f"spec.{member}") for member in ("group", "scope") if not spec.get(member)]
    causes += [required(f"spec.names.{member}") for member in ("plural", "kind") if not names.get(member)]
    expected = f"{names.get('plural')}.{spec.get('group')}"
    if obj["metadata"].get("name") != expected:
        text = 'must be spec.names.plural+"."+spec.group'
        causes.append(invalid_value("metadata.name", obj["metadata"].get("name"), text))
    return causes + _invalid_versions(spec.get("versions") or ())


def _invalid_versions(versions: Sequence[Object]) -> list[Cause]:
    if sum(bool(version.get("storage")) for version in versions) == 1:
        return []
    text = "must have exactly one version marked as storage version"
    return [invalid_value("spec.versions", [version.get("name") for version in versions], text)]


def _service(obj: Object) -> list[Cause]:
    spec = obj["spec"]
    causes = []
    if not spec.get("ports") and spec["type"] != "ExternalName" and spec.get("clusterIP") != "None":
        causes.append(required("spec.ports"))
    types = ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"]
    if spec["type"] not in types:
        causes.append(unsupported_value("spec.type", spec["type"], types))
    return causes


def _autoscaler(obj: Object) -> list[Cause]:
    spec = obj["spec"]
    about, least, most = spec.get("scaleTargetRef") or {}, spec["minReplicas"], spec.get("maxReplicas") or 0
    causes = [required(f"spec.scaleTargetRef.{member}") for member in ("kind", "name") if not about.get(member)]
    if least < 1:
        causes.append(invalid_value("spec.minReplicas", least, "must be greater than or equal to 1"))
    if most < 1:
        causes.append(invalid_value("spec.maxReplicas", most, "must be greater than 0"))
    elif most < least:
        causes.append(invalid_value("spec.maxReplicas", most, "must be greater than or equal to `minReplicas`"))
    return causes


def _network_policy(obj: Object) -> list[Cause]:
    types = ["Egress", "Ingress"]
    given = enumerate(obj["spec"]["policyTypes"])
    return [unsupported_value(f"spec.policyTypes[{index}]", kind, types) for index, kind in given if kind not in types]


def _claim(obj: Object) -> list[Cause]:
    spec = obj["spec"]
    causes = []
    if not spec.get("accessModes"):
        causes.append(required("spec.accessModes", "at least 1 access mode is required"))
    if "storage" not in ((spec.get("resources") or {}).get("requests") or {}):
        causes.append(required("spec.resources[storage]"))
    return causes


def _claim_change(old: Object, new: Object) -> list[Cause]:
    free = ("resources", "volumeName", "volumeAttributesClassName")
    before, after = ({name: value for name, value in spec.items() if name not in free} for spec in (old, new))
    why = "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims"
    return [] if before == after else [forbidden_field("spec", why)]


def _budget(obj: Object) -> list[Cause]:
    spec = obj["spec"]
    given = [member for member in ("minAvailable", "maxUnavailable") if member in spec]
    causes = [cause for member in given for cause in int_or_percent(spec[member], f"spec.{member}")]
    if len(given) == 2:
        causes.append(invalid_value("spec", spec, "minAvailable and maxUnavailable cannot be both set"))
    return causes


_VALIDATORS: dict[str, Callable[[Object], list[Cause]]] = {
    "controllerrevisions.apps": invalid_controller_revision,
    "daemonsets.apps": invalid_daemon_set,
    "deployments.apps": invalid_deployment,
    "statefulsets.apps": invalid_stateful_set,
    "replicasets.apps": invalid_workload,
    "jobs.batch": invalid_job,
    "cronjobs.batch": invalid_cron_job,
    "horizontalpodautoscalers.autoscaling": _autoscaler,
    "limitranges": invalid_limit_range,
    "networkpolicies.networking.k8s.io": _network_policy,
    "persistentvolumeclaims": _claim,
    "poddisruptionbudgets.policy": _budget,
    "pods": _pod,
    "events": invalid_event,
    "resourcequotas": invalid_resource_quota,
    "services": _service,
    "roles.rbac.authorization.k8s.io": _role,
    "clusterroles.rbac.authorization.k8s.io": _role,
    "rolebindings.rbac.authorization.k8s.io": _binding,
    "clusterrolebindings.rbac.authorization.k8s.io": _binding,
    "customresourcedefinitions.apiextensions.k8s.io": _definition,
}
