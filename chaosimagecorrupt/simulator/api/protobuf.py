"""Protobuf bodies: the messages that kubectl's `create` and `auth` send, and no others.

The numbers are those of `generated.proto` in k8s.io/api and k8s.io/apimachinery. A field that is not listed here
is refused rather than dropped.
"""

import base64
from collections.abc import Iterator
from typing import Any

from ..types import Object
from .errors import ApiError

__all__ = ["MEDIA_TYPE", "decode"]

MEDIA_TYPE = "application/vnd.kubernetes.protobuf"

_MAGIC = b"k8s\0"

Message = dict[int, tuple[str, str]]

# The kind of a field: text (absent when empty), texts, number, flag (absent when false), map, bytes-map, ignored
# (the server sets it), or the name of a message, with [] when there can be several.
_META: Message = {
    1: ("name", "text"), 2: ("generateName", "text"), 3: ("namespace", "text"), 4: ("selfLink", "ignored"),
    5: ("uid", "ignored"), 6: ("resourceVersion", "text"), 7: ("generation", "ignored"),
    8: ("creationTimestamp", "ignored"), 11: ("labels", "map"), 12: ("annotations", "map"),
    14: ("finalizers", "texts"),
}  # fmt: skip
_REVIEW: Message = {1: ("metadata", "ObjectMeta"), 2: ("spec", ""), 3: ("status", "ignored")}

_MESSAGES: dict[str, Message] = {
    "ObjectMeta": _META,
    "Unknown": {1: ("typeMeta", "TypeMeta"), 2: ("raw", "raw"), 3: ("contentEncoding", "text"),
                4: ("contentType", "text")},
    "TypeMeta": {1: ("apiVersion", "text"), 2: ("kind", "text")},
    "SelfSubjectReview": {1: ("metadata", "ObjectMeta"), 2: ("status", "ignored")},
    "SelfSubjectAccessReview": {**_REVIEW, 2: ("spec", "AccessSpec")},
    "AccessSpec": {1: ("resourceAttributes", "ResourceAttributes"),
                   2: ("nonResourceAttributes", "NonResourceAttributes")},
    "ResourceAttributes": {1: ("namespace", "text"), 2: ("verb", "text"), 3: ("group", "text"),
                           4: ("version", "text"), 5: ("resource", "text"), 6: ("subresource", "text"),
                           7: ("name", "text")},
    "NonResourceAttributes": {1: ("path", "text"), 2: ("verb", "text")},
    "SelfSubjectRulesReview": {**_REVIEW, 2: ("spec", "RulesSpec")},
    "RulesSpec": {1: ("namespace", "text")},
    "TokenRequest": {**_REVIEW, 2: ("spec", "TokenSpec")},
    "TokenSpec": {1: ("audiences", "texts"), 4: ("expirationSeconds", "number")},
    "Namespace": {**_REVIEW, 2: ("spec", "NamespaceSpec")},
    "NamespaceSpec": {1: ("finalizers", "texts")},
    "ServiceAccount": {1: ("metadata", "ObjectMeta")},
    "ConfigMap": {1: ("metadata", "ObjectMeta"), 2: ("data", "map"), 3: ("binaryData", "bytes-map"),
                  4: ("immutable", "flag")},
    "Secret": {1: ("metadata", "ObjectMeta"), 2: ("data", "bytes-map"), 3: ("type", "text"),
               4: ("stringData", "map"), 5: ("immutable", "flag")},
    "Role": {1: ("metadata", "ObjectMeta"), 2: ("rules", "PolicyRule[]")},
    "ClusterRole": {1: ("metadata", "ObjectMeta"), 2: ("rules", "PolicyRule[]")},
    "PolicyRule": {1: ("verbs", "texts"), 2: ("apiGroups", "texts"), 3: ("resources", "texts"),
                   4: ("resourceNames", "texts"), 5: ("nonResourceURLs", "texts")},
    "RoleBinding": {1: ("metadata", "ObjectMeta"), 2: ("subjects", "Subject[]"), 3: ("roleRef", "RoleRef")},
    "ClusterRoleBinding": {1: ("metadata", "ObjectMeta"), 2: ("subjects", "Subject[]"), 3: ("roleRef", "RoleRef")},
    "Subject": {1: ("kind", "text"), 2: ("apiGroup", "text"), 3: ("name", "text"), 4: ("namespace", "text")},
    "RoleRef": {1: ("apiGroup", "text"), 2: ("kind", "text"), 3: ("name", "text")},
    "Deployment": {**_REVIEW, 2: ("spec", "DeploymentSpec")},
    "DeploymentSpec": {1: ("replicas", "number"), 2: ("selector", "LabelSelector"), 3: ("template", "Template"),
                       4: ("strategy", "Strategy"), 5: ("minReadySeconds", "number"),
                       6: ("revisionHistoryLimit", "number"), 7: ("paused", "flag"),
                       9: ("progressDeadlineSeconds", "number")},
    "Strategy": {1: ("type", "text")},
    "LabelSelector": {1: ("matchLabels", "map")},
    "Template": {1: ("metadata", "ObjectMeta"), 2: ("spec", "PodSpec")},
    "PodSpec": {2: ("containers", "Container[]"), 3: ("restartPolicy", "text"), 6: ("dnsPolicy", "text"),
                8: ("serviceAccountName", "text"), 9: ("serviceAccount", "text"), 10: ("nodeName", "text"),
                11: ("hostNetwork", "flag"), 12: ("hostPID", "flag"), 13: ("hostIPC", "flag"),
                16: ("hostname", "text"), 17: ("subdomain", "text"), 19: ("schedulerName", "text"),
                20: ("initContainers", "Container[]"), 24: ("priorityClassName", "text")},
    "Container": {1: ("name", "text"), 2: ("image", "text"), 3: ("command", "texts"), 4: ("args", "texts"),
                  5: ("workingDir", "text"), 6: ("ports", "Port[]"), 8: ("resources", "Resources"),
                  13: ("terminationMessagePath", "text"), 14: ("imagePullPolicy", "text"),
                  16: ("stdin", "flag"), 17: ("stdinOnce", "flag"), 18: ("tty", "flag"),
                  20: ("terminationMessagePolicy", "text")},
    "Job": {**_REVIEW, 2: ("spec", "JobSpec")},
    "JobSpec": {1: ("parallelism", "number"), 2: ("completions", "number"), 3: ("activeDeadlineSeconds", "number"),
                4: ("selector", "LabelSelector"), 5: ("manualSelector", "flag"), 6: ("template", "Template"),
                7: ("backoffLimit", "number"), 8: ("ttlSecondsAfterFinished", "number"),
                9: ("completionMode", "text"), 10: ("suspend", "flag"), 14: ("podReplacementPolicy", "text")},
    "JobTemplate": {1: ("metadata", "ObjectMeta"), 2: ("spec", "JobSpec")},
    "CronJob": {**_REVIEW, 2: ("spec", "CronJobSpec")},
    "CronJobSpec": {1: ("schedule", "text"), 2: ("startingDeadlineSeconds", "number"),
                    3: ("concurrencyPolicy", "text"), 4: ("suspend", "flag"), 5: ("jobTemplate", "JobTemplate"),
                    6: ("successfulJobsHistoryLimit", "number"), 7: ("failedJobsHistoryLimit", "number"),
                    8: ("timeZone", "text")},
    "Resources": {},
    "Port": {1: ("name", "text"), 2: ("hostPort", "count"), 3: ("containerPort", "number"),
             4: ("protocol", "text"), 5: ("hostIP", "text")},
}  # fmt: skip


