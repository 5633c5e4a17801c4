"""Deployments and strategies for the checks."""

from typing import Any

from tests.manifests import a_deployment

__all__ = ["RECREATE", "Object", "made", "quota", "rolling", "sized"]

Object = Any

RECREATE: Object = {"type": "Recreate"}


def made(replicas: int = 4, strategy: Object | None = None, **container: Any) -> Object:
    """Return a Deployment whose container has these fields."""
    found = a_deployment(replicas=replicas)
    if strategy is not None:
        found["spec"]["strategy"] = strategy
    found["spec"]["template"]["spec"]["containers"][0] |= container
    return found


def rolling(surge: int | str, unavailable: int | str) -> Object:
    """Return a rolling update."""
    return {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": surge, "maxUnavailable": unavailable}}


def sized(**resources: Object) -> Object:
    """Return a Deployment with these containers, each with its `resources`, whose rollout stops no pod."""
    found = a_deployment(replicas=4, containers=dict.fromkeys(resources, "localhost/app:v1"), strategy=rolling(1, 0))
    for container in found["spec"]["template"]["spec"]["containers"]:
        container["resources"] = resources[container["name"]]
    return found


def quota(scopes: Object = (), selector: Object = (), **amounts: tuple[str, str]) -> Object:
    """Return a ResourceQuota `limits` with what is used and allowed of each resource."""
    hard, used = ({k: v[i] for k, v in amounts.items()} for i in (1, 0))
    spec = {"hard": hard, "scopes": list(scopes), "scopeSelector": {"matchExpressions": list(selector)}}
    return {"metadata": {"name": "limits"}, "spec": spec, "status": {"hard": hard, "used": used}}
