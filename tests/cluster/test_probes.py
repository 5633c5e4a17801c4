"""What each probe answers with and without the fault, and that none answers from a status older than the spec."""

import json
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from kubernetes import client

from chaosimagecorrupt import probes
from chaosimagecorrupt.actions import corrupt_image
from chaosimagecorrupt.errors import ImageCorruptError, NotFound, Refused
from chaosimagecorrupt.probes import many, many_during
from chaosimagecorrupt.record.memory import MEMORY
from chaosimagecorrupt.rollbacks import restore_image
from tests.memories import another_memory

from .conftest import IMAGE, OTHER_IMAGE

NO_SURGE = {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 0, "maxUnavailable": 1}}
RECREATE = {"type": "Recreate"}
NO_DEADLINE = {"progress_deadline_set": False, "deployment_progressing": False}
HEALTHY = {
    "deployment_progressing": True, "deployment_available": True, "pods_ready": True,
    "progress_deadline_exceeded": False, "deployment_recovered": True, "image_corrupted": False,
    "image_pull_failing": False, "serving_pods": 2, "progress_deadline_set": True,
}  # fmt: skip
FAILING = HEALTHY | {
    "pods_ready": False, "deployment_recovered": False, "image_corrupted": True, "image_pull_failing": True,
}  # fmt: skip


# these take no Deployment's name, or first check what this run did
OTHERWISE = [*many.__all__, *many_during.__all__, "recovery_seconds", "resource_condition", "resource_exists"]


def answers(place: Any) -> Any:
    """What each probe says of the present state."""
    waiting = ("deployment_recovered", "image_pull_failing")  # by default
    return {p: getattr(probes, p)("web", place.ns, **({"timeout": 0} if p in waiting else {})) for p in HEALTHY}


@pytest.mark.parametrize(
    ("spec", "healthy", "failing"),
    [
        ({}, {}, {}),
        ({"strategy": RECREATE}, {}, {"deployment_available": False, "serving_pods": 0}),
        ({"strategy": NO_SURGE}, {}, {"serving_pods": 1}),
        ({"minReadySeconds": 1}, {}, {}),
        ({"progressDeadlineSeconds": 2147483647}, NO_DEADLINE, NO_DEADLINE),
    ],
    ids=["RollingUpdate", "Recreate", "maxSurge 0", "minReadySeconds", "no deadline"],
)
def test_answers_before_during_and_after_the_fault(place: Any, spec: Any, healthy: Any, failing: Any) -> None:
    place.deploy(**spec)
    assert answers(place) == HEALTHY | healthy
    corrupt_image("web", place.ns, guard=False)
    assert probes.image_pull_failing("web", place.ns, timeout=60)
    assert answers(place) == FAILING | failing
    restore_image("web", place.ns)
    assert probes.deployment_recovered("web", place.ns, timeout=60)
    assert answers(place) == HEALTHY | healthy


def test_answers_of_a_paused_deployment(place: Any) -> None:
    place.deploy()
    place.api.patch(place.ns, "web", {"spec": {"paused": True}})
    assert answers(place) == HEALTHY | {"deployment_progressing": False}


def test_answers_of_a_deployment_with_0_replicas(place: Any) -> None:
    place.deploy(replicas=0)
    nothing = {"pods_ready": False, "deployment_recovered": False, "serving_pods": 0}
    assert answers(place) == HEALTHY | nothing


def test_fault_that_is_paused_away_is_not_taken_for_a_recovery(place: Any) -> None:
    place.deploy(strategy=RECREATE)
    corrupt_image("web", place.ns, guard=False)
    assert probes.image_pull_failing("web", place.ns)
    place.api.patch(place.ns, "web", {"spec": {"paused": True}})
    restore_image("web", place.ns)
    assert not probes.deployment_recovered("web", place.ns, timeout=0.3)
    assert not probes.pods_ready("web", place.ns)


