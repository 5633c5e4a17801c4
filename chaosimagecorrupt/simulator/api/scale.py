"""The scale subresource: how many replicas, as an object of its own (autoscaling/v1 Scale)."""

import copy

from ..kinds import Resource
from ..types import Object
from .errors import bad_request, conflict, invalid_value, not_simulated
from .errors import invalid as invalid_error
from .jsonpath import find
from .routing import Target

__all__ = ["SCALE", "scale_of", "with_replicas"]

# The kind of the subresource's objects
SCALE = Resource("autoscaling", "v1", "Scale", "scales")


def _selector(obj: Object) -> str:
    """Return a label selector as text (metav1.FormatLabelSelector)."""
    selector = obj["spec"].get("selector") or {}
    terms = [f"{key}={value}" for key, value in sorted((selector.get("matchLabels") or {}).items())]
    for term in selector.get("matchExpressions") or ():
        values = ",".join(term.get("values") or ())
        shown = {
            "Exists": "{key}",
            "DoesNotExist": "!{key}",
            "In": "{key} in ({v})",
            "NotIn": "{key} notin ({v})",
        }
        terms.append(shown[term["operator"]].format(key=term["key"], v=values))
    return ",".join(terms)


def scale_of(resource: Resource, obj: Object) -> Object:
    """Return the Scale of an object.

    Args:
        resource: what the object is.
        obj: the object.
    """
    desired, actual = obj.get("spec", {}).get("replicas", 0), (obj.get("status") or {}).get("replicas", 0)
    status: Object = {"replicas": actual}
    if resource.scale:
        found = find(obj, resource.scale["specReplicasPath"]), find(obj, resource.scale["statusReplicasPath"])
        desired, status["replicas"] = (values[0] if values else 0 for values in found)
    else:
        status["selector"] = _selector(obj)
    kept = ("name", "namespace", "uid", "resourceVersion", "creationTimestamp")
    metadata = {name: obj["metadata"][name] for name in kept if name in obj["metadata"]}
    return {
        "kind": SCALE.kind,
        "apiVersion": SCALE.api_version,
        "metadata": metadata,
        "spec": {"replicas": desired},
        "status": status,
    }


def with_replicas(target: Target, obj: Object, scale: Object) -> Object:
    """Return an object with the replicas that a Scale asks for.

    Args:
        target: what the request is about.
        obj: the object as stored.
        scale: the Scale.

    Raises:
        ApiError: 400 or 422 for a Scale that makes no sense, 409 when it rests on a past state.
    """
    replicas = _replicas_of(target, scale)
    version = (scale.get("metadata") or {}).get("resourceVersion")
    if version and version != obj["metadata"]["resourceVersion"]:
        raise conflict(target.resource, target.name)
    path = (target.resource.scale or {}).get("specReplicasPath", ".spec.replicas")
    new = copy.deepcopy(obj)
    *above, last = path.lstrip(".").split(".")
    node = new
    for name in above:
        node = node.setdefault(name, {})
        if not isinstance(node, dict):
            raise not_simulated(f"a scale path {path}")
    node[last] = replicas
    return new


def _replicas_of(target: Target, scale: Object) -> int:
    """Return how many replicas a Scale asks for (kubernetes/pkg/apis/autoscaling/validation: ValidateScale)."""
    replicas = (scale.get("spec") or {}).get("replicas", 0)
    if isinstance(replicas, bool) or not isinstance(replicas, int):
        raise bad_request("Scale cannot be handled as a Scale: spec.replicas is no integer")
    if replicas < 0:
        cause = invalid_value("spec.replicas", replicas, "must be greater than or equal to 0")
        raise invalid_error(SCALE, target.name, [cause])
    return replicas
