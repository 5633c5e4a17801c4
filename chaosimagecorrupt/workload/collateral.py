"""What a fault in a Deployment affects, and which tools may undo it. Pure."""

from collections.abc import Mapping
from typing import TypedDict

from ..errors import one_line
from ..kube.types import Deployment
from .rollout import NO_DEADLINE, desired_replicas

__all__ = ["DeploymentCollateral", "collateral_of", "fighting_owners", "owners"]


# label or annotation -> tool. Flux and Argo CD reconcile what they own; Helm only acts when it is called.
_RECONCILERS = {
    "argocd.argoproj.io/instance": "Argo CD",
    "argocd.argoproj.io/tracking-id": "Argo CD",
    "kustomize.toolkit.fluxcd.io/name": "Flux",
    "helm.toolkit.fluxcd.io/name": "Flux",
    "olm.owner": "OLM",
}
_PASSIVE = {"meta.helm.sh/release-name": "Helm"}


class DeploymentCollateral(TypedDict):
    """What a Deployment alone says about the effect of a fault.

    `max_surge` and `max_unavailable` are None when the Deployment does not set them, `progress_deadline` (seconds) is
    None when there is none, `ttl_left` (seconds) and `deadline_inside_ttl` are None when there is no record.
    """

    strategy: str
    max_surge: int | str | None
    max_unavailable: int | str | None
    replicas: int
    ready_replicas: int
    owners: list[str]
    progress_deadline: int | None
    ttl_left: float | None
    deadline_inside_ttl: bool | None


def fighting_owners(deployment: Deployment) -> list[str]:
    """Return the tools that reconcile this Deployment and may put its image back, each with its mark."""
    return _named(deployment, _RECONCILERS) + _owner_references(deployment, controller=True)


def owners(deployment: Deployment) -> list[str]:
    """Return the owners of this Deployment: OLM, Argo CD, Flux, Helm, ownerReferences."""
    others = _owner_references(deployment, controller=False)
    return fighting_owners(deployment) + others + _named(deployment, _PASSIVE)


def collateral_of(deployment: Deployment, expires_in: float | None) -> DeploymentCollateral:
    """Return what the Deployment alone says about the effect of a fault.

    Args:
        deployment: the Deployment.
        expires_in: seconds that are left of the fault's ttl; None when there is no record.
    """
    spec, status = deployment["spec"], deployment.get("status") or {}
    strategy = spec.get("strategy") or {}
    rolling = strategy.get("rollingUpdate") or {}
    seconds = spec.get("progressDeadlineSeconds", NO_DEADLINE)
    deadline = None if seconds >= NO_DEADLINE else seconds
    inside = None if expires_in is None else deadline is not None and deadline < expires_in
    return {
        "strategy": strategy.get("type", "RollingUpdate"),
        "max_surge": rolling.get("maxSurge"),
        "max_unavailable": rolling.get("maxUnavailable"),
        "replicas": desired_replicas(deployment),
        "ready_replicas": status.get("readyReplicas") or 0,
        "owners": owners(deployment),
        "progress_deadline": deadline,
        "ttl_left": expires_in,
        "deadline_inside_ttl": inside,
    }


def _owner_references(deployment: Deployment, *, controller: bool) -> list[str]:
    return [
        f"{one_line(o['kind'], 80)} {one_line(o['name'], 80)} (ownerReferences)"
        for o in deployment["metadata"].get("ownerReferences") or []
        if bool(o.get("controller")) == controller
    ]


def _named(deployment: Deployment, marks: Mapping[str, str]) -> list[str]:
    metadata = deployment["metadata"]
    there = {**(metadata.get("annotations") or {}), **(metadata.get("labels") or {})}
    return [f"{tool} ({mark})" for mark, tool in marks.items() if mark in there]
