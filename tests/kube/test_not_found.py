"""What an error says of a Deployment or namespace that does not exist."""

from chaosimagecorrupt.kube.client import Cluster, Patience
from chaosimagecorrupt.kube.not_found import no_namespace, not_found
from chaosimagecorrupt.kube.resources import DEPLOYMENTS

from ..fixtures_http import NS, Shop


def test_an_empty_namespace_has_no_deployment_at_all(cluster: Cluster) -> None:
    assert "found there: no Deployment at all" in str(
        not_found(cluster, "kube-public", "web", DEPLOYMENTS, "Deployment")
    )


def test_what_cannot_be_told_is_said(cluster: Cluster, shop: Shop) -> None:
    shop.simulator.faults.refuse()
    hasty = cluster.with_patience(Patience(retry_for=0))
    error = not_found(hasty, NS, "web", DEPLOYMENTS, "Deployment")
    assert "what else exists cannot be read: could not list deployments.apps" in str(error)


def test_a_deployment_of_that_name_elsewhere_is_named(cluster: Cluster, shop: Shop) -> None:
    error = not_found(cluster, "kube-system", shop.name, DEPLOYMENTS, "Deployment")
    assert f"there is one of that name in {NS}" in str(error)


def test_a_missing_namespace_is_named_with_those_that_exist(cluster: Cluster) -> None:
    error = no_namespace(cluster, "nope")
    assert error is not None and "kube-system" in str(error) and error.status == 404
    assert no_namespace(cluster, "kube-system") is None
