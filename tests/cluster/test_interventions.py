"""Interventions in a running cluster: one verdict for each, and no wait that cannot end well."""

import re
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from kubernetes import client

from ..fixtures_http import soon
from .conftest import IMAGE, OTHER_IMAGE, Api, Object
from .test_verdict import CORRUPT, FAILING, HASTY, PREFIX, RESTORE, Lab, Outcome, activity, failing, no_simulator

# seconds before the owner puts the image back: from before the first pull to after it
DELAYS = (0.0, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1.0, 1.3, 1.6)
AT_ONCE = 40


def others(lab: Lab, python: str) -> Object:
    """Return an action in which another client does something to the Deployment; `apps` is its API."""
    code = f"""
from kubernetes import client, config
config.load_kube_config()
apps, ns = client.AppsV1Api(), "{lab.ns}"
{python}
"""
    return {
        "type": "action",
        "name": "others",
        "provider": {"type": "process", "path": sys.executable, "arguments": ["-c", code]},
    }


def measured(lab: Lab, *method: Object) -> tuple[Outcome, float]:
    """Run a method; return its outcome and the seconds that it took."""
    began = time.monotonic()
    return lab.run(*method), time.monotonic() - began


@pytest.fixture
def lab(api: Api, tmp_path: Path) -> Iterator[Lab]:
    made = Lab(api, tmp_path)
    made.deploy()
    yield made
    api.core.delete_namespace(made.ns)


def set_image(image: str) -> str:
    pod = {"containers": [{"name": "app", "image": image}]}
    body = {"spec": {"template": {"spec": pod}}}
    return f"apps.patch_namespaced_deployment('web', ns, {body!r}, field_manager='ci')"


@no_simulator
def test_an_owner_that_heals_at_once_has_one_verdict(api: Api, tmp_path_factory: pytest.TempPathFactory) -> None:
    found = []
    for delays in (DELAYS[:5], DELAYS[5:]):
        labs = [Lab(api, tmp_path_factory.mktemp("owner")) for _ in delays]
        for lab, delay in zip(labs, delays, strict=True):
            lab.deploy()
            lab.operate("heals" if delay else "fights", delay)
        assert all(soon(lab.is_healthy) for lab in labs)
        began = time.monotonic()
        runs = [lab.start(CORRUPT, *HASTY, RESTORE) for lab in labs]
        found += [lab.finish(run) for lab, run in zip(labs, runs, strict=True)]
        assert time.monotonic() - began < AT_ONCE
        for lab in labs:
            api.core.delete_namespace(lab.ns)
    assert [(each.code, each.verdict) for each in found] == [(0, "Resilient")] * 10
    assert all("shop-operator put the original image back" in each.target["reasons"][1] for each in found)


def test_a_third_image_supersedes_the_fault(lab: Lab) -> None:
    recovery = activity("probe", "probes", "recovery_seconds", name="web", ns="${ns}")
    found, took = measured(lab, CORRUPT, others(lab, set_image(OTHER_IMAGE)), FAILING, RESTORE, recovery)
    assert (found.code, found.verdict) == (1, "Inconclusive"), found.printed
    assert f"superseded: the image of app was set to {OTHER_IMAGE} by ci at " in found.target["reasons"][0]
    assert took < AT_ONCE and found.journal["run"][-1]["output"] == found.target["recovery"]["seconds"]


def test_a_deployment_that_is_created_again_is_superseded(lab: Lab) -> None:
    again = """
made = apps.read_namespaced_deployment("web", ns)
pod = made.spec.template.spec
pod.containers[0].image = "%s"
apps.delete_namespaced_deployment("web", ns)
body = client.V1Deployment(metadata=client.V1ObjectMeta(name="web"), spec=made.spec)
apps.create_namespaced_deployment(ns, body, field_manager="ci")
"""
    recovery = activity("probe", "probes", "recovery_seconds", name="web", ns="${ns}")
    found, took = measured(lab, CORRUPT, FAILING, others(lab, again % OTHER_IMAGE), failing(60), RESTORE, recovery)
    assert (found.code, found.verdict) == (1, "Inconclusive"), found.printed
    assert "deleted and created again by ci" in found.target["reasons"][0]
    assert took < AT_ONCE and found.journal["run"][-1]["output"] == found.target["recovery"]["seconds"]


