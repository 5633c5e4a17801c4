"""Validation of objects (kubernetes/pkg/apis/{core,apps,rbac}/validation)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from chaosimagecorrupt.simulator.api.errors import Cause, invalid_value, required, unsupported_value
from chaosimagecorrupt.simulator.api.metadata import invalid_labels, invalid_metadata, invalid_metadata_change
from chaosimagecorrupt.simulator.api.podspec import invalid_pod_change, invalid_pod_images, invalid_pod_spec
from chaosimagecorrupt.simulator.api.selectors import matches_selector
from chaosimagecorrupt.simulator.api.structural import invalid_custom
from chaosimagecorrupt.simulator.kinds import Resource

__all__ = ["invalid_change", "invalid_object"]

Obj = dict[str, Any]

IMMUTABLE = "field is immutable"


def invalid_object(resource: Resource, obj: Obj) -> list[Cause]:
    """Return what is wrong with a new object.

    Args:
        resource: What it is.
        obj: The object, with its defaults.
    """
    causes = invalid_metadata(resource, obj["metadata"]) + _invalid_content(resource, obj)
    if resource.name == "pods":
        causes += invalid_pod_images(obj["spec"])
    return causes


def invalid_change(resource: Resource, old: Obj, new: Obj) -> list[Cause]:
    """Return what is wrong with an object that replaces another.

    Args:
        resource: What they are.
        old: The object before.
        new: The object after, with its defaults.
    """
    causes = invalid_metadata_change(resource, old["metadata"], new["metadata"])
    causes += _invalid_content(resource, new)
    for path in _IMMUTABLE.get(resource.name, ()):
        before, after = _at(old, path), _at(new, path)
        if before != after:
            causes.append(invalid_value(path, after, IMMUTABLE))
    if resource.name == "pods":
        causes += invalid_pod_change(old["spec"], new["spec"])
    return causes


_IMMUTABLE = {
    "deployments.apps": ("spec.selector",),
    "replicasets.apps": ("spec.selector",),
    "rolebindings.rbac.authorization.k8s.io": ("roleRef",),
    "clusterrolebindings.rbac.authorization.k8s.io": ("roleRef",),
    "secrets": ("type",),
}


def _at(obj: Obj, path: str) -> Any:
    value: Any = obj
    for part in path.split("."):
        value = (value or {}).get(part)
    return value


def _invalid_content(resource: Resource, obj: Obj) -> list[Cause]:
    if resource.custom:
        return invalid_custom(obj, resource.schema or {})
    validator = _VALIDATORS.get(resource.name)
    return validator(obj) if validator else []


def _workload(obj: Obj) -> list[Cause]:
    spec = obj["spec"]
    causes = _not_negative(spec, "replicas", "minReadySeconds", "revisionHistoryLimit", "progressDeadlineSeconds")
    selector = spec.get("selector")
    labels = spec["template"]["metadata"].get("labels") or {}
    if not selector:
        causes.append(required("spec.selector"))
    else:
        if not selector.get("matchLabels") and not selector.get("matchExpressions"):
            text = f"empty selector is invalid for {obj['kind'].lower()}"
            causes.append(invalid_value("spec.selector", selector, text))
        causes += invalid_labels(selector.get("matchLabels") or {}, "spec.selector.matchLabels")
        if not matches_selector(selector, labels):
            text = "`selector` does not match template `labels`"
            causes.append(invalid_value("spec.template.metadata.labels", labels, text))
    causes += invalid_labels(labels, "spec.template.metadata.labels")
    template = spec["template"]["spec"]
    causes += invalid_pod_spec(template, "spec.template.spec")
    if template.get("restartPolicy") != "Always":
        field = "spec.template.spec.restartPolicy"
        causes.append(unsupported_value(field, template.get("restartPolicy"), ["Always"]))
    if template.get("activeDeadlineSeconds") is not None:
        field = "spec.template.spec.activeDeadlineSeconds"
        causes.append(_forbidden(field, f"activeDeadlineSeconds in {obj['kind']} is not Supported"))
    return causes


def _forbidden(field: str, why: str) -> Cause:
    return Cause(field, "FieldValueForbidden", f"Forbidden: {why}")


def _not_negative(spec: Obj, *members: str) -> list[Cause]:
    text = "must be greater than or equal to 0"
    return [invalid_value(f"spec.{m}", spec[m], text) for m in members if (spec.get(m) or 0) < 0]


def _deployment(obj: Obj) -> list[Cause]:
    spec = obj["spec"]
    causes = _workload(obj) + _strategy(spec["strategy"])
    deadline, ready = spec.get("progressDeadlineSeconds"), spec.get("minReadySeconds", 0)
    if deadline is not None and deadline <= ready:
        causes.append(invalid_value("spec.progressDeadlineSeconds", deadline, "must be greater than minReadySeconds"))
    return causes


def _strategy(strategy: Obj) -> list[Cause]:
    field = "spec.strategy"
    kind: str = strategy.get("type", "")
    rolling: Obj = strategy.get("rollingUpdate") or {}
    if kind == "Recreate":
        why = "may not be specified when strategy `type` is 'Recreate'"
        return [_forbidden(f"{field}.rollingUpdate", why)] if rolling else []
    if kind != "RollingUpdate":
        return [unsupported_value(f"{field}.type", kind, ["Recreate", "RollingUpdate"])]
    causes = []
    for member in ("maxUnavailable", "maxSurge"):
        causes += _int_or_percent(rolling[member], f"{field}.rollingUpdate.{member}")
    unavailable = rolling["maxUnavailable"]
    if _is_zero(unavailable) and _is_zero(rolling["maxSurge"]):
        where = f"{field}.rollingUpdate.maxUnavailable"
        causes.append(invalid_value(where, unavailable, "may not be 0 when `maxSurge` is 0"))
    return causes


def _is_zero(value: int | str) -> bool:
    return value in (0, "0%")


def _int_or_percent(value: int | str, field: str) -> list[Cause]:
    if isinstance(value, int):
        return [] if value >= 0 else [invalid_value(field, value, "must be greater than or equal to 0")]
    if not re.fullmatch(r"[0-9]+%", value):
        rule = "a valid percent string must be a numeric string followed by an ending '%'"
        return [invalid_value(field, value, f"{rule} (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')")]
    if field.endswith("maxUnavailable") and int(value[:-1]) > 100:
        return [invalid_value(field, value, "must not be greater than 100%")]
    return []


def _pod(obj: Obj) -> list[Cause]:
    return invalid_pod_spec(obj["spec"], "spec")


def _binding(obj: Obj) -> list[Cause]:
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
        if subject.get("kind") == "ServiceAccount" and not subject.get("namespace"):
            causes.append(required(f"subjects[{index}].namespace"))
    return causes


def _role(obj: Obj) -> list[Cause]:
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


def _definition(obj: Obj) -> list[Cause]:
    spec, names = obj["spec"], obj["spec"]["names"]
    causes = [required(f"spec.{member}") for member in ("group", "scope") if not spec.get(member)]
    causes += [required(f"spec.names.{member}") for member in ("plural", "kind") if not names.get(member)]
    expected = f"{names.get('plural')}.{spec.get('group')}"
    if obj["metadata"].get("name") != expected:
        text = 'must be spec.names.plural+"."+spec.group'
        causes.append(invalid_value("metadata.name", obj["metadata"].get("name"), text))
    if sum(bool(version.get("storage")) for version in spec.get("versions") or ()) != 1:
        text = "must have exactly one version marked as storage version"
        causes.append(invalid_value("spec.versions", [v.get("name") for v in spec.get("versions") or ()], text))
    return causes


def _service(obj: Obj) -> list[Cause]:
    spec = obj["spec"]
    causes = []
    if not spec.get("ports") and spec["type"] != "ExternalName" and spec.get("clusterIP") != "None":
        causes.append(required("spec.ports"))
    types = ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"]
    if spec["type"] not in types:
        causes.append(unsupported_value("spec.type", spec["type"], types))
    return causes


_VALIDATORS: dict[str, Callable[[Obj], list[Cause]]] = {
    "deployments.apps": _deployment,
    "replicasets.apps": _workload,
    "pods": _pod,
    "services": _service,
    "roles.rbac.authorization.k8s.io": _role,
    "clusterroles.rbac.authorization.k8s.io": _role,
    "rolebindings.rbac.authorization.k8s.io": _binding,
    "clusterrolebindings.rbac.authorization.k8s.io": _binding,
    "customresourcedefinitions.apiextensions.k8s.io": _definition,
}