def test_exceeded_deadline_is_seen_and_is_over_right_after_the_restore(place: Any) -> None:
    place.deploy()
    corrupt_image("web", place.ns, progress_deadline=1, guard=False)
    assert probes.progress_deadline_exceeded("web", place.ns, timeout=30)
    assert not probes.deployment_progressing("web", place.ns)
    restore_image("web", place.ns)
    assert not probes.progress_deadline_exceeded("web", place.ns)
    assert probes.deployment_progressing("web", place.ns)


def test_image_that_no_runtime_can_parse_is_a_failing_pull(place: Any) -> None:
    place.deploy()
    corrupt_image("web", place.ns, image="registry.invalid/UPPER:1", guard=False)
    assert probes.image_pull_failing("web", place.ns)


def test_image_pull_failing_is_about_the_named_container_and_image(place: Any) -> None:
    place.deploy(pod={"containers": [{"name": "app", "image": IMAGE}, {"name": "sidecar", "image": IMAGE}]})
    corrupt_image("web", place.ns, container_name="sidecar", image="registry.invalid/x:1", guard=False)
    assert probes.image_pull_failing("web", place.ns, container_name="sidecar", image="registry.invalid/x:1")
    assert not probes.image_pull_failing("web", place.ns, container_name="app", timeout=0)
    assert not probes.image_pull_failing("web", place.ns, image="registry.invalid/y:1", timeout=0)
    assert [probes.image_corrupted("web", place.ns, container_name=c) for c in ("app", "sidecar")] == [False, True]
    with pytest.raises(Refused, match="there is no 'web'; there are app, sidecar"):
        probes.image_pull_failing("web", place.ns, container_name="web")


def test_image_that_admission_gave_the_pods_is_a_failing_pull_too(place: Any) -> None:
    place.deploy()
    corrupt_image("web", place.ns, guard=False)
    assert probes.image_pull_failing("web", place.ns)
    mirrored = {"spec": {"containers": [{"name": "app", "image": "mirror.invalid/nonexistent:chaos"}]}}
    for pod in place.api.core.list_namespaced_pod(place.ns, field_selector="status.phase=Pending").items:
        place.api.core.patch_namespaced_pod(pod.metadata.name, place.ns, mirrored)
    assert probes.image_pull_failing("web", place.ns)
    assert not probes.image_pull_failing("web", place.ns, image="registry.invalid/nonexistent:chaos", timeout=0)


def test_pull_that_fails_after_the_restore_is_no_effect_of_the_fault(place: Any) -> None:
    place.deploy()
    corrupt_image("web", place.ns, guard=False)
    restore_image("web", place.ns)
    place.api.set_image(place.ns, "web", "registry.invalid/typo:1")
    assert probes.image_pull_failing("web", place.ns)
    assert MEMORY.faults()[0].pull_failed_at is None


def test_pull_that_fails_in_another_rollout_is_seen_without_a_record(place: Any) -> None:
    place.deploy(pod={"containers": [{"name": "app", "image": "registry.invalid/typo:1"}]}, settled=False)
    assert probes.image_pull_failing("web", place.ns)
    assert not probes.image_corrupted("web", place.ns)


@pytest.mark.parametrize("probe", sorted({*probes.__all__} - {*OTHERWISE}))
def test_probe_of_a_deployment_that_is_not_there_says_so(place: Any, probe: Any) -> None:
    with pytest.raises(NotFound, match=f'"web" is not in namespace "{place.ns}"'):
        getattr(probes, probe)("web", place.ns)


def test_none_answers_from_the_status_before_the_corruption_or_the_restore(place: Any) -> None:
    place.deploy()
    for _ in range(20):
        corrupt_image("web", place.ns, guard=False)
        assert not probes.pods_ready("web", place.ns)
        assert probes.serving_pods("web", place.ns) == 2
        assert probes.deployment_available("web", place.ns)
        restore_image("web", place.ns)
        assert not probes.image_pull_failing("web", place.ns, timeout=0)
        assert probes.deployment_progressing("web", place.ns)
        assert probes.deployment_recovered("web", place.ns, timeout=60)
        assert [s["status"].get("replicas", 0) for s in place.api.replica_sets(place.ns)] == [2]