def test_a_deployment_that_is_scaled_to_0_is_waited_for_no_longer(lab: Lab) -> None:
    to_0 = "apps.patch_namespaced_deployment_scale('web', ns, {'spec': {'replicas': 0}}, field_manager='keda')"
    names = ("deployment_recovered", "recovery_seconds")
    probes = [activity("probe", "probes", name, name="web", ns="${ns}") for name in names]
    found, took = measured(lab, CORRUPT, others(lab, to_0), failing(60), RESTORE, *probes)
    assert (found.code, found.verdict) == (1, "Inconclusive"), found.printed
    assert "scaled to 0 replicas by keda at " in found.target["reasons"][0]
    assert took < AT_ONCE and "has 0 replicas" in str(found.journal["run"][-1]["exception"])


@no_simulator
def test_pods_that_no_node_takes_are_told_in_the_schedulers_words(api: Api, tmp_path: Path) -> None:
    lab = Lab(api, tmp_path)
    node, label = api.core.list_node().items[0].metadata.name, lab.ns
    api.core.patch_node(node, {"metadata": {"labels": {label: "yes"}}})
    pod = {"nodeSelector": {label: "yes"}, "containers": [{"name": "app", "image": IMAGE}]}
    lab.deploy(template={"metadata": {"labels": {"app": "web"}}, "spec": pod})
    unlabel = f"client.CoreV1Api().patch_node('{node}', {{'metadata': {{'labels': {{'{label}': None}}}}}})"
    ready = activity("probe", "probes", "pods_ready", name="web", ns="${ns}", timeout=60)
    found = lab.run(ready, others(lab, unlabel), CORRUPT, failing(4), RESTORE)
    assert (found.code, found.verdict) == (1, "Inconclusive"), found.printed
    assert "was not scheduled: Unschedulable: 0/1 nodes are available" in found.target["reasons"][0]
    api.core.delete_namespace(lab.ns)


QUOTA = {"metadata": {"name": "small"}, "spec": {"hard": {"pods": "2"}}}
RESTRICTED = {"metadata": {"labels": {"pod-security.kubernetes.io/enforce": "restricted"}}}


def settled(lab: Lab) -> None:
    """Wait until both pods are ready, before new ones are refused."""
    assert soon(lambda: (lab.api.deployment(lab.ns, "web").get("status") or {}).get("readyReplicas") == 2)


def deny_pods(lab: Lab) -> None:
    """Have an admission webhook deny new pods of the namespace."""
    rule = {"apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE"], "resources": ["pods"]}
    hook = {
        "name": "images.example.com",
        "rules": [rule],
        "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": lab.ns}},
        "clientConfig": {"service": {"namespace": lab.ns, "name": "policy"}},
        "sideEffects": "None",
        "admissionReviewVersions": ["v1"],
    }
    annotations = {PREFIX + "denies": "images must come from registry.example.com"}
    body = {"metadata": {"name": lab.ns, "annotations": annotations}, "webhooks": [hook]}
    client.AdmissionregistrationV1Api(lab.api.core.api_client).create_validating_webhook_configuration(body)


REFUSALS: dict[str, tuple[Callable[[Lab], object], str]] = {
    "a quota": (
        lambda lab: lab.api.core.create_namespaced_resource_quota(lab.ns, QUOTA),
        r'pods "web-\w+-\w+" is forbidden: exceeded quota: small, requested: pods=1, used: pods=2, limited: pods=2$',
    ),
    "Pod Security": (
        lambda lab: lab.api.core.patch_namespace(lab.ns, RESTRICTED),
        r'pods "web-\w+-\w+" is forbidden: violates PodSecurity "restricted:latest": allowPrivilegeEscalation',
    ),
    "an admission webhook": (
        deny_pods,
        'admission webhook "images.example.com" denied the request: images must come from registry.example.com$',
    ),
}


@no_simulator
def test_pods_that_are_refused_are_told_in_the_words_of_what_refuses_them(
    api: Api, tmp_path_factory: pytest.TempPathFactory
) -> None:
    labs = {name: Lab(api, tmp_path_factory.mktemp("refused")) for name in REFUSALS}
    runs = {}
    for name, lab in labs.items():
        lab.deploy()
        settled(lab)
        REFUSALS[name][0](lab)
        runs[name] = lab.start(CORRUPT, failing(4), RESTORE)
    found = {name: labs[name].finish(each) for name, each in runs.items()}
    for name, each in found.items():
        assert (each.code, each.verdict) == (1, "Inconclusive"), each.printed
        words = "^there is no proof that the fault took effect: no pod could be created: FailedCreate: "
        assert re.search(words + REFUSALS[name][1], each.target["reasons"][0]), name
    for lab in labs.values():
        api.core.delete_namespace(lab.ns)
