"""The preflight of rights, webhooks, autoscalers and owners."""

import pytest

from chaosimagecorrupt.preflight.checks import (
    check_access,
    check_admission,
    check_autoscalers,
    check_other_kinds,
    check_owners,
)
from chaosimagecorrupt.preflight.optional_rights import LISTING
from chaosimagecorrupt.preflight.rights import RIGHTS, Right

from .deployments import RECREATE, Object, made, rolling, sized


def test_all_rights_are_one_line() -> None:
    assert [c.level for c in check_access(dict.fromkeys(RIGHTS, True))] == ["ok"]


@pytest.mark.parametrize("right", RIGHTS, ids=lambda right: right.full_name)
def test_a_missing_right_names_its_rule(right: Right) -> None:
    (line,) = check_access({**dict.fromkeys(RIGHTS, True), right: False})
    assert line.level == ("blocker" if right.required else "warning")
    kind = "Role" if right.namespaced else "ClusterRole"
    rule = f'apiGroups: ["{right.group}"], resources: ["{right.resource}"], verbs: ["{right.verb}"]'
    assert line.text.endswith(f"{right.lost}; {kind} rule: {rule}")


def test_other_kinds_that_may_not_be_listed_are_a_note_and_no_warning() -> None:
    assert check_other_kinds(dict.fromkeys(LISTING, True)) == []
    (line,) = check_other_kinds(dict.fromkeys(LISTING, False))
    assert (line.level, line.text.startswith("may not list statefulsets and daemonsets: ")) == ("ok", True)


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


def autoscaler(kind: str = "Deployment", **spec: Object) -> Object:
    return {"metadata": {"name": "grows"}, "spec": {"scaleTargetRef": {"kind": kind, "name": "web"}, **spec}}


def test_an_autoscaler_of_this_deployment_is_a_warning_that_says_how_to_stop_it() -> None:
    (line,) = check_autoscalers(made(), [autoscaler(maxReplicas=9)])
    assert line.level == "warning"
    assert line.text.startswith("HorizontalPodAutoscaler grows (1 to 9 pods) may scale the Deployment during the fault")
    assert "selectPolicy to Disabled" in line.text and "0 pods" not in line.text


def test_a_scaled_object_can_leave_nothing_to_prove() -> None:
    (line,) = check_autoscalers(made(), [], [autoscaler()])
    assert (line.level, "with 0 pods nothing is left to prove" in line.text) == ("warning", True)
    assert 'autoscaling.keda.sh/paused: "true"' in line.text


def test_a_scaled_object_that_is_paused_is_ok() -> None:
    paused = autoscaler()
    paused["metadata"]["annotations"] = {"autoscaling.keda.sh/paused": "true"}
    (line,) = check_autoscalers(made(), [], [paused])
    assert (line.level, "paused" in line.text) == ("ok", True)


def test_what_scales_others_is_ok() -> None:
    assert [c.level for c in check_autoscalers(made(), [autoscaler("StatefulSet")])] == ["ok"]


OWNED = [
    ({"labels": {"olm.owner": "x"}}, "warning", "OLM (olm.owner): installs its ClusterServiceVersion again"),
    (
        {"annotations": {"argocd.argoproj.io/tracking-id": "x"}},
        "warning",
        "Argo CD (argocd.argoproj.io/tracking-id): puts the image back within seconds",
    ),
    (
        {"annotations": {"meta.helm.sh/release-name": "x"}},
        "warning",
        "Helm (meta.helm.sh/release-name): puts the image back only when it is called; do not upgrade or roll back the",
    ),
    (
        {"ownerReferences": [{"kind": "Istio", "name": "a", "controller": True}]},
        "warning",
        "Istio a (ownerReferences): its controller puts the image back at its next reconcile",
    ),
    (
        {"labels": {"kustomize.toolkit.fluxcd.io/name": "x", "kustomize.toolkit.fluxcd.io/reconcile": "disabled"}},
        "ok",
        "Flux (kustomize.toolkit.fluxcd.io/name): leaves the image alone",
    ),
    (
        {"labels": {"app.kubernetes.io/instance": "x"}},
        "ok",
        "the label app.kubernetes.io/instance alone proves nothing: Argo CD may track by it",
    ),
]


@pytest.mark.parametrize(("metadata", "level", "text"), OWNED)
def test_an_owner_is_named_with_what_it_does_to_the_fault(metadata: Object, level: str, text: str) -> None:
    found = made()
    found["metadata"] |= metadata
    (line,) = check_owners(found)
    assert (line.level, line.text[: len(text)]) == (level, text)


@pytest.mark.parametrize(("container", "level"), [(None, "warning"), ("app", "warning"), ("proxy", "ok")])
def test_a_trigger_of_another_container_does_not_count(container: str | None, level: str) -> None:
    trigger = '[{"from": {"name": "web:1"}, "fieldPath": "spec.template.spec.containers[0].image"}]'
    found = sized(app={}, proxy={})
    found["metadata"]["annotations"] = {"image.openshift.io/triggers": trigger}
    assert [c.level for c in check_owners(found, container)] == [level]


def test_an_owner_with_control_characters_is_one_safe_line() -> None:
    found = made()
    found["metadata"]["annotations"] = {"argocd.argoproj.io/tracking-id": "a\n\x1b[2J:b"}
    assert all(c.text.isprintable() for c in check_owners(found))


def test_without_an_owner_it_is_ok() -> None:
    assert [c.text for c in check_owners(made())] == ["no owner is recorded in its metadata"]