def test_watch_of_the_replica_sets_that_is_behind_that_of_the_deployment_fools_none(place: Any, simulator: Any) -> None:
    place.deploy()
    for _ in range(3):
        simulator.faults.delay(0.2, path=f"{place.ns}/replicasets.*watch=true")
        corrupt_image("web", place.ns, guard=False)
        assert not probes.pods_ready("web", place.ns)
        simulator.faults.delay(0.2, path=f"{place.ns}/replicasets.*watch=true")
        restore_image("web", place.ns, clean_history=False)
        assert probes.deployment_recovered("web", place.ns)
        assert {s["status"].get("replicas", 0) for s in place.api.replica_sets(place.ns)} == {0, 2}
        place.settle()


def test_none_answers_from_the_status_before_under_recreate(place: Any) -> None:
    place.deploy(strategy=RECREATE, replicas=1)
    for _ in range(2):
        corrupt_image("web", place.ns, guard=False)
        assert not probes.deployment_recovered("web", place.ns, timeout=0)
        assert probes.image_pull_failing("web", place.ns)
        restore_image("web", place.ns)
        assert not probes.deployment_available("web", place.ns)
        assert not probes.pods_ready("web", place.ns)
        assert not probes.deployment_recovered("web", place.ns, timeout=0)
        assert probes.deployment_recovered("web", place.ns, timeout=60)


def test_quick_restore_under_recreate_is_not_taken_for_a_recovery_before_the_new_pods_are_ready(place: Any) -> None:
    place.deploy(strategy=RECREATE)
    for _ in range(3):
        corrupt_image("web", place.ns, guard=False)
        restore_image("web", place.ns)
        assert probes.deployment_recovered("web", place.ns, timeout=60)
        ready = [s["status"].get("readyReplicas", 0) for s in place.api.replica_sets(place.ns)]
        assert (sum(ready), place.get()["status"]["readyReplicas"]) == (2, 2)


def test_wait_is_logged_by_state(place: Any, said: Any) -> None:
    place.deploy()
    corrupt_image("web", place.ns, guard=False)
    said.clear()
    assert probes.image_pull_failing("web", place.ns, timeout="1m")  # type: ignore[arg-type]  # as in an experiment
    last = said[-1]
    assert last.startswith(f"INFO Deployment {place.ns}/web: 2/2 ready, 1 of 2 updated, 1 surplus pod, app: ")
    assert last.endswith("s of 60 s")
    assert len(said) == len(set(said))


def test_wait_survives_watches_that_are_closed_or_expire(place: Any, simulator: Any) -> None:
    place.deploy()
    closing = threading.Timer(0.1, simulator.faults.close_watches)
    expiring = threading.Timer(0.2, simulator.faults.expire_watches)
    corrupting = threading.Timer(0.4, corrupt_image, ("web", place.ns), {"guard": False})
    for timer in (closing, expiring, corrupting):
        timer.start()
    assert probes.image_pull_failing("web", place.ns, timeout=60)
    for timer in (closing, expiring, corrupting):
        timer.join()


def test_wait_ends_with_its_time(place: Any) -> None:
    place.deploy()
    started = time.monotonic()
    assert not probes.image_pull_failing("web", place.ns, timeout="300ms")  # type: ignore[arg-type]  # likewise
    assert 0.3 <= time.monotonic() - started < 15


def test_recovery_is_measured_under_recreate(place: Any) -> None:
    place.deploy(strategy=RECREATE)
    corrupt_image("web", place.ns, guard=False)
    assert probes.image_pull_failing("web", place.ns)
    started = time.monotonic()
    restore_image("web", place.ns)
    seconds = probes.recovery_seconds("web", place.ns)
    # a look that comes late finds whole seconds in the conditions
    assert seconds > 0.02 or time.monotonic() - started > 1
    assert seconds <= time.monotonic() - started
    assert probes.recovery_seconds("web", place.ns) == seconds


def test_recovery_that_was_over_before_anyone_looked_is_not_measured_to_the_look(place: Any) -> None:
    place.deploy()
    corrupt_image("web", place.ns, guard=False)
    assert probes.image_pull_failing("web", place.ns)
    restore_image("web", place.ns)
    place.settle()
    time.sleep(1.1)  # what is promised is about a late look
    assert probes.recovery_seconds("web", place.ns) < 1.1


