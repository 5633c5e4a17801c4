"""Validation of Pods and of Pod templates (kubernetes/pkg/apis/core/validation/validation.go)."""

from collections.abc import Iterator
from typing import Any

from ..types import Object
from .errors import Cause, invalid_value, required, unsupported_value
from .metadata_validation import dns_label
from .quantity_validation import invalid_resources

__all__ = ["invalid_pod_change", "invalid_pod_images", "invalid_pod_spec"]

_POLICIES = {
    "imagePullPolicy": ("Always", "IfNotPresent", "Never"),
    "terminationMessagePolicy": ("FallbackToLogsOnError", "File"),
}


def _duplicate(field: str, value: Any) -> Cause:
    return Cause(field, "FieldValueDuplicate", f'Duplicate value: "{value}"')


def invalid_pod_spec(spec: Object, field: str) -> list[Cause]:
    """Return what is wrong with the spec of a pod or of a template.

    Args:
        spec: the spec, with its defaults.
        field: where it is.
    """
    causes = []
    if not spec.get("containers"):
        causes.append(required(f"{field}.containers"))
    volumes = {volume.get("name") for volume in spec.get("volumes") or ()}
    names = set()
    for where, container in _containers(spec, field):
        causes += _invalid_container(container, where, volumes)
        name = container.get("name")
        if name and name in names:
            causes.append(_duplicate(f"{where}.name", name))
        names.add(name)
    choices = ["Always", "OnFailure", "Never"]
    if spec.get("restartPolicy") not in choices:
        causes.append(unsupported_value(f"{field}.restartPolicy", spec.get("restartPolicy"), choices))
    choices = ["ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"]
    if spec.get("dnsPolicy") not in choices:
        causes.append(unsupported_value(f"{field}.dnsPolicy", spec.get("dnsPolicy"), choices))
    if spec.get("terminationGracePeriodSeconds", 0) < 0:
        where, value = f"{field}.terminationGracePeriodSeconds", spec["terminationGracePeriodSeconds"]
        causes.append(invalid_value(where, value, "must be greater than or equal to 0"))
    return causes + list(_invalid_volumes(spec, field))


def _containers(spec: Object, field: str) -> Iterator[tuple[str, Object]]:
    for member in ("initContainers", "containers"):
        for index, container in enumerate(spec.get(member) or ()):
            yield f"{field}.{member}[{index}]", container


def _invalid_volumes(spec: Object, field: str) -> Iterator[Cause]:
    names = set()
    for index, volume in enumerate(spec.get("volumes") or ()):
        where = f"{field}.volumes[{index}].name"
        name = volume.get("name")
        if not name:
            yield required(where)
        elif name in names:
            yield _duplicate(where, name)
        else:
            yield from (invalid_value(where, name, problem) for problem in dns_label(name))
        names.add(name)


def _invalid_container(container: Object, where: str, volumes: set[Any]) -> list[Cause]:
    causes = []
    if not container.get("name"):
        causes.append(required(f"{where}.name"))
    else:
        problems = dns_label(container["name"])
        causes += [invalid_value(f"{where}.name", container["name"], problem) for problem in problems]
    if not container.get("image"):
        causes.append(required(f"{where}.image"))
    for member, choices in _POLICIES.items():
        if container.get(member) not in choices:
            causes.append(unsupported_value(f"{where}.{member}", container.get(member, ""), choices))
    return [
        *causes,
        *_invalid_ports(container, where),
        *_invalid_environment(container, where),
        *_invalid_mounts(container, where, volumes),
        *invalid_resources(container.get("resources") or {}, f"{where}.resources"),
    ]


def _invalid_ports(container: Object, where: str) -> Iterator[Cause]:
    for index, port in enumerate(container.get("ports") or ()):
        number = port.get("containerPort")
        field = f"{where}.ports[{index}]"
        if not number:
            yield required(f"{field}.containerPort")
        elif not 0 < number < 65536:
            yield invalid_value(f"{field}.containerPort", number, "must be between 1 and 65535, inclusive")
        if port.get("protocol") not in ("TCP", "UDP", "SCTP"):
            yield unsupported_value(f"{field}.protocol", port.get("protocol"), ["SCTP", "TCP", "UDP"])


def _invalid_environment(container: Object, where: str) -> Iterator[Cause]:
    """Yield what is wrong with the environment variables (ValidateEnv)."""
    for index, variable in enumerate(container.get("env") or ()):
        field = f"{where}.env[{index}]"
        if not variable.get("name"):
            yield required(f"{field}.name")
        if variable.get("value") and variable.get("valueFrom"):
            yield invalid_value(f"{field}.valueFrom", "", "may not be specified when `value` is not empty")


def _invalid_mounts(container: Object, where: str, volumes: set[Any]) -> Iterator[Cause]:
    """Yield what is wrong with the mounts of volumes (ValidateVolumeMounts)."""
    for index, mount in enumerate(container.get("volumeMounts") or ()):
        field = f"{where}.volumeMounts[{index}]"
        if not mount.get("mountPath"):
            yield required(f"{field}.mountPath")
        if mount.get("name") not in volumes:
            yield Cause(f"{field}.name", "FieldValueNotFound", f'Not found: "{mount.get("name", "")}"')


def invalid_pod_images(spec: Object) -> list[Cause]:
    """Return what is wrong with the images of a pod; templates are not held to this.

    Args:
        spec: the pod's spec.
    """
    text = "must not have leading or trailing whitespace"
    found = _containers(spec, "spec")
    return [
        invalid_value(f"{where}.image", container["image"], text)
        for where, container in found
        if container.get("image", "").strip() != container.get("image", "")
    ]


def invalid_pod_change(old: Object, new: Object) -> list[Cause]:
    """Return what is wrong with a pod's new spec: nearly everything in it is final.

    Args:
        old: the spec before.
        new: the spec after.
    """
    if _fixed(old) == _fixed(new):
        return []
    why = (
        "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,"
        "`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),"
        "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)"
    )
    return [Cause("spec", "FieldValueForbidden", f"Forbidden: {why}")]


def _fixed(spec: Object) -> Object:
    free = (
        "activeDeadlineSeconds",
        "tolerations",
        "terminationGracePeriodSeconds",
        "initContainers",
        "containers",
    )
    fixed = {name: value for name, value in spec.items() if name not in free}
    containers = [container for _, container in _containers(spec, "")]
    return {**fixed, "containers": [{k: v for k, v in c.items() if k != "image"} for c in containers]}