def _refused(what: str) -> ApiError:
    message = f"this is the simulator: {what} is not decoded from protobuf, send application/json"
    return ApiError.of("UnsupportedMediaType", message, {})


def decode(body: bytes) -> Object:
    """Return the object in a protobuf body.

    Args:
        body: the body.

    Raises:
        ApiError: 415 when it is none, or holds what is not listed here.
    """
    if not body.startswith(_MAGIC):
        raise _refused("this body")
    envelope = _message(body[len(_MAGIC) :], "Unknown")
    kind = envelope.get("typeMeta", {}).get("kind", "")
    if kind not in _MESSAGES:
        raise _refused(kind or "this body")
    return {**envelope["typeMeta"], **_message(envelope.get("raw", b""), kind)}


def _message(data: bytes, name: str) -> Object:
    fields, found = _MESSAGES[name], Object()
    for number, value in _fields(data):
        if number not in fields:
            raise _refused(f"field {number} of {name}")
        member, kind = fields[number]
        _put(found, member, kind, value)
    return found


def _put(found: Object, member: str, kind: str, value: Any) -> None:
    """Add a field to an object: repeated ones to their list or map, others as they are."""
    if kind == "texts":
        found.setdefault(member, []).append(value.decode())
    elif kind in ("map", "bytes-map"):
        entry = dict(_fields(value))
        content = entry.get(2, b"")
        shown = content.decode() if kind == "map" else base64.b64encode(content).decode()
        found.setdefault(member, {})[entry.get(1, b"").decode()] = shown
    elif kind.endswith("[]"):
        found.setdefault(member, []).append(_message(value, kind[:-2]))
    elif kind in _MESSAGES:
        found[member] = _message(value, kind)
    else:
        _put_scalar(found, member, kind, value)


def _put_scalar(found: Object, member: str, kind: str, value: Any) -> None:
    """Add a field that is not a message; a count, a flag and a text are left out where they are zero (omitempty)."""
    if kind == "number" or (kind == "count" and value):
        # a negative number is a varint of 64 bits, in two's complement
        found[member] = value - (1 << 64) if value >> 63 else value
    elif kind == "flag" and value:
        found[member] = True
    elif kind == "text" and value:
        found[member] = value.decode()
    elif kind == "raw":
        found[member] = value


def _fields(data: bytes) -> Iterator[tuple[int, Any]]:
    """Yield the fields of a message, by number: varints as numbers, others as bytes."""
    position = 0
    while position < len(data):
        tag, position = _varint(data, position)
        wire = tag & 7
        if wire == 0:
            value, position = _varint(data, position)
            yield tag >> 3, value
        elif wire == 2:
            length, position = _varint(data, position)
            yield tag >> 3, data[position : position + length]
            position += length
        else:
            raise _refused(f"wire type {wire}")


def _varint(data: bytes, position: int) -> tuple[int, int]:
    value = shift = 0
    while position < len(data):
        byte = data[position]
        position += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if not byte & 0x80:
            return value, position
    raise _refused("a body that breaks off")
