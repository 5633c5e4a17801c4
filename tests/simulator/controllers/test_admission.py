"""What admission adds to a Pod, and which Pods it refuses."""

import pytest

from chaosimagecorrupt.simulator.controllers.errors import StatusError
from chaosimagecorrupt.simulator.types import Object

from ..controller_cluster import BAD, BETTER, GOOD, NS, PODS, ControllerCluster, deployment

WEBHOOKS = "validatingwebhookconfigurations.admissionregistration.k8s.io"


def in_namespace(labels: Object) -> ControllerCluster:
    cluster = ControllerCluster()
    cluster.create({"metadata": {"name": NS, "labels": labels}, "spec": {"finalizers": ["kubernetes"]}}, "namespaces")
    return cluster


def test_the_quality_of_service_follows_the_resources() -> None:
    cluster = ControllerCluster()
    both = {"cpu": "1", "memory": "1Gi"}
    for name, resources in (
        ("a", {}), ("b", {"requests": {"cpu": "1"}}), ("c", {"limits": both}), ("d", {"requests": both, "limits": both})
    ):  # fmt: skip
        pod = {"containers": [{"name": "app", "image": BETTER, "resources": resources}]}
        cluster.create({"metadata": {"name": name, "namespace": NS}, "spec": pod}, PODS)
    classes = [pod["status"]["qosClass"] for pod in cluster.pods()]
    assert classes == ["BestEffort", "Burstable", "Guaranteed", "Guaranteed"]


RESTRICTED = {"pod-security.kubernetes.io/enforce": "restricted"}
ALLOWED = {
    "allowPrivilegeEscalation": False,
    "capabilities": {"drop": ["ALL"]},
    "runAsNonRoot": True,
    "seccompProfile": {"type": "RuntimeDefault"},
}
ESCALATES = '(container "app" must set securityContext.allowPrivilegeEscalation=false)'
CAPABLE = '(container "app" must set securityContext.capabilities.drop=["ALL"])'
ROOT = '(pod or container "app" must set securityContext.runAsNonRoot=true)'
PROFILE = '(pod or container "app" must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost")'
VIOLATES = 'pods "web" is forbidden: violates PodSecurity "restricted:latest": '


def a_pod(*contexts: Object, pod: Object | None = None, **labels: str) -> Object:
    names = ["app", "sidecar"]
    containers = [{"name": n, "image": GOOD, "securityContext": c} for n, c in zip(names, contexts, strict=False)]
    spec = {"containers": containers, "securityContext": pod or {}}
    return {"metadata": {"name": "web", "namespace": NS, "labels": labels}, "spec": spec}


@pytest.mark.parametrize(
    ("pod", "why"),
    [
        (
            a_pod({}),
            f"allowPrivilegeEscalation != false {ESCALATES}, unrestricted capabilities {CAPABLE}, "
            f"runAsNonRoot != true {ROOT}, seccompProfile {PROFILE}",
        ),
        (a_pod({**ALLOWED, "capabilities": {"drop": ["ALL"], "add": ["SYS_TIME"]}}), "unrestricted capabilities"),
        (a_pod({**ALLOWED, "runAsNonRoot": False}, pod={"runAsNonRoot": True}), "runAsNonRoot != true"),
        (a_pod({**ALLOWED, "seccompProfile": {"type": "Unconfined"}}), "seccompProfile"),
        (
            a_pod(*[{**ALLOWED, "allowPrivilegeEscalation": True}] * 2),
            'allowPrivilegeEscalation != false (containers "app", "sidecar" must',
        ),
    ],
)
def test_a_restricted_namespace_refuses_a_pod(pod: Object, why: str) -> None:
    cluster = in_namespace(RESTRICTED)
    with pytest.raises(StatusError) as refusal:
        cluster.create(pod, PODS)
    assert str(refusal.value).startswith(VIOLATES + why)


def test_a_restricted_namespace_takes_a_pod_that_keeps_to_the_rules() -> None:
    cluster = in_namespace(RESTRICTED)
    of_pod = {"runAsNonRoot": True, "seccompProfile": {"type": "Localhost"}}
    cluster.create(a_pod({k: ALLOWED[k] for k in ("allowPrivilegeEscalation", "capabilities")}, pod=of_pod), PODS)
    assert len(cluster.pods()) == 1


def test_another_level_refuses_nothing() -> None:
    cluster = in_namespace({"pod-security.kubernetes.io/enforce": "baseline"})
    cluster.create(a_pod({}), PODS)
    assert len(cluster.pods()) == 1


RULE = {"apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE"], "resources": ["pods"]}
HOOK = {"name": "images.example.com", "rules": [RULE]}
NOT_ASKED = {
    "about other objects": {"rules": [{**RULE, "resources": ["services"]}]},
    "about other groups": {"rules": [{**RULE, "apiGroups": ["apps"]}]},
    "about deletions": {"rules": [{**RULE, "operations": ["DELETE"]}]},
    "in other namespaces": {"namespaceSelector": {"matchLabels": {"team": "other"}}},
    "about other pods": {"objectSelector": {"matchExpressions": [{"key": "checked", "operator": "Exists"}]}},
}


def webhook(message: str | None, **hook: object) -> Object:
    annotations = {} if message is None else {"simulator.operatorchaos.io/denies": message}
    return {"metadata": {"name": "policy", "annotations": annotations}, "webhooks": [{**HOOK, **hook}]}


@pytest.mark.parametrize(
    ("message", "denied"), [("not from our registry", "the request: not from"), ("", "the request without explanation")]
)
def test_a_webhook_that_denies_says_what_its_annotation_has(message: str, denied: str) -> None:
    cluster = in_namespace({"team": "shop"})
    cluster.create(webhook(message, namespaceSelector={"matchLabels": {"team": "shop"}}), WEBHOOKS)
    with pytest.raises(StatusError, match=f'^admission webhook "images.example.com" denied {denied}'):
        cluster.create(a_pod({}), PODS)


@pytest.mark.parametrize("hook", NOT_ASKED.values(), ids=list(NOT_ASKED))
def test_a_webhook_is_asked_only_about_what_it_selects(hook: Object) -> None:
    cluster = in_namespace({"team": "shop"})
    cluster.create(webhook("no", **hook), WEBHOOKS)
    cluster.create(a_pod({}), PODS)
    assert len(cluster.pods()) == 1


def test_a_webhook_without_the_annotation_denies_nothing() -> None:
    cluster = in_namespace({})
    cluster.create(webhook(None), WEBHOOKS)
    cluster.create(a_pod({}), PODS)
    assert len(cluster.pods()) == 1


def test_a_replica_set_reports_the_words_of_the_webhook() -> None:
    cluster = in_namespace({})
    cluster.create(deployment())
    cluster.create(webhook("not from our registry"), WEBHOOKS)
    cluster.set_image(BAD)
    words = 'admission webhook "images.example.com" denied the request: not from our registry'
    assert cluster.condition("ReplicaFailure")["message"] == words
    assert {event["message"] for event in cluster.events("FailedCreate")} == {f"Error creating: {words}"}


def test_a_pod_without_a_priority_class_gets_the_default_one() -> None:
    cluster = ControllerCluster()
    usual = {"metadata": {"name": "usual"}, "value": 7, "globalDefault": True}
    cluster.create(usual, "priorityclasses.scheduling.k8s.io")
    cluster.create(a_pod({}), PODS)
    cluster.create(deployment(pod={**a_pod({})["spec"], "priorityClassName": "own"}))
    found = {(pod["spec"]["priorityClassName"], pod["spec"]["priority"]) for pod in cluster.pods()}
    assert found == {("usual", 7), ("own", 0)}
