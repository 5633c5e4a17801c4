"""CustomResourceDefinitions: their resources are served as soon as they are stored."""

from ..kinds import resource_of_definition
from ..store import Store
from ..types import Object
from ..watch_cache import Change

__all__ = ["definition_for", "serve_definitions"]

DEFINITIONS = "customresourcedefinitions.apiextensions.k8s.io"


def serve_definitions(store: Store) -> None:
    """Serve what CustomResourceDefinitions define from now on.

    Args:
        store: the objects.
    """

    def follow(change: Change) -> None:
        if change.resource != DEFINITIONS:
            return
        if change.type == "DELETED":
            _withdraw(store, change.object)
        else:
            _serve(store, change.object)

    store.subscribe(follow)


def _serve(store: Store, definition: Object) -> None:
    resource = resource_of_definition(definition)
    if resource is None:
        # its objects stay, in case that a version is served again
        store.kinds.remove(_name(definition))
    else:
        store.kinds.add(resource)
        for obj in store.list(resource.name):
            store.update(resource.name, {**obj, "apiVersion": resource.api_version})
    if not definition.get("status", {}).get("conditions"):
        store.update(DEFINITIONS, {**definition, "status": _status(store, definition)}, manager="kube-apiserver",
                     subresource="status")  # fmt: skip


def _status(store: Store, definition: Object) -> Object:
    texts = (
        ("NamesAccepted", "NoConflicts", "no conflicts found"),
        ("Established", "InitialNamesAccepted", "the initial names have been accepted"),
    )
    conditions = [
        {
            "type": type_,
            "status": "True",
            "lastTransitionTime": store.time(),
            "reason": reason,
            "message": message,
        }
        for type_, reason, message in texts
    ]
    stored = [version["name"] for version in definition["spec"]["versions"] if version.get("storage")]
    return {"conditions": conditions, "acceptedNames": definition["spec"]["names"], "storedVersions": stored}


def _withdraw(store: Store, definition: Object) -> None:
    """Stop serving a resource; its objects go with it."""
    versions = [{**version, "served": True} for version in definition["spec"]["versions"]]
    resource = resource_of_definition({**definition, "spec": {**definition["spec"], "versions": versions}})
    if resource is not None:
        store.kinds.add(resource)
        for obj in store.list(resource.name):
            store.delete(resource.name, obj["metadata"].get("namespace"), obj["metadata"]["name"])
    store.kinds.remove(_name(definition))


def _name(definition: Object) -> str:
    spec = definition["spec"]
    return f"{spec['names']['plural']}.{spec['group']}"


def definition_for(obj: Object) -> Object:
    """Return a CustomResourceDefinition for an object of an unknown kind, which allows any content.

    Args:
        obj: the object; it has a group in `apiVersion`, and lives in a namespace if it names one.
    """
    group, _, version = obj["apiVersion"].partition("/")
    kind = obj["kind"]
    plural = kind.lower() + "s"
    if kind.endswith(("s", "x", "sh", "ch")):
        plural = kind.lower() + "es"
    elif kind[-1] == "y":
        plural = kind[:-1].lower() + "ies"
    schema = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": f"{plural}.{group}"},
        "spec": {
            "group": group,
            "names": {"kind": kind, "plural": plural, "singular": kind.lower(), "listKind": f"{kind}List"},
            "scope": "Namespaced" if obj["metadata"].get("namespace") else "Cluster",
            "versions": [
                {
                    "name": version,
                    "served": True,
                    "storage": True,
                    "schema": {"openAPIV3Schema": schema},
                    "subresources": {"status": {}},
                }
            ],
        },
    }
