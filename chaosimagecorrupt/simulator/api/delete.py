"""DELETE, with its preconditions, grace period and propagation."""

from ..controllers.graceful_deletion import delete_gracefully
from ..store import Store
from ..types import Object
from .decode import parse
from .errors import bad_request, conflict
from .request import Request
from .routing import Target

__all__ = ["delete", "options_of"]

# Kinds whose DELETE answers with the object rather than with a Status (their registries: ReturnDeletedObject)
_RETURNS_OBJECT = ("pods", "services", "serviceaccounts")

_FINALIZERS = {"Orphan": "orphan", "Foreground": "foregroundDeletion"}


def options_of(request: Request) -> Object:
    """Return the DeleteOptions of a request, from its body and its query.

    Args:
        request: the request.

    Raises:
        ApiError: 400 when they make no sense.
    """
    options = (parse(request) or {}) if request.body else {}
    if not isinstance(options, dict):
        raise bad_request("the body is no DeleteOptions")
    query = request.query
    if "gracePeriodSeconds" in query:
        if not query["gracePeriodSeconds"].isdigit():
            raise bad_request("gracePeriodSeconds: must be a number of seconds")
        options["gracePeriodSeconds"] = int(query["gracePeriodSeconds"])
    if "propagationPolicy" in query:
        options["propagationPolicy"] = query["propagationPolicy"]
    if "orphanDependents" in query:
        options["orphanDependents"] = request.flag("orphanDependents")
    if options.get("dryRun") not in (None, [], ["All"]):
        raise bad_request('dryRun: Unsupported value: supported values: "All"')
    return options


def _policy(options: Object) -> str:
    policy = options.get("propagationPolicy")
    if policy is None:
        return "Orphan" if options.get("orphanDependents") else "Background"
    if policy not in ("Orphan", "Foreground", "Background"):
        raise bad_request(f'DeleteOptions.meta.k8s.io "" is invalid: propagationPolicy: Unsupported value: "{policy}"')
    return str(policy)


def delete(store: Store, request: Request, target: Target, obj: Object, options: Object) -> Object:
    """Delete an object, or mark it for deletion, and return the body of the answer.

    Args:
        store: the objects.
        request: the request.
        target: what it is about.
        obj: the object as stored.
        options: the DeleteOptions.

    Raises:
        ApiError: 400 for bad options, 409 when a precondition fails.
    """
    _check(options.get("preconditions") or {}, target, obj)
    policy = _policy(options)
    if request.dry_run or options.get("dryRun"):
        return _answer(target, obj, gone=True)
    resource, metadata = target.resource, obj["metadata"]
    if policy in _FINALIZERS:
        finalizers = [f for f in metadata.get("finalizers") or () if f not in _FINALIZERS.values()]
        marked = {**metadata, "finalizers": [*finalizers, _FINALIZERS[policy]]}
        obj = store.update(resource.name, {**obj, "metadata": marked})
    if resource.name == "namespaces" and obj["spec"].get("finalizers"):
        last = _terminate(store, obj)
    else:
        last = delete_gracefully(store, store.now(), resource.name, obj, options.get("gracePeriodSeconds"))
    gone = store.get(resource.name, target.namespace, metadata["name"]) is None
    return _answer(target, last, gone)


def _terminate(store: Store, namespace: Object) -> Object:
    """Mark a namespace; it goes when its controller has emptied it (registry/core/namespace/storage)."""
    if namespace["metadata"].get("deletionTimestamp"):
        return namespace
    metadata = {**namespace["metadata"], "deletionTimestamp": store.time()}
    status = {**namespace.get("status", {}), "phase": "Terminating"}
    return store.update("namespaces", {**namespace, "metadata": metadata, "status": status})


def _check(preconditions: Object, target: Target, obj: Object) -> None:
    names = {"uid": "UID", "resourceVersion": "ResourceVersion"}
    for member, shown in names.items():
        expected, known = preconditions.get(member), obj["metadata"][member]
        if expected is not None and expected != known:
            why = f"Precondition failed: {shown} in precondition: {expected}, {shown} in object meta: {known}"
            raise conflict(target.resource, obj["metadata"]["name"], why)


def _answer(target: Target, obj: Object, gone: bool) -> Object:
    resource, metadata = target.resource, obj["metadata"]
    if resource.name in _RETURNS_OBJECT or not gone:
        return obj
    details = {
        "name": metadata["name"],
        "group": resource.group,
        "kind": resource.plural,
        "uid": metadata["uid"],
    }
    return {
        "kind": "Status",
        "apiVersion": "v1",
        "metadata": {},
        "status": "Success",
        "details": {member: value for member, value in details.items() if value},
    }
