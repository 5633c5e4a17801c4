"""A name that no Deployment has is refused when it is that of another workload, or of what one has made."""

from typing import Any

import pytest

from chaosimagecorrupt.errors import Forbidden, NotFound, Refused
from chaosimagecorrupt.kube.requests import Request
from chaosimagecorrupt.workload.behind_name import get_deployment, refusal_behind
from chaosimagecorrupt.workload.target import Target

Object = dict[str, Any]


class Place:
    """A cluster that has just these objects, by their paths; None may not be read."""

    address, context = "https://k", ""

    def __init__(self, **objects: Any) -> None:
        self.objects = objects

    def send(self, request: Request) -> Any:
        plural = next((p for p in self.objects if f"/{p}" in request.path), "")
        found = self.objects.get(plural, {})
        if found is None:
            raise Forbidden("may not")
        name = request.path.rpartition(f"/{plural}/")[2] if plural and f"/{plural}/" in request.path else ""
        if name or not plural:
            if name in found:
                return found[name]
            if request.path.endswith(("/replicasets", "/replicationcontrollers", "/deployments", "/namespaces")):
                return {"items": []}
            raise NotFound(f"no {request.path}")
        return {"items": list(found.values())}


def target(name: str = "web", **objects: Any) -> Target:
    cluster: Any = Place(**objects)
    return Target(name, "shop", cluster)


def made(name: str, kind: str, version: str, owner: str) -> Object:
    owners = [{"kind": kind, "apiVersion": version, "name": owner, "uid": "1", "controller": True}]
    return {name: {"metadata": {"name": name, "ownerReferences": owners}}}


@pytest.mark.parametrize(
    ("plural", "called"),
    [
        ("rollouts", "Rollout (argoproj.io) shop/web cannot be corrupted: Argo Rollouts makes"),
        ("revisions", "Revision (serving.knative.dev) shop/web cannot be corrupted: a Revision never changes"),
        ("deploymentconfigs", "DeploymentConfig (apps.openshift.io) shop/web cannot be corrupted: OpenShift makes"),
    ],
)
def test_another_workload_of_that_name_is_said(plural: str, called: str) -> None:
    objects: dict[str, Any] = {plural: {"web": {"metadata": {"name": "web"}}}}
    refusal = refusal_behind(target(**objects))
    assert str(refusal).startswith(f"Deployment shop/web does not exist: {called}")


@pytest.mark.parametrize("name", ["web", "web-abc"])
@pytest.mark.parametrize("rollouts", [{}, None], ids=["there is no such kind", "it may not be read"])
def test_what_a_workload_has_made_leads_to_it(name: str, rollouts: Any) -> None:
    sets = made("web-abc", "Rollout", "argoproj.io/v1alpha1", "web")
    refusal = refusal_behind(target(name, replicasets=sets, rollouts=rollouts))
    assert "Rollout (argoproj.io) shop/web cannot be corrupted" in str(refusal)


def test_a_replication_controller_leads_to_its_deployment_config() -> None:
    controllers = made("web-1", "DeploymentConfig", "apps.openshift.io/v1", "web")
    refusal = refusal_behind(target("web-1", replicationcontrollers=controllers))
    assert "DeploymentConfig (apps.openshift.io) shop/web cannot be corrupted" in str(refusal)


def test_of_a_replica_set_of_a_deployment_that_one_is_to_be_named() -> None:
    sets = made("web-abc", "Deployment", "apps/v1", "web")
    refusal = refusal_behind(target("web-abc", replicasets=sets))
    assert str(refusal) == (
        "Deployment shop/web-abc does not exist: ReplicaSet web-abc belongs to Deployment web; name that one"
    )
    assert refusal_behind(target("other", replicasets=sets)) is None


def test_a_name_that_nothing_has_is_not_found() -> None:
    with pytest.raises(NotFound):
        get_deployment(target())
    assert refusal_behind(target(replicasets=None, replicationcontrollers=None)) is None


def test_reading_such_a_name_is_refused() -> None:
    with pytest.raises(Refused, match=r"Rollout \(argoproj.io\) shop/web cannot be corrupted"):
        get_deployment(target(rollouts={"web": {"metadata": {"name": "web"}}}))
