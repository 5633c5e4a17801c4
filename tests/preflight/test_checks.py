"""The preflight's lines on what is around the Deployment: rights, capacity, quota, webhooks, budgets, owners."""

import pytest

from chaosimagecorrupt.preflight.checks import (
    capacity_left,
    check_access,
    check_admission,
    check_autoscalers,
    check_budgets,
    check_capacity,
    check_difference,
    check_owners,
    check_quotas,
)
from chaosimagecorrupt.preflight.rights import RIGHTS

from ..manifests import a_deployment


def made(replicas=4, strategy=None, **container):
    found = a_deployment(replicas=replicas, **({"strategy": strategy} if strategy else {}))
    found["spec"]["template"]["spec"]["containers"][0] |= container
    return found


def rolling(surge, unavailable):
    return {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": surge, "maxUnavailable": unavailable}}


RECREATE = {"type": "Recreate"}


def test_all_rights_are_one_line():
    assert [c.level for c in check_access(dict.fromkeys(RIGHTS, True))] == ["ok"]


@pytest.mark.parametrize("right", RIGHTS, ids=lambda right: right.full_name)
def test_a_missing_right_names_its_rule(right):
    (line,) = check_access({**dict.fromkeys(RIGHTS, True), right: False})
    assert line.level == ("blocker" if right.required else "warning")
    kind = "Role" if right.namespaced else "ClusterRole"
    rule = f'apiGroups: ["{right.group}"], resources: ["{right.resource}"], verbs: ["{right.verb}"]'
    assert line.text.endswith(f"{right.lost}; {kind} rule: {rule}")


CAPACITIES = [
    (4, rolling("25%", "25%"), 3, 1),
    (2, rolling("25%", "25%"), 2, 1),
    (3, rolling(0, 1), 2, 0),
    (1, rolling(0, "25%"), 0, 0),
    (1, rolling(1, 0), 1, 1),
    (4, RECREATE, 0, 4),
]


@pytest.mark.parametrize(("replicas", "strategy", "left", "surge"), CAPACITIES)
def test_capacity_follows_from_replicas_and_strategy(replicas, strategy, left, surge):
    found = made(replicas, strategy)
    assert capacity_left(found) == (left, surge)
    assert [c.level for c in check_capacity(found)] == ["ok" if left == replicas else "warning"]


def test_capacity_of_none_says_that_the_service_is_down():
    assert check_capacity(made(4, RECREATE))[0].text.endswith(
        "0 of 4 pods go on serving during the fault; the service is down"
    )


def quota(**amounts):
    hard, used = ({k: v[i] for k, v in amounts.items()} for i in (1, 0))
    return {"metadata": {"name": "limits"}, "status": {"hard": hard, "used": used}}


CPU = {"resources": {"requests": {"cpu": "250m"}, "limits": {"cpu": "1"}}}
QUOTAS = [
    (quota(pods=("3", "4")), "ok"),
    (quota(pods=("4", "4")), "blocker"),
    (quota(**{"requests.cpu": ("1", "1250m")}), "ok"),
    (quota(**{"requests.cpu": ("1001m", "1250m")}), "blocker"),
    (quota(cpu=("1001m", "1250m")), "blocker"),
    (quota(**{"limits.cpu": ("4", "4500m")}), "blocker"),
    (quota(**{"limits.memory": ("4Gi", "4Gi")}), "ok"),
]


@pytest.mark.parametrize(("found", "level"), QUOTAS)
def test_a_quota_that_leaves_no_room_for_the_surge_pod_is_a_blocker(found, level):
    assert [c.level for c in check_quotas(made(4, rolling(1, 0), **CPU), [found])] == [level]


def test_a_quota_that_the_stopped_pods_make_room_in_is_a_warning():
    assert [c.level for c in check_quotas(made(4, rolling(0, 1)), [quota(pods=("4", "4"))])] == ["warning"]


def admission(policy):
    webhook = {"name": "w", "failurePolicy": policy, "clientConfig": {"service": {"name": "web", "namespace": "shop"}}}
    return [("ValidatingWebhookConfiguration", {"metadata": {"name": "guard"}, "webhooks": [webhook]})]


def service(found):
    return {"metadata": {"name": "web"}, "spec": {"selector": found["spec"]["template"]["metadata"]["labels"]}}


@pytest.mark.parametrize(
    ("strategy", "policy", "said"),
    [
        (RECREATE, "Fail", "none is left, so what matches is refused"),
        (RECREATE, "Ignore", "none is left, so what matches is let through unchecked"),
        (rolling(1, 0), "Fail", "4 of them go on serving"),
    ],
)
def test_webhooks_that_the_pods_serve_say_what_becomes_of_them(strategy, policy, said):
    found = made(4, strategy)
    (line,) = check_admission(found, [service(found)], admission(policy))
    assert (line.level, f"failurePolicy {policy}" in line.text) == ("warning", True)
    assert line.text.endswith(said)


def test_webhooks_of_others_are_ok():
    assert [c.level for c in check_admission(made(), [], admission("Fail"))] == ["ok"]


def budget(allowed, labels):
    return {
        "metadata": {"name": "pdb"},
        "spec": {"selector": {"matchLabels": labels}},
        "status": {"disruptionsAllowed": allowed},
    }


@pytest.mark.parametrize(("strategy", "level"), [(rolling(0, 1), "ok"), (RECREATE, "warning")])
def test_a_budget_that_the_fault_uses_up_is_a_warning(strategy, level):
    found = made(4, strategy)
    labels = found["spec"]["template"]["metadata"]["labels"]
    assert [c.level for c in check_budgets(found, [budget(1, labels)])] == [level]


def test_a_budget_of_others_does_not_count():
    assert check_budgets(made(4, RECREATE), [budget(0, {"app": "other"})])[0].text == "there is none for these pods"


@pytest.mark.parametrize(("kind", "name", "level"), [("Deployment", None, "warning"), ("StatefulSet", None, "ok")])
def test_an_autoscaler_of_this_deployment_is_a_warning(kind, name, level):
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
def test_whoever_may_fight_back_is_a_warning(metadata, owner):
    found = made()
    found["metadata"] |= metadata
    (line,) = check_owners(found)
    assert (line.level, line.text.startswith(owner)) == ("warning", True)


def test_an_owner_of_nobody_is_ok():
    assert [c.level for c in check_owners(made())] == ["ok"]


def test_the_difference_is_said_without_what_the_api_server_counts():
    before, after = made(), made(image="b")
    after["metadata"] |= {"generation": 7, "annotations": {"new": "x"}}
    (line,) = check_difference(before, after)
    assert "metadata.annotations.new (new)" in line.text or "metadata.annotations (new)" in line.text
    assert "spec.template.spec.containers[app].image: localhost/app:v1 -> b" in line.text
    assert "generation" not in line.text
