"""The preflight of rights, webhooks, autoscalers and owners."""

import pytest

from chaosimagecorrupt.preflight.checks import check_access, check_admission, check_autoscalers, check_owners
from chaosimagecorrupt.preflight.rights import RIGHTS, Right

from .deployments import RECREATE, Object, made, rolling


def test_all_rights_are_one_line() -> None:
    assert [c.level for c in check_access(dict.fromkeys(RIGHTS, True))] == ["ok"]


@pytest.mark.parametrize("right", RIGHTS, ids=lambda right: right.full_name)
def test_a_missing_right_names_its_rule(right: Right) -> None:
    (line,) = check_access({**dict.fromkeys(RIGHTS, True), right: False})
    assert line.level == ("blocker" if right.required else "warning")
    kind = "Role" if right.namespaced else "ClusterRole"
    rule = f'apiGroups: ["{right.group}"], resources: ["{right.resource}"], verbs: ["{right.verb}"]'
    assert line.text.endswith(f"{right.lost}; {kind} rule: {rule}")


def admission(policy: str) -> list[tuple[str, Object]]:
    webhook = {"name": "w", "failurePolicy": policy, "clientConfig": {"service": {"name": "web", "namespace": "shop"}}}
    return [("ValidatingWebhookConfiguration", {"metadata": {"name": "guard"}, "webhooks": [webhook]})]


def service(found: Object) -> Object:
    return {"metadata": {"name": "web"}, "spec": {"selector": found["spec"]["template"]["metadata"]["labels"]}}


@pytest.mark.parametrize(
    ("strategy", "policy", "effect"),
    [
        (RECREATE, "Fail", "no pod keeps serving, so matching requests are refused"),
        (RECREATE, "Ignore", "no pod keeps serving, so matching requests are not checked"),
        (rolling(1, 0), "Fail", "4 pods keep serving"),
    ],
)
def test_webhooks_that_the_pods_serve_are_warnings_with_their_effect(
    strategy: Object | None, policy: str, effect: str
) -> None:
    found = made(4, strategy)
    (line,) = check_admission(found, [service(found)], admission(policy))
    assert (line.level, f"failurePolicy {policy}" in line.text) == ("warning", True)
    assert line.text.endswith(effect)


def test_webhooks_of_others_are_ok() -> None:
    assert [c.level for c in check_admission(made(), [], admission("Fail"))] == ["ok"]


@pytest.mark.parametrize(("kind", "name", "level"), [("Deployment", None, "warning"), ("StatefulSet", None, "ok")])
def test_an_autoscaler_of_this_deployment_is_a_warning(kind: str, name: None, level: str) -> None:
    found = made()
    scaled = {"kind": kind, "name": found["metadata"]["name"]}
    autoscaler = {"metadata": {"name": "hpa"}, "spec": {"scaleTargetRef": scaled}}
    assert [c.level for c in check_autoscalers(found, [autoscaler])] == [level]


OWNED = [
    ({"labels": {"olm.owner": "x"}}, "OLM (olm.owner)"),
    ({"annotations": {"argocd.argoproj.io/tracking-id": "x"}}, "Argo CD (argocd.argoproj.io/tracking-id)"),
    ({"labels": {"kustomize.toolkit.fluxcd.io/name": "x"}}, "Flux (kustomize.toolkit.fluxcd.io/name)"),
    ({"annotations": {"meta.helm.sh/release-name": "x"}}, "Helm (meta.helm.sh/release-name)"),
    ({"ownerReferences": [{"kind": "Istio", "name": "a", "controller": True}]}, "Istio a (ownerReferences)"),
]


@pytest.mark.parametrize(("metadata", "owner"), OWNED)
def test_an_owner_is_a_warning(metadata: Object, owner: str) -> None:
    found = made()
    found["metadata"] |= metadata
    (line,) = check_owners(found)
    assert (line.level, line.text.startswith(owner)) == ("warning", True)


def test_without_an_owner_it_is_ok() -> None:
    assert [c.level for c in check_owners(made())] == ["ok"]
