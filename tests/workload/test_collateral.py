import pytest

from chaosimagecorrupt.workload.collateral import collateral_of, fighting_owners
from chaosimagecorrupt.workload.rollout import NO_DEADLINE

from ..manifests import a_deployment
from ..recorded import at


def test_who_puts_the_image_back_by_itself_fights() -> None:
    labels = {"kustomize.toolkit.fluxcd.io/name": "apps"}
    deployment = a_deployment(labels=labels, annotations={"meta.helm.sh/release-name": "shop"})
    assert fighting_owners(deployment) == ["Flux (kustomize.toolkit.fluxcd.io/name)"]


def test_all_owners_are_collateral() -> None:
    labels = {"kustomize.toolkit.fluxcd.io/name": "apps"}
    deployment = a_deployment(labels=labels, annotations={"meta.helm.sh/release-name": "shop"})
    found = collateral_of(deployment, None, {"app": [["kubectl-set", "Update", "2026-01-01T00:00:00Z"]]})
    assert found["owners"] == [
        "Flux (kustomize.toolkit.fluxcd.io/name)",
        "Helm (meta.helm.sh/release-name)",
        "manager kubectl-set (owns the image of app)",
    ]


def test_nobody_fights_for_a_common_deployment() -> None:
    assert fighting_owners(a_deployment()) == []


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
