"""Deployments and strategies for the checks."""

from typing import Any

from tests.manifests import a_deployment

__all__ = ["RECREATE", "Object", "made", "rolling"]

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
