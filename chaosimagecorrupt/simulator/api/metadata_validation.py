"""Validation of metadata (k8s.io/apimachinery/pkg/api/validation and util/validation)."""

import re

from ..kinds import Resource
from ..types import Object
from .errors import Cause, invalid_value, required

__all__ = [
    "dns_label",
    "dns_subdomain",
    "invalid_labels",
    "invalid_metadata",
    "invalid_metadata_change",
    "qualified_name",
]

_LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?"
_SUBDOMAIN = rf"{_LABEL}(\.{_LABEL})*"
_QUALIFIED = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]"

SUBDOMAIN_RULE = (
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start "
    "and end with an alphanumeric character (e.g. 'example.com', regex used for validation is "
    "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
)
LABEL_RULE = (
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end "
    "with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is "
    "'[a-z0-9]([-a-z0-9]*[a-z0-9])?')"
)
KEY_RULE = (
    "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric "
    "character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is "
    "'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"
)
VALUE_RULE = (
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start "
    "and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation "
    "is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"
)
ANNOTATIONS_LIMIT = 256 * 1024

_LABEL_NAMED = ("namespaces", "services")
_PATH_NAMED = "rbac.authorization.k8s.io"


def dns_label(value: str) -> list[str]:
    """Return what is wrong with an RFC 1123 label, such as a container's name.

    Args:
        value: the label.
    """
    found = [] if len(value) <= 63 else ["must be no more than 63 bytes"]
    return found if re.fullmatch(_LABEL, value) else [*found, LABEL_RULE]


def dns_subdomain(value: str) -> list[str]:
    """Return what is wrong with an RFC 1123 subdomain, such as a Deployment's name.

    Args:
        value: the subdomain.
    """
    found = [] if len(value) <= 253 else ["must be no more than 253 bytes"]
    return found if re.fullmatch(_SUBDOMAIN, value) else [*found, SUBDOMAIN_RULE]


def qualified_name(value: str) -> list[str]:
    """Return what is wrong with a qualified name, such as a label's key.

    Args:
        value: the name.
    """
    prefix, slash, name = value.rpartition("/")
    found = []
    if slash and not prefix:
        found.append("prefix part must be non-empty")
    elif slash:
        found.extend(f"prefix part {problem}" for problem in dns_subdomain(prefix))
    if not name:
        return [*found, "name part must be non-empty", KEY_RULE]
    if len(name) > 63:
        found.append("name part must be no more than 63 bytes")
    return found if re.fullmatch(_QUALIFIED, name) else [*found, KEY_RULE]


def invalid_labels(labels: Object, field: str) -> list[Cause]:
    """Return what is wrong with labels.

    Args:
        labels: the labels.
        field: where they are.
    """
    causes = [invalid_value(field, key, problem) for key in labels for problem in qualified_name(key)]
    for value in labels.values():
        if len(value) > 63:
            causes.append(invalid_value(field, value, "must be no more than 63 bytes"))
        if value and not re.fullmatch(_QUALIFIED, value):
            causes.append(invalid_value(field, value, VALUE_RULE))
    return causes


def _invalid_annotations(annotations: Object, field: str) -> list[Cause]:
    causes = [invalid_value(field, key, problem) for key in annotations for problem in qualified_name(key.lower())]
    size = sum(len(key.encode()) + len(value.encode()) for key, value in annotations.items())
    if size > ANNOTATIONS_LIMIT:
        causes.append(Cause(field, "FieldValueTooLong", f"Too long: may not be more than {ANNOTATIONS_LIMIT} bytes"))
    return causes


def invalid_metadata(resource: Resource, metadata: Object) -> list[Cause]:
    """Return what is wrong with metadata by itself.

    Args:
        resource: what the object is.
        metadata: its metadata.
    """
    causes = _invalid_name(resource, metadata)
    causes += invalid_labels(metadata.get("labels") or {}, "metadata.labels")
    causes += _invalid_annotations(metadata.get("annotations") or {}, "metadata.annotations")
    for index, finalizer in enumerate(metadata.get("finalizers") or ()):
        problems = qualified_name(finalizer)
        causes += [invalid_value(f"metadata.finalizers[{index}]", finalizer, problem) for problem in problems]
    for index, owner in enumerate(metadata.get("ownerReferences") or ()):
        for member in ("apiVersion", "kind", "name", "uid"):
            if not owner.get(member):
                text = "must not be empty"
                causes.append(invalid_value(f"metadata.ownerReferences[{index}].{member}", "", text))
    return causes


def _invalid_name(resource: Resource, metadata: Object) -> list[Cause]:
    name, prefix = metadata.get("name"), metadata.get("generateName")
    if not name:
        return [] if prefix else [required("metadata.name", "name or generateName is required")]
    if resource.group == _PATH_NAMED:
        problems = ["may not contain '/'"] if "/" in name else []
    else:
        problems = dns_label(name) if resource.name in _LABEL_NAMED else dns_subdomain(name)
    return [invalid_value("metadata.name", name, problem) for problem in problems]


def invalid_metadata_change(resource: Resource, old: Object, new: Object) -> list[Cause]:
    """Return what is wrong with metadata that replaces other metadata.

    Causes about annotations and labels appear more than once, because the API server validates them in more than one
    place on an update (rest.BeforeUpdate, ValidateObjectMetaUpdate, the kind's own validation).

    Args:
        resource: what the object is.
        old: the metadata before.
        new: the metadata after.
    """
    causes = _invalid_name(resource, new)
    causes += 3 * invalid_labels(new.get("labels") or {}, "metadata.labels")
    causes += 3 * _invalid_annotations(new.get("annotations") or {}, "metadata.annotations")
    added = set(new.get("finalizers") or ()) - set(old.get("finalizers") or ())
    if old.get("deletionTimestamp") and added:
        why = f"no new finalizers can be added if the object is being deleted, found new finalizers {sorted(added)}"
        causes.append(Cause("metadata.finalizers", "FieldValueForbidden", f"Forbidden: {why}"))
    return causes
