"""Discovery: versions, groups, resources, and as much OpenAPI as clients read."""

from collections.abc import Callable

from ..kinds import Kinds, Resource
from ..schema import definitions
from ..types import Object
from .request import Response, as_json
from .reviews import REVIEWS

__all__ = ["NOT_FOUND", "VERSION", "discover"]

# The version that is simulated; `gitCommit` says that it is a simulation
VERSION: Object = {
    "major": "1",
    "minor": "36",
    "emulationMajor": "1",
    "emulationMinor": "36",
    "minCompatibilityMajor": "1",
    "minCompatibilityMinor": "35",
    "gitVersion": "v1.36.2",
    "gitCommit": "chaosimagecorrupt.simulator",
    "gitTreeState": "simulated",
    "buildDate": "1970-01-01T00:00:00Z",
    "goVersion": "none",
    "compiler": "none",
    "platform": "linux/amd64",
}

# The answer to a path that no group serves
NOT_FOUND = Response(404, b"404 page not found\n", "text/plain; charset=utf-8")

_VERBS = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"]
_HEALTH = ("/healthz", "/livez", "/readyz")


def discover(kinds: Kinds, path: str, address: str) -> Response | None:
    """Return the answer to a path of discovery, `None` for other paths.

    Args:
        kinds: the resources that are served.
        path: the path.
        address: the server's `host:port`.
    """
    parts = tuple(path.strip("/").split("/"))
    if path in _HEALTH:
        return Response(200, b"ok", "text/plain; charset=utf-8")
    if parts[:2] == ("openapi", "v3"):
        return _openapi(kinds, "/".join(parts[2:]))
    answers: dict[tuple[str, ...], Callable[[], Object]] = {
        ("version",): lambda: VERSION,
        ("api",): lambda: _core(address),
        ("apis",): lambda: {"kind": "APIGroupList", "apiVersion": "v1", "groups": _groups(kinds)},
    }
    if parts in answers:
        return as_json(answers[parts]())
    if parts == ("api", "v1"):
        return as_json(_resources(kinds, "", "v1"))
    return _group(kinds, parts)


def _group(kinds: Kinds, parts: tuple[str, ...]) -> Response | None:
    """Return the answer to `/apis/<group>` or `/apis/<group>/<version>`, `None` for other paths."""
    if parts[0] != "apis" or len(parts) > 3:
        return None
    group = next((group for group in _groups(kinds) if group["name"] == parts[1]), None)
    if group is None:
        return None
    if len(parts) == 2:
        return as_json({"kind": "APIGroup", "apiVersion": "v1", **group})
    if any(version["version"] == parts[2] for version in group["versions"]):
        return as_json(_resources(kinds, parts[1], parts[2]))
    return None


def _core(address: str) -> Object:
    return {
        "kind": "APIVersions",
        "versions": ["v1"],
        "serverAddressByClientCIDRs": [{"clientCIDR": "0.0.0.0/0", "serverAddress": address}],
    }


def _versions(kinds: Kinds) -> list[tuple[str, str]]:
    """Return the groups and versions that are served, without the core group's."""
    found = [(resource.group, resource.version) for resource in kinds if resource.group]
    return list(dict.fromkeys([*found, *((group, "v1") for group, _ in REVIEWS)]))


def _groups(kinds: Kinds) -> list[Object]:
    groups: dict[str, list[Object]] = {}
    for group, version in _versions(kinds):
        groups.setdefault(group, []).append({"groupVersion": f"{group}/{version}", "version": version})
    return [
        {"name": group, "versions": versions, "preferredVersion": versions[0]} for group, versions in groups.items()
    ]


def _resources(kinds: Kinds, group: str, version: str) -> Object:
    found: list[Object] = []
    for resource in kinds:
        if (resource.group, resource.version) == (group, version):
            found.extend(_described(resource))
    for (of, plural), (kind, _) in REVIEWS.items():
        if of == group:
            names = {"name": plural, "singularName": kind.lower()}
            found.append({**names, "namespaced": False, "kind": kind, "verbs": ["create"]})
    served = f"{group}/{version}" if group else version
    return {"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": served, "resources": found}


def _described(resource: Resource) -> list[Object]:
    main: Object = {
        "name": resource.plural,
        "singularName": resource.singular,
        "namespaced": resource.namespaced,
        "kind": resource.kind,
        "verbs": _VERBS,
    }
    if resource.short_names:
        main["shortNames"] = list(resource.short_names)
    if resource.categories:
        main["categories"] = list(resource.categories)
    found = [main]
    for name in resource.subresources:
        below: Object = {
            "name": f"{resource.plural}/{name}",
            "singularName": "",
            "namespaced": resource.namespaced,
            "kind": "Scale" if name == "scale" else resource.kind,
            "verbs": ["get", "patch", "update"],
        }
        if name == "scale":
            below["group"], below["version"] = "autoscaling", "v1"
        found.append(below)
    return found


def _openapi(kinds: Kinds, path: str) -> Response | None:
    served = {"api/v1": ("", "v1")}
    served.update({f"apis/{group}/{version}": (group, version) for group, version in _versions(kinds)})
    if not path:
        links = {each: {"serverRelativeURL": f"/openapi/v3/{each}"} for each in served}
        return as_json({"paths": links})
    if path not in served:
        return None
    paths: Object = {}
    schemas = dict(definitions())
    for resource in kinds:
        if (resource.group, resource.version) == served[path]:
            base = f"/{path}/namespaces/{{namespace}}" if resource.namespaced else f"/{path}"
            paths[f"{base}/{resource.plural}/{{name}}"] = {"patch": _patch_operation(resource)}
            if resource.custom:
                kinds_of = {"x-kubernetes-group-version-kind": [_gvk(resource)]}
                schemas[resource.name] = {**(resource.schema or {}), **kinds_of}
    info = {"title": "chaosimagecorrupt.simulator", "version": VERSION["gitVersion"]}
    components = {"schemas": schemas}
    return as_json({"openapi": "3.0.0", "info": info, "paths": paths, "components": components})


def _gvk(resource: Resource) -> Object:
    return {"group": resource.group, "version": resource.version, "kind": resource.kind}


def _patch_operation(resource: Resource) -> Object:
    """Return the operation in which kubectl looks whether the server validates fields and knows dry runs.

    The strategic merge patch is not named: kubectl then uses what it knows of the built-in kinds itself.
    """
    names = ("dryRun", "fieldManager", "fieldValidation", "force")
    parameters = [{"name": name, "in": "query", "schema": {"type": "string"}} for name in names]
    types = ["application/json-patch+json", "application/merge-patch+json", "application/apply-patch+yaml"]
    content = {each: {"schema": {"type": "object"}} for each in types}
    return {
        "operationId": f"patch{resource.kind}",
        "parameters": parameters,
        "requestBody": {"content": content, "required": True},
        "responses": {"200": {"description": "OK"}},
        "x-kubernetes-action": "patch",
        "x-kubernetes-group-version-kind": _gvk(resource),
    }
