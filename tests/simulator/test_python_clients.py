"""chaostoolkit-kubernetes and the Python client, unmodified, against the simulator."""

from collections.abc import Iterator
from typing import Any

import pytest
from chaoslib.exceptions import ActivityFailed

from chaosimagecorrupt.simulator.clock import ManualClock

from ..faulty_simulator import FaultySimulator
from .calls import STRATEGIC, WEB, HttpCalls, deployment, image_patch

kubernetes = pytest.importorskip("kubernetes", reason="the Python client is not installed")
deployments = pytest.importorskip("chaosk8s.deployment.probes", reason="chaostoolkit-kubernetes is not installed")
pods = pytest.importorskip("chaosk8s.pod.probes", reason="chaostoolkit-kubernetes is not installed")
actions = pytest.importorskip("chaosk8s.deployment.actions", reason="chaostoolkit-kubernetes is not installed")


@pytest.fixture(scope="module")
def running() -> Iterator[FaultySimulator]:
    with FaultySimulator([], clock=ManualClock()) as simulator:
        yield simulator


@pytest.fixture
def calls(running: FaultySimulator, monkeypatch: pytest.MonkeyPatch) -> Iterator[HttpCalls]:
    """A rolled out Deployment, and the kubeconfig where the clients look for it."""
    monkeypatch.setenv("KUBECONFIG", str(running.kubeconfig))
    # the client reads the variable when it is imported, and keeps what it loaded as everyone's default
    monkeypatch.setattr(kubernetes.config.kube_config, "KUBE_CONFIG_DEFAULT_LOCATION", str(running.kubeconfig))
    monkeypatch.setattr(kubernetes.client.Configuration, "_default", None)
    calls = HttpCalls(running)
    calls("POST", "/apis/apps/v1/namespaces/default/deployments", deployment())
    calls.advance(5)
    yield calls
    calls("DELETE", WEB)
    calls.advance(60)
    calls.close()


@pytest.fixture
def apps(running: FaultySimulator) -> Iterator[Any]:
    with kubernetes.config.new_client_from_config(str(running.kubeconfig)) as client:
        yield kubernetes.client.AppsV1Api(client)


def stall(calls: HttpCalls) -> None:
    calls("PATCH", WEB, image_patch("registry.invalid/nonexistent:chaos"), STRATEGIC)
    calls.advance(20)


def test_a_healthy_deployment_passes_the_probes(calls: HttpCalls) -> None:
    assert deployments.deployment_available_and_healthy("web") is True
    assert deployments.deployment_partially_available("web") is True
    assert deployments.deployment_fully_available("web", timeout=2) is True
    with pytest.raises(ActivityFailed):
        deployments.deployment_not_fully_available("web", timeout=1)


def test_a_stalled_rollout_fools_the_probes_as_recorded(calls: HttpCalls) -> None:
    stall(calls)
    assert deployments.deployment_available_and_healthy("web") is True
    assert deployments.deployment_fully_available("web", timeout=2) is True
    assert deployments.deployment_partially_available("web") is True


def test_a_missing_deployment_fails_the_probes(calls: HttpCalls) -> None:
    with pytest.raises(ActivityFailed, match="was not found"):
        deployments.deployment_available_and_healthy("nope")


def test_pods_are_counted(calls: HttpCalls) -> None:
    assert pods.count_pods(label_selector="app=web") == 2
    assert pods.count_pods(label_selector="app=web", phase="Running") == 2
    assert pods.count_min_pods(label_selector="app=web", min_count=2) is True
    assert pods.pods_in_phase(label_selector="app=web", phase="Running") is True
    assert pods.pods_not_in_phase(label_selector="app=web", phase="Failed") is True
    assert pods.pods_in_conditions("app=web", [{"type": "Ready", "status": "True"}]) is True
    assert pods.all_pods_healthy("default") is True


def test_a_pod_that_cannot_pull_is_pending(calls: HttpCalls) -> None:
    stall(calls)
    assert pods.count_pods(label_selector="app=web", phase="Pending") == 1


def test_actions_of_the_sibling_work_too(calls: HttpCalls) -> None:
    actions.scale_deployment("web", replicas=4)
    calls.advance(5)
    assert pods.count_pods(label_selector="app=web") == 4
    actions.rollout_deployment("web")
    calls.advance(60)
    assert calls("GET", WEB).body["status"]["observedGeneration"] == 3


def test_the_typed_client_reads_and_writes(calls: HttpCalls, apps: Any) -> None:
    found = apps.read_namespaced_deployment("web", "default")
    assert found.status.available_replicas == 2
    assert found.metadata.managed_fields[0].manager
    found.spec.replicas = 3
    assert apps.replace_namespaced_deployment("web", "default", found).metadata.generation == 2
    patched = apps.patch_namespaced_deployment("web", "default", image_patch("b:1"), field_manager="me")
    assert patched.spec.template.spec.containers[0].image == "b:1"
    assert apps.read_namespaced_deployment_scale("web", "default").spec.replicas == 3


def test_the_typed_client_sees_conflicts(calls: HttpCalls, apps: Any) -> None:
    stale = apps.read_namespaced_deployment("web", "default")
    apps.patch_namespaced_deployment("web", "default", {"metadata": {"labels": {"a": "b"}}})
    stale.spec.replicas = 5
    with pytest.raises(kubernetes.client.ApiException) as refused:
        apps.replace_namespaced_deployment("web", "default", stale)
    assert (refused.value.status, refused.value.reason) == (409, "Conflict")


def test_the_typed_client_watches(calls: HttpCalls, apps: Any) -> None:
    watch = kubernetes.watch.Watch()
    events = watch.stream(apps.list_namespaced_deployment, "default", timeout_seconds=1)
    assert [(event["type"], event["object"].metadata.name) for event in events] == [("ADDED", "web")]


def test_the_typed_client_creates_and_deletes(calls: HttpCalls, apps: Any) -> None:
    made = apps.create_namespaced_deployment("default", deployment("other"))
    assert made.spec.progress_deadline_seconds == 600
    options = kubernetes.client.V1DeleteOptions(propagation_policy="Foreground")
    apps.delete_namespaced_deployment("other", "default", body=options)
    calls.advance(60)
    assert calls("GET", "/apis/apps/v1/namespaces/default/deployments/other").status == 404