def test_recovery_does_not_end_after_it_was_seen_when_the_clock_of_the_cluster_is_ahead(
    place: Any, simulator: Any
) -> None:
    place.deploy()
    corrupt_image("web", place.ns, guard=False)
    restore_image("web", place.ns)
    place.settle()
    time.sleep(1.1)
    conditions = place.get()["status"]["conditions"]
    ahead = [{**c, "lastUpdateTime": "2099-01-01T00:00:00Z"} for c in conditions]
    place.api.apps.patch_namespaced_deployment_status("web", place.ns, {"status": {"conditions": ahead}})
    assert 1 < probes.recovery_seconds("web", place.ns) < 60


def test_recovery_that_does_not_come_in_time_is_an_error(place: Any) -> None:
    place.deploy()
    corrupt_image("web", place.ns, guard=False)
    with pytest.raises(ImageCorruptError, match="this run has restored nothing there"):
        probes.recovery_seconds("web", place.ns)
    place.api.set_image(place.ns, "web", "registry.invalid/third:v1")
    restore_image("web", place.ns)
    with pytest.raises(ImageCorruptError, match=r"did not recover within 0\.2 s"):
        probes.recovery_seconds("web", place.ns, timeout=0.2)


@pytest.fixture
def another_process() -> Any:
    """Return what makes this process forget what it did, as if a new one took over."""
    return MEMORY.forget


def test_reconcile_cycles_are_what_others_changed(place: Any) -> None:
    place.deploy(pod={"containers": [{"name": "app", "image": IMAGE}, {"name": "sidecar", "image": IMAGE}]})
    for container in ("app", "sidecar"):
        corrupt_image("web", place.ns, container_name=container, guard=False)
    assert probes.reconcile_cycles("web", place.ns) == 0
    place.api.set_image(place.ns, "web", OTHER_IMAGE)
    place.api.patch(place.ns, "web", {"metadata": {"annotations": {"example.com/a": "1"}}})
    assert probes.reconcile_cycles("web", place.ns) == 2
    with another_memory():
        assert probes.reconcile_cycles("web", place.ns) == 2
    restore_image("web", place.ns)
    assert probes.reconcile_cycles("web", place.ns) == 2


def test_reconcile_cycles_without_a_fault_is_an_error(place: Any) -> None:
    place.deploy()
    with pytest.raises(ImageCorruptError, match="nothing to count from"):
        probes.reconcile_cycles("web", place.ns)


def test_collateral_of_a_plain_deployment(place: Any) -> None:
    place.deploy()
    found = probes.collateral("web", place.ns)
    assert found == {
        "strategy": "RollingUpdate", "max_surge": "25%", "max_unavailable": "25%", "replicas": 2, "ready_replicas": 2,
        "owners": ["manager installer (owns the image of app)"], "progress_deadline": 600, "ttl_left": None,
        "deadline_inside_ttl": None, "webhooks": [], "autoscalers": [], "not_observed": [],
    }  # fmt: skip


def test_collateral_sets_the_deadline_against_the_ttl(place: Any) -> None:
    place.deploy(progressDeadlineSeconds=60)
    corrupt_image("web", place.ns, ttl="5m", guard=False)
    found = probes.collateral("web", place.ns)
    assert 290 < found["ttl_left"] <= 301
    assert (found["progress_deadline"], found["deadline_inside_ttl"]) == (60, True)
    assert json.loads(json.dumps(found)) == found


