"""`chaos image-corrupt preflight`: what is safe, what is not, and which right is missing."""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest
from kubernetes.client import AutoscalingV2Api, PolicyV1Api, RbacAuthorizationV1Api

from chaosimagecorrupt.preflight.optional_rights import PULL_CHECK_RIGHTS
from chaosimagecorrupt.preflight.rights import RIGHTS, Right
from tests.cluster.conftest import IMAGE
from tests.cluster.simulated import Place

from ..faulty_simulator import FaultySimulator
from .conftest import Corrupt, OpenTerminal, Run

LINES = [
    "rights",
    "target",
    "consent",
    "rollout",
    "progress deadline",
    "record",
    "capacity",
    "limit range",
    "quota",
    "webhooks",
    "disruption budget",
    "autoscaler",
    "owners",
    "dry run",
]

# a Deployment that has nothing but lines that are ok
READY = ("preflight", "cert-manager", "-n", "cert-manager", "--progress-deadline", "60")


@pytest.fixture
def allowed(
    shop: Place, simulator: FaultySimulator, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[Iterable[Right]], None]]:
    """Return what makes us a service account with these rights."""
    rbac = RbacAuthorizationV1Api(shop.api.core.api_client)

    def become(rights: Iterable[Right]) -> None:
        shop.api.core.create_namespaced_service_account(shop.ns, {"metadata": {"name": "chaos"}})
        rules = [{"apiGroups": [r.group], "resources": [r.resource], "verbs": [r.verb]} for r in rights]
        subjects = [{"kind": "ServiceAccount", "name": "chaos", "namespace": shop.ns}]
        named = {"metadata": {"name": shop.ns}}
        role = {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": shop.ns}
        rbac.create_cluster_role({**named, "rules": rules})
        rbac.create_cluster_role_binding({**named, "roleRef": role, "subjects": subjects})
        monkeypatch.setenv("KUBECONFIG", str(simulator.account_kubeconfig(shop.ns, "chaos")))

    yield become
    rbac.delete_cluster_role_binding(shop.ns)
    rbac.delete_cluster_role(shop.ns)


@pytest.fixture
def protected(shop: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the namespace protected by its name."""
    monkeypatch.setenv("IMAGE_CORRUPT_PROTECTED_NAMESPACES", shop.ns)


def levels(lines: list[Any]) -> dict[str, str]:
    return {line["name"]: line["level"] for line in lines}


def test_istiod_serves_a_webhook(chaos: Run, shop: Place) -> None:
    done = chaos("preflight", "istiod", "-n", "istio-system")
    assert done.code == 0
    (line,) = (line for line in done.out.splitlines() if "webhooks" in line)
    assert line.startswith("warning") and "istio-validator-istio-system" in line and "failurePolicy Fail" in line
    assert [line for line in done.out.splitlines() if line != line.rstrip()] == []


def test_on_80_columns_nothing_is_cut_off(terminal: OpenTerminal, shop: Place) -> None:
    screen = terminal("preflight", "istiod", "-n", "istio-system", columns=80)
    assert (screen.finish(), "…" in screen.text, "warning  webhooks" in screen.text) == (0, False, True)
    assert "chaos.operatorchaos.io/original-image-discovery" in screen.text.replace("\n", "").replace(" ", "")


def test_all_that_decides_has_a_line(command: Run, shop: Place) -> None:
    shop.deploy(progressDeadlineSeconds=60)
    done = command("preflight", "web", "-n", shop.ns, "-o", "json")
    assert (done.code, [line["name"] for line in done.json]) == (0, LINES)
    assert set(levels(done.json).values()) == {"ok"}, done.out


def test_a_blocker_is_exit_code_1_and_nothing_is_changed(chaos: Run, shop: Place) -> None:
    shop.deploy(replicas=0, settled=False)
    before = shop.get()
    done = chaos("preflight", "web", "-n", shop.ns, "-o", "json")
    assert (done.code, done.err, shop.get()) == (1, "", before)
    assert [line["name"] for line in done.json if line["level"] == "blocker"] == ["rollout"]


def test_every_blocker_is_said_at_once(command: Run, shop: Place, corrupt: Corrupt) -> None:
    corrupt()
    shop.api.patch(shop.ns, "web", {"spec": {"paused": True, "minReadySeconds": 5}})
    done = command("preflight", "web", "-n", shop.ns, "--progress-deadline", "5", "-o", "json")
    blockers = [line["name"] for line in done.json if line["level"] == "blocker"]
    assert (done.code, blockers) == (1, ["rollout", "progress deadline", "record"])


def pull_check(lines: list[Any]) -> Any:
    return next((line["level"], line["text"]) for line in lines if line["name"] == "pull check")


def test_a_pull_check_shows_that_the_original_image_can_be_pulled(command: Run, shop: Place) -> None:
    shop.deploy(progressDeadlineSeconds=60)
    done = command("preflight", "web", "-n", shop.ns, "--pull-check", "-o", "json")
    assert (done.code, [line["name"] for line in done.json]) == (0, [*LINES[:-1], "pull check", LINES[-1]])
    assert pull_check(done.json) == ("ok", f"the original image {IMAGE} of container app can be pulled")


def test_an_original_image_that_cannot_be_pulled_is_a_blocker(command: Run, shop: Place) -> None:
    gone = "registry.invalid/shop/app:v1"
    shop.deploy(pod={"containers": [{"name": "app", "image": gone}]}, settled=False)
    done = command("preflight", "web", "-n", shop.ns, "--image", "localhost/x:y", "--pull-check", "-o", "json")
    level, text = pull_check(done.json)
    assert (done.code, level) == (1, "blocker")
    assert text.startswith(f"the original image {gone} of container app cannot be pulled: ErrImagePull: ")


def test_a_pull_check_that_may_not_be_made_is_a_warning_and_names_its_rights(
    command: Run, shop: Place, allowed: Callable[[Iterable[Right]], None]
) -> None:
    shop.deploy(progressDeadlineSeconds=60)
    allowed(RIGHTS)
    assert levels(command("preflight", "web", "-n", shop.ns, "-o", "json").json)["rights"] == "ok"
    done = command("preflight", "web", "-n", shop.ns, "--pull-check", "-o", "json")
    rights = [line["text"] for line in done.json if line["name"] == "rights"]
    assert [text.split(":")[0] for text in rights] == [f"may not {r.verb} pods" for r in PULL_CHECK_RIGHTS]
    level, text = pull_check(done.json)
    assert (done.code, level) == (0, "warning") and "the role does not allow to create pods" in text


def test_with_a_blocker_of_the_deployment_no_pull_is_checked(command: Run, shop: Place) -> None:
    shop.deploy(replicas=0, settled=False)
    done = command("preflight", "web", "-n", shop.ns, "--pull-check", "-o", "json")
    assert pull_check(done.json) == ("warning", "not tried, because of the blocker above")


@pytest.mark.parametrize("missing", RIGHTS, ids=lambda r: f"{r.verb} {r.resource}")
def test_a_missing_right_is_named_with_the_rule_that_grants_it(
    command: Run, allowed: Callable[[Iterable[Right]], None], missing: Right
) -> None:
    allowed([r for r in RIGHTS if r is not missing])
    done = command(*READY, "-o", "json")
    (line,) = (line for line in done.json if line["name"] == "rights")
    assert line["level"] == ("blocker" if missing.required else "warning")
    assert f"may not {missing.verb} {missing.resource}" in line["text"]
    rule = f'apiGroups: ["{missing.group}"], resources: ["{missing.resource}"], verbs: ["{missing.verb}"]'
    assert f"{'Role' if missing.namespaced else 'ClusterRole'} rule: {rule}" in line["text"]
    assert done.code == (1 if missing.required else 0)


AFFECTED = {
    ("get", "deployments"): {"target": "blocker"},
    ("patch", "deployments"): {"dry run": "blocker"},
    ("list", "resourcequotas"): {"quota": "warning"},
    ("list", "limitranges"): {"limit range": "warning"},
    ("get", "runtimeclasses"): {},
    ("list", "priorityclasses"): {},
    ("list", "services"): {"webhooks": "warning"},
    ("delete", "replicasets"): {},
}


@pytest.mark.parametrize("missing", [r for r in RIGHTS if (r.verb, r.resource) in AFFECTED], ids=str)
def test_what_needs_no_missing_right_stays_ok(
    command: Run, allowed: Callable[[Iterable[Right]], None], missing: Right
) -> None:
    allowed([r for r in RIGHTS if r is not missing])
    found = levels(command(*READY, "-o", "json").json)
    affected = AFFECTED[missing.verb, missing.resource]
    assert {k: v for k, v in found.items() if k != "rights" and v != "ok"} == affected


def test_a_role_without_any_right_still_gets_the_list_of_rights(
    chaos: Run, shop: Place, allowed: Callable[[Iterable[Right]], None]
) -> None:
    shop.deploy()
    allowed([])
    done = chaos("preflight", "web", "-n", shop.ns)
    assert done.code == 1
    assert done.out.count("rights") == len(RIGHTS)
    assert re.search(r"^blocker +rights +may not patch deployments", done.out, re.M)


def test_what_watches_over_the_pods_is_named(command: Run, shop: Place) -> None:
    shop.deploy(strategy={"type": "Recreate"})
    client = shop.api.core.api_client
    selector = {"matchLabels": {"app": "web"}}
    budget = {"metadata": {"name": "two-at-least"}, "spec": {"minAvailable": 2, "selector": selector}}
    PolicyV1Api(client).create_namespaced_pod_disruption_budget(shop.ns, budget)
    scaled = {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"}
    autoscaler = {"metadata": {"name": "grows"}, "spec": {"scaleTargetRef": scaled, "maxReplicas": 9}}
    AutoscalingV2Api(client).create_namespaced_horizontal_pod_autoscaler(shop.ns, autoscaler)
    found = {line["name"]: line for line in command("preflight", "web", "-n", shop.ns, "-o", "json").json}
    lost = "two-at-least allows 0 disruptions and the fault stops 2 pods: node drains hang meanwhile"
    assert found["disruption budget"] == {"name": "disruption budget", "level": "warning", "text": lost}
    assert found["autoscaler"]["text"].startswith("HorizontalPodAutoscaler grows (1 to 9 pods) may scale")


def test_a_quota_that_is_used_up_is_a_blocker(command: Run, shop: Place) -> None:
    shop.deploy()
    quota = {"metadata": {"name": "full"}, "spec": {"hard": {"pods": "2"}}}
    shop.api.core.create_namespaced_resource_quota(shop.ns, quota)
    used = {"status": {"hard": {"pods": "2"}, "used": {"pods": "2"}}}
    shop.api.core.patch_namespaced_resource_quota_status("full", shop.ns, used)
    done = command("preflight", "web", "-n", shop.ns)
    assert (done.code, "full has 2 of 2 pods used, so no further pod can be created" in done.out) == (1, True)


def test_the_last_line_counts_and_says_what_to_run_next(command: Run, shop: Place) -> None:
    shop.deploy(progressDeadlineSeconds=60)
    done = command("preflight", "web", "-n", shop.ns, "--container", "app", "--image", "registry.invalid/a b")
    last = done.out.splitlines()[-1]
    again = f"chaos image-corrupt init web -n {shop.ns} --container app --image 'registry.invalid/a b'"
    assert last == f"0 blockers, 0 warnings; next: {again}"


def test_with_a_blocker_the_next_command_is_the_same_again(command: Run, shop: Place) -> None:
    shop.deploy(replicas=0, settled=False)
    last = command("preflight", "web", "-n", shop.ns, "--ttl", "10m").out.splitlines()[-1]
    again = f"chaos image-corrupt preflight web -n {shop.ns} --ttl 10m"
    assert (last.startswith("1 blocker, "), last.endswith(f"; next: remove what blocks, then {again}")) == (True, True)


def test_of_a_corrupted_deployment_the_next_command_is_to_restore_it(
    command: Run, shop: Place, corrupt: Corrupt
) -> None:
    corrupt()
    last = command("preflight", "web", "-n", shop.ns).out.splitlines()[-1]
    assert last.endswith(f"; next: chaos image-corrupt restore web -n {shop.ns}")


def test_names_that_are_not_there_are_answered_with_those_that_are(command: Run, shop: Place) -> None:
    shop.deploy("web-frontend")
    found = command("preflight", "web-fronted", "-n", shop.ns).error
    assert found == f'Deployment "web-fronted" is not in namespace "{shop.ns}"; found there: web-frontend'
    assert command("preflight", "istiod", "-n", shop.ns).error.endswith("; there is one of that name in istio-system")
    assert "; there is: istio-system, " in command("preflight", "istiod", "-n", "istio-sytem").error


@pytest.mark.parametrize(
    "arguments",
    [("--image", ""), ("--image", " a"), ("--container", ""), ("--container", "A b"), ("--ttl", "999999999h")],
    ids=str,
)
def test_what_an_option_cannot_be_is_wrong_usage_in_its_words(
    command: Run, shop: Place, arguments: tuple[str, ...]
) -> None:
    with shop.no_request():
        assert command("preflight", "web", "-n", shop.ns, *arguments).usage_error.startswith(f"{arguments[0]}: ")


@pytest.mark.parametrize("deadline", ["0", "-5", "30s"])
def test_a_progress_deadline_is_a_number_of_seconds_above_0(command: Run, shop: Place, deadline: str) -> None:
    error = command("preflight", "web", "-n", shop.ns, "--progress-deadline", deadline).usage_error
    assert error.startswith("Invalid value for '--progress-deadline': ")


def test_a_container_that_is_not_there_is_a_blocker(command: Run, shop: Place) -> None:
    shop.deploy()
    done = command("preflight", "web", "-n", shop.ns, "--container", "no")
    assert (done.code, "has no container 'no'; it has app" in done.out) == (1, True)


def test_a_protected_namespace_is_a_blocker_unless_it_is_allowed(command: Run, shop: Place, protected: None) -> None:
    shop.deploy()
    refused = command("preflight", "web", "-n", shop.ns, "-o", "json")
    assert (refused.code, levels(refused.json)["consent"]) == (1, "blocker")
    done = command("preflight", "web", "-n", shop.ns, "--allow-protected")
    last = done.out.splitlines()[-1]
    assert (done.code, last.endswith(f"chaos image-corrupt init web -n {shop.ns} --allow-protected")) == (0, True)


@pytest.mark.parametrize("ttl", ["soon", "0"])
def test_a_ttl_that_is_none_is_wrong_usage(command: Run, shop: Place, ttl: str) -> None:
    assert command("preflight", "web", "-n", shop.ns, "--ttl", ttl).usage_error.startswith("--ttl: ")


def test_an_api_server_that_goes_away_in_the_middle_is_waited_for_only_once(
    command: Run, shop: Place, simulator: FaultySimulator, impatient: None
) -> None:
    shop.deploy()
    simulator.faults.drop("before", path="resourcequotas", times=None)
    before = len(simulator.requests)
    assert "is not reachable" in command("preflight", "web", "-n", shop.ns).error
    assert [r.path for r in simulator.requests[before:] if "webhook" in r.path] == []
