from typing import Any

import pytest

from chaosimagecorrupt.workload.collateral import collateral_of, fighting_owners, owners
from chaosimagecorrupt.workload.rollout import NO_DEADLINE

from ..manifests import a_deployment
from ..recorded import at


@pytest.mark.parametrize(
    ("mark", "tool"),
    [
        ("argocd.argoproj.io/instance", "Argo CD"),
        ("argocd.argoproj.io/tracking-id", "Argo CD"),
        ("kustomize.toolkit.fluxcd.io/name", "Flux"),
        ("helm.toolkit.fluxcd.io/name", "Flux"),
        ("olm.owner", "OLM"),
    ],
)
@pytest.mark.parametrize("where", ["labels", "annotations"])
def test_who_reconciles_it_will_fight(mark: str, tool: str, where: str) -> None:
    marked: dict[str, Any] = {where: {mark: "x"}}
    deployment = a_deployment(**marked)
    assert fighting_owners(deployment) == owners(deployment) == [f"{tool} ({mark})"]


def test_helm_owns_it_and_does_not_fight() -> None:
    deployment = a_deployment(annotations={"meta.helm.sh/release-name": "shop"})
    assert fighting_owners(deployment) == []
    assert owners(deployment) == ["Helm (meta.helm.sh/release-name)"]


def test_of_its_owner_references_the_controller_fights() -> None:
    deployment = a_deployment()
    references = [
        {"kind": "ClusterServiceVersion", "name": "op.v1"},
        {"kind": "Web", "name": "shop", "controller": True},
    ]
    deployment["metadata"]["ownerReferences"] = references
    assert fighting_owners(deployment) == ["Web shop (ownerReferences)"]
    assert owners(deployment) == ["Web shop (ownerReferences)", "ClusterServiceVersion op.v1 (ownerReferences)"]


def test_owners_have_no_raw_control_character() -> None:
    deployment = a_deployment()
    references = [{"kind": "\x1b[2J", "name": "a\nb", "controller": c} for c in (True, False)]
    deployment["metadata"]["ownerReferences"] = references
    assert len(owners(deployment)) == 2 and all(o.isprintable() for o in owners(deployment))


def test_nobody_owns_a_common_deployment() -> None:
    assert owners(a_deployment()) == []


def test_what_can_be_said_from_the_deployment_alone() -> None:
    assert collateral_of(at("surge-zero", 10).deployment, 700.0) == {
        "strategy": "RollingUpdate",
        "max_surge": 0,
        "max_unavailable": 1,
        "replicas": 3,
        "ready_replicas": 2,
        "owners": [],
        "progress_deadline": 600,
        "ttl_left": 700.0,
        "deadline_inside_ttl": True,
    }


def test_recreate_has_no_surge_and_nothing_ready_during_the_fault() -> None:
    found = collateral_of(at("recreate", 20).deployment, None)
    assert (found["strategy"], found["max_surge"], found["ready_replicas"]) == ("Recreate", None, 0)


@pytest.mark.parametrize(
    ("deadline", "ttl_left", "inside"),
    [(60, 61.0, True), (60, 60.0, False), (60, None, None), (NO_DEADLINE, 1e12, False)],
)
def test_the_deadline_is_compared_with_what_is_left_of_the_ttl(
    deadline: int, ttl_left: float | None, inside: bool | None
) -> None:
    assert collateral_of(a_deployment(progressDeadlineSeconds=deadline), ttl_left)["deadline_inside_ttl"] is inside


def test_the_greatest_deadline_is_none() -> None:
    assert collateral_of(a_deployment(progressDeadlineSeconds=NO_DEADLINE), None)["progress_deadline"] is None