@pytest.fixture
def webhooks(place: Any) -> Iterator[Any]:
    """A validating and a mutating webhook whose backends are the pods of `web`, and one of another Service."""
    api = client.AdmissionregistrationV1Api(place.api.core.api_client)
    place.api.core.create_namespaced_service(
        place.ns, {"metadata": {"name": "hooks"}, "spec": {"selector": {"app": "web"}, "ports": [{"port": 443}]}}
    )

    def webhook(name: Any, service: Any) -> Any:
        return {
            "name": f"{name}.example.com", "sideEffects": "None", "admissionReviewVersions": ["v1"],
            "failurePolicy": "Ignore", "clientConfig": {"service": {"namespace": place.ns, "name": service}},
            "rules": [{"apiGroups": ["x.example"], "apiVersions": ["v1"], "operations": ["*"], "resources": ["none"]}],
        }  # fmt: skip

    of_others = {"metadata": {"name": place.ns}, "webhooks": [webhook("b", "others"), webhook("c", "hooks")]}
    api.create_validating_webhook_configuration({"metadata": {"name": place.ns}, "webhooks": [webhook("a", "hooks")]})
    api.create_mutating_webhook_configuration(of_others)
    yield
    api.delete_validating_webhook_configuration(place.ns)
    api.delete_mutating_webhook_configuration(place.ns)


def test_collateral_names_the_webhooks_that_the_pods_serve(place: Any, webhooks: Any) -> None:
    place.deploy()
    found = probes.collateral("web", place.ns)["webhooks"]
    common = {"configuration": place.ns, "service": "hooks", "failure_policy": "Ignore"}
    assert found == [
        {"kind": "ValidatingWebhookConfiguration", "webhook": "a.example.com", **common},
        {"kind": "MutatingWebhookConfiguration", "webhook": "c.example.com", **common},
    ]


def test_collateral_names_the_owners(place: Any) -> None:
    labels = {"argocd.argoproj.io/instance": "shop", "olm.owner": "shop.v1"}
    annotations = {"meta.helm.sh/release-name": "shop", "kustomize.toolkit.fluxcd.io/name": "shop"}
    place.deploy(metadata={"labels": labels, "annotations": annotations})
    owners = " ".join(probes.collateral("web", place.ns)["owners"])
    assert [name in owners for name in ("Argo CD", "OLM", "Flux", "Helm")] == [True] * 4


def test_collateral_says_what_the_role_does_not_let_it_see(place: Any, account: Any) -> None:
    place.deploy()
    services = {"apiGroups": [""], "resources": ["services"], "verbs": ["list"]}
    account({"apiGroups": ["apps"], "resources": ["deployments"], "verbs": ["get"]}, services)
    found = probes.collateral("web", place.ns)
    assert (found["webhooks"], found["replicas"]) == (None, 2)
    assert "list validatingwebhookconfigurations.admissionregistration.k8s.io" in found["not_observed"][0]


def condition(place: Any, condition_type: Any = "Available", **arguments: Any) -> Any:
    return probes.resource_condition("apps/v1", "Deployment", "web", condition_type, ns=place.ns, **arguments)


def test_condition_of_any_resource(place: Any) -> None:
    place.deploy()
    assert condition(place) and condition(place, reason="MinimumReplicasAvailable")
    assert not condition(place, status="False")
    assert not condition(place, reason="Other")
    assert not condition(place, condition_type="Degraded")


def test_condition_is_waited_for(place: Any) -> None:
    place.deploy(strategy=RECREATE)
    corrupt_image("web", place.ns, guard=False)
    assert condition(place, status="False", timeout=30)


def test_condition_of_a_resource_that_is_not_there_says_so(place: Any) -> None:
    with pytest.raises(NotFound, match=f'deployments.apps "web" in namespace "{place.ns}" is not there'):
        condition(place)


@pytest.mark.parametrize(
    ("api_version", "kind", "wrong"),
    [
        ("operator.example.com/v1", "Thing", "does not serve operator.example.com/v1; is its CRD installed"),
        ("apps/v1", "Deploymnet", "apps/v1 has no 'Deploymnet'; it has .*Deployment"),
    ],
)
def test_condition_of_a_kind_that_is_not_known_says_what_is(
    place: Any, api_version: Any, kind: Any, wrong: Any
) -> None:
    with pytest.raises(Refused, match=wrong):
        probes.resource_condition(api_version, kind, "web", "Ready", ns=place.ns)


def test_condition_of_a_namespaced_kind_needs_a_namespace(place: Any) -> None:
    with pytest.raises(Refused, match="ns: Deployment lives in a namespace; name it"):
        probes.resource_condition("apps/v1", "Deployment", "web", "Available")
