"""How each tool marks what it owns, and what is said about it."""

from typing import Any

import pytest

from chaosimagecorrupt.workload.owner_tools import TOOLS, Tool
from chaosimagecorrupt.workload.owners import Owner, find_owners

from ..manifests import a_deployment

KEYS = [
    ("argocd.argoproj.io/tracking-id", "Argo CD"),
    ("argocd.argoproj.io/instance", "Argo CD"),
    ("argocd.argoproj.io/sync-wave", "Argo CD"),
    ("kustomize.toolkit.fluxcd.io/name", "Flux"),
    ("kustomize.toolkit.fluxcd.io/namespace", "Flux"),
    ("helm.toolkit.fluxcd.io/name", "Flux's HelmRelease"),
    ("olm.owner", "OLM"),
    ("olm.managed", "OLM"),
    ("olm.operatorframework.io/owner-name", "OLM v1"),
    ("serving.knative.dev/revision", "Knative Serving"),
    ("meta.helm.sh/release-name", "Helm"),
]
MANAGERS = [
    ("argocd-controller", "Argo CD"),
    ("argocd-application-controller", "Argo CD"),
    ("kustomize-controller", "Flux"),
    ("helm-controller", "Flux's HelmRelease"),
    ("olm", "OLM"),
    ("olm.operatorframework.io", "OLM v1"),
    ("helm", "Helm"),
]
REFERENCES = [
    ("operators.coreos.com/v1alpha1", "ClusterServiceVersion", "OLM"),
    ("olm.operatorframework.io/v1", "ClusterExtension", "OLM v1"),
    ("olm.operatorframework.io/v1", "ClusterExtensionRevision", "OLM v1"),
    ("operator.knative.dev/v1beta1", "KnativeServing", "Knative's operator"),
    ("operator.knative.dev/v1beta1", "KnativeEventing", "Knative's operator"),
    ("serving.knative.dev/v1", "Revision", "Knative Serving"),
]


def owner_of(**metadata: Any) -> Owner:
    deployment = a_deployment()
    deployment["metadata"] |= metadata
    (owner,) = find_owners(deployment)
    return owner


@pytest.mark.parametrize(("key", "tool"), KEYS)
def test_a_label_names_its_tool(key: str, tool: str) -> None:
    assert str(owner_of(labels={key: "x"})) == f"{tool} ({key})"


@pytest.mark.parametrize(("manager", "tool"), MANAGERS)
def test_a_field_manager_names_its_tool(manager: str, tool: str) -> None:
    assert str(owner_of(managedFields=[{"manager": manager, "operation": "Apply"}])) == f"{tool} (manager {manager})"


@pytest.mark.parametrize(("version", "kind", "tool"), REFERENCES)
def test_an_owner_reference_names_its_tool(version: str, kind: str, tool: str) -> None:
    reference = {"apiVersion": version, "kind": kind, "name": "x", "controller": True}
    assert str(owner_of(ownerReferences=[reference])) == f"{tool} ({kind} x)"


def test_a_kind_of_another_group_is_not_the_tools() -> None:
    reference = {"apiVersion": "example.com/v1", "kind": "Revision", "name": "x", "controller": True}
    assert owner_of(ownerReferences=[reference]).name == "Revision x"


@pytest.mark.parametrize("tool", TOOLS, ids=lambda tool: tool.name)
def test_each_tool_says_what_it_does_and_what_to_do_about_it(tool: Tool) -> None:
    assert ("so the run measures healing" in tool.effect) is tool.heals
    assert tool.advice({})


ADVICE = [
    ({"argocd.argoproj.io/tracking-id": "shop:apps/Deployment:shop/web"}, "argocd app set shop --sync-policy none"),
    ({"argocd.argoproj.io/sync-wave": "1"}, "argocd app set APPLICATION --sync-policy none"),
    (
        {"kustomize.toolkit.fluxcd.io/name": "apps", "kustomize.toolkit.fluxcd.io/namespace": "flux-system"},
        "flux suspend kustomization apps -n flux-system",
    ),
    (
        {"helm.toolkit.fluxcd.io/name": "web", "helm.toolkit.fluxcd.io/namespace": "shop"},
        "flux suspend helmrelease web -n shop",
    ),
    ({"meta.helm.sh/release-name": "web"}, "do not upgrade or roll back the release web during the run"),
    ({"argocd.argoproj.io/tracking-id": "x; rm -rf /:"}, "argocd app set 'x; rm -rf /' --sync-policy none"),
]


@pytest.mark.parametrize(("annotations", "advice"), ADVICE)
def test_the_advice_names_what_the_marks_name(annotations: dict[str, str], advice: str) -> None:
    assert owner_of(annotations=annotations).advice.endswith(advice)


SWITCHES = [
    ("kustomize.toolkit.fluxcd.io/reconcile", "disabled", True),
    ("kustomize.toolkit.fluxcd.io/reconcile", "enabled", False),
    ("kustomize.toolkit.fluxcd.io/ssa", "IfNotPresent", True),
    ("kustomize.toolkit.fluxcd.io/ssa", "Ignore", True),
    ("kustomize.toolkit.fluxcd.io/ssa", "Merge", False),
    ("helm.toolkit.fluxcd.io/driftDetection", "disabled", True),
]


@pytest.mark.parametrize(("key", "value", "stopped"), SWITCHES)
def test_flux_can_be_told_to_leave_a_deployment_alone(key: str, value: str, stopped: bool) -> None:
    assert owner_of(annotations={key: value}).effect.startswith("leaves the image alone") is stopped
