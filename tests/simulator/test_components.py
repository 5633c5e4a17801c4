"""The objects that a simulated cluster starts with."""

from pathlib import Path

import pytest

from chaosimagecorrupt.simulator.api import Api
from chaosimagecorrupt.simulator.clock import ManualClock
from chaosimagecorrupt.simulator.cluster import SimulatedCluster
from chaosimagecorrupt.simulator.components import default_manifests, load_manifests
from chaosimagecorrupt.simulator.controllers.randomness import Randomness
from chaosimagecorrupt.simulator.seed import seed

TARGETS = {
    ("opendatahub", "odh-model-controller"): "manager",
    ("opendatahub", "kserve-controller-manager"): "manager",
    ("knative-serving", "controller"): "controller",
    ("cert-manager", "cert-manager"): "cert-manager-controller",
    ("istio-system", "istiod"): "discovery",
}

OPERATORS = {
    "datascienceclusters.datasciencecluster.opendatahub.io": (
        "",
        "default-dsc",
        ["KserveReady", "ModelControllerReady", "Ready"],
    ),
    "knativeservings.operator.knative.dev": ("knative-serving", "knative-serving", ["DeploymentsAvailable", "Ready"]),
    "certmanagers.operator.openshift.io": ("", "cluster", ["cert-manager-controller-deploymentAvailable"]),
    "istios.sailoperator.io": ("", "default", ["Ready"]),
}


@pytest.fixture(scope="module")
def cluster() -> SimulatedCluster:
    clock = ManualClock()
    cluster = SimulatedCluster(clock, Randomness(1))
    seed(Api(cluster.store), default_manifests())
    cluster.start()
    clock.advance(30)
    return cluster


@pytest.mark.parametrize(("namespace", "name"), TARGETS)
def test_each_component_is_rolled_out(cluster: SimulatedCluster, namespace: str, name: str) -> None:
    found = cluster.store.get("deployments.apps", namespace, name)
    assert found is not None
    assert found["status"]["availableReplicas"] == found["spec"]["replicas"] == 1
    assert found["spec"]["template"]["spec"]["containers"][0]["name"] == TARGETS[namespace, name]
    assert found["spec"]["progressDeadlineSeconds"] == 600


@pytest.mark.parametrize("resource", OPERATORS)
def test_each_operator_says_that_all_is_well(cluster: SimulatedCluster, resource: str) -> None:
    namespace, name, types = OPERATORS[resource]
    found = cluster.store.get(resource, namespace or None, name)
    assert found is not None
    conditions = {each["type"]: each["status"] for each in found["status"]["conditions"]}
    assert [conditions[type_] for type_ in types] == ["True"] * len(types)


def test_istiod_and_the_webhooks_are_served_by_what_their_services_select(cluster: SimulatedCluster) -> None:
    for configuration in cluster.store.list("validatingwebhookconfigurations.admissionregistration.k8s.io"):
        for webhook in configuration["webhooks"]:
            where = webhook["clientConfig"]["service"]
            service = cluster.store.get("services", where["namespace"], where["name"])
            assert service is not None
            pods = cluster.store.list("pods", where["namespace"])
            assert any(service["spec"]["selector"].items() <= pod["metadata"]["labels"].items() for pod in pods)


def test_istiod_surges_by_its_full_size_as_upstream(cluster: SimulatedCluster) -> None:
    istiod = cluster.store.get("deployments.apps", "istio-system", "istiod")
    assert istiod is not None
    assert istiod["spec"]["strategy"]["rollingUpdate"] == {"maxSurge": "100%", "maxUnavailable": "25%"}


def test_manifests_may_be_many_documents_lists_and_json(tmp_path: Path) -> None:
    file = tmp_path / "seed.yaml"
    one, two = ({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}} for name in ("one", "two"))
    file.write_text(f"---\n{one}\n---\n---\n{ {'apiVersion': 'v1', 'kind': 'List', 'items': [two]} }\n")
    assert load_manifests(file) == [one, two]


@pytest.mark.parametrize("text", ["just words", "kind: Pod", "[1, 2]", "a: b: c", "\x00"])
def test_what_is_no_manifest_is_refused_by_name(tmp_path: Path, text: str) -> None:
    file = tmp_path / "seed.yaml"
    file.write_text(text)
    with pytest.raises(ValueError, match=r"seed\.yaml"):
        load_manifests(file)


def test_a_file_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        load_manifests(tmp_path / "none.yaml")
