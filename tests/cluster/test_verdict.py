"""Verdicts of real runs of `chaos run`, on simulated operators and without one."""

import json
import os
import signal
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from kubernetes import client

from ..fixtures_http import soon
from .conftest import E2E, IMAGE, OTHER_IMAGE, Api, Object

BEHAVIOURS = ("heals", "reports", "silent", "claims-health", "fights")
PREFIX = "simulator.operatorchaos.io/"


def activity(type: str, module: str, func: str, /, **arguments: Any) -> Object:
    provider = {"type": "python", "module": f"chaosimagecorrupt.{module}", "func": func, "arguments": arguments}
    return {"type": type, "name": func, "provider": provider}


class Lab:
    """A namespace in which a Deployment is experimented on."""

    def __init__(self, api: Api, folder: Path) -> None:
        self.api, self.folder = api, folder
        self.ns = f"image-corrupt-{uuid.uuid4().hex[:8]}"
        api.core.create_namespace({"metadata": {"name": self.ns}})

    def deploy(self, **spec: Any) -> None:
        labels = {"app": "web"}
        pod = {"terminationGracePeriodSeconds": 1, "containers": [{"name": "app", "image": IMAGE}]}
        desired = {
            "replicas": 2,
            "selector": {"matchLabels": labels},
            "template": {"metadata": {"labels": labels}, "spec": pod},
        }
        body = {"metadata": {"name": "web"}, "spec": {**desired, **spec}}
        self.api.apps.create_namespaced_deployment(self.ns, body, field_manager="installer")

    def is_ready(self) -> bool:
        return bool(self.api.deployment(self.ns, "web")["status"].get("readyReplicas") == 2)

    def operate(self, behaviour: str, delay: float = 1.5) -> None:
        """Have a simulated operator behave in some way, so many seconds after it is needed."""
        settings = {
            "watches": f"{self.ns}/web=Ready",
            "behaviour": behaviour,
            "delay": str(delay),
            "manager": "shop-operator",
        }
        annotations = {PREFIX + name: value for name, value in settings.items()}
        body = {
            "apiVersion": "operator.knative.dev/v1beta1",
            "kind": "KnativeServing",
            "metadata": {"name": "shop", "namespace": self.ns, "annotations": annotations},
            "spec": {},
        }
        custom = client.CustomObjectsApi(self.api.core.api_client)
        where = ("operator.knative.dev", "v1beta1", self.ns, "knativeservings")
        custom.create_namespaced_custom_object(*where, body)
        if behaviour == "silent":  # what it said once, it keeps on saying
            status = {"status": {"conditions": [{"type": "Ready", "status": "True"}]}}
            custom.patch_namespaced_custom_object_status(*where, "shop", status)

    def is_healthy(self) -> bool:
        """Whether the pods are ready, and the operator says so, who may have reported the rollout that came before."""
        custom, version = client.CustomObjectsApi(self.api.core.api_client), ("operator.knative.dev", "v1beta1")
        shop: Object = custom.get_namespaced_custom_object(*version, self.ns, "knativeservings", "shop")
        conditions = shop.get("status", {}).get("conditions", [])
        return self.is_ready() and [(c["type"], c["status"]) for c in conditions] == [("Ready", "True")]

    def start(self, *method: Object, steady: list[Object] | None = None, **arguments: Any) -> "subprocess.Popen[str]":
        """Start `chaos run` of a method on the Deployment, under the control with these arguments."""
        provider = {"type": "python", "module": "chaosimagecorrupt.control", "arguments": arguments}
        wait = [{**activity("probe", "probes", "pods_ready", name="web", ns="${ns}", timeout=60), "tolerance": True}]
        experiment = {
            "title": "test",
            "description": "test",
            "tags": ["component:shop", "danger:low"],
            "configuration": {"ns": self.ns},
            "controls": [{"name": "image-corrupt", "provider": provider}],
            "steady-state-hypothesis": {"title": "ready", "probes": wait if steady is None else steady},
            "method": list(method),
            "rollbacks": [],
        }
        path = self.folder / "experiment.json"
        path.write_text(json.dumps(experiment))
        chaos = [
            str(Path(sys.executable).with_name("chaos")),
            "--no-version-check",
            "run",
            "--journal-path=journal.json",
        ]
        chaos += ["--hypothesis-strategy=before-method-only", str(path)]
        env = {**os.environ, "KUBECONFIG": str(self.api.kubeconfig)}
        return subprocess.Popen(
            chaos, cwd=self.folder, env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )

    def finish(self, run: "subprocess.Popen[str]") -> "Outcome":
        printed, _ = run.communicate(timeout=300)
        return Outcome(run.returncode, printed, json.loads((self.folder / "journal.json").read_text()))

    def run(self, *method: Object, **arguments: Any) -> "Outcome":
        return self.finish(self.start(*method, **arguments))


class Outcome:
    """What a run came to."""

    def __init__(self, code: int, printed: str, journal: Object) -> None:
        self.code, self.printed, self.journal = code, printed, journal
        self.found: Object = journal["image-corrupt"]
        self.verdict: str = self.found["verdict"]

    @property
    def target(self) -> Object:
        assert len(self.found["targets"]) == 1
        return dict(self.found["targets"][0])

    def row(self, name: str) -> Object:
        return next(dict(r) for r in self.target["rubric"] if r["row"] == name)


CORRUPT = activity("action", "actions", "corrupt_image", name="web", ns="${ns}", guard=False)
# so short that an operator's silence can be judged
IMPATIENT = activity("action", "actions", "corrupt_image", name="web", ns="${ns}", guard=False, progress_deadline=3)
STUCK = activity("probe", "probes", "progress_deadline_exceeded", name="web", ns="${ns}", timeout=30)


def failing(timeout: float) -> Object:
    return activity("probe", "probes", "image_pull_failing", name="web", ns="${ns}", timeout=timeout)


FAILING = failing(60)
RESTORE = activity("action", "rollbacks", "restore_image", name="web", ns="${ns}")


def reports(timeout: float) -> Object:
    what = {"api_version": "operator.knative.dev/v1beta1", "kind": "KnativeServing", "name": "shop", "ns": "${ns}"}
    condition = {"condition_type": "Ready", "status": "False", "timeout": timeout}
    return activity("probe", "probes", "resource_condition", **what, **condition)


# These waits end without a result, but last long enough for the operator's delay
PATIENT = (IMPATIENT, FAILING, STUCK, reports(3))
METHODS = {"reports": (CORRUPT, FAILING, reports(60)), "silent": PATIENT, "claims-health": PATIENT}
HASTY = (CORRUPT, failing(4), reports(3))


@pytest.fixture
def lab(api: Api, tmp_path: Path) -> Iterator[Lab]:
    made = Lab(api, tmp_path)
    yield made
    api.core.delete_namespace(made.ns)


@pytest.fixture(scope="module")
def operated(api: Api, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Outcome]]:
    """The outcome under each kind of operator; they run at the same time."""
    labs = {behaviour: Lab(api, tmp_path_factory.mktemp("operator")) for behaviour in BEHAVIOURS}
    runs = {}
    for behaviour, lab in labs.items():
        lab.deploy()
        lab.operate(behaviour)
    for behaviour, lab in labs.items():
        assert soon(lab.is_healthy)
        runs[behaviour] = lab.start(*METHODS.get(behaviour, HASTY), RESTORE)
    yield {behaviour: lab.finish(runs[behaviour]) for behaviour, lab in labs.items()}
    for lab in labs.values():
        api.core.delete_namespace(lab.ns)


no_simulator = pytest.mark.skipif(E2E is not None, reason="a real cluster has no simulated operators")


@no_simulator
def test_an_operator_that_heals(operated: dict[str, Outcome]) -> None:
    found = operated["heals"]
    assert (found.code, found.verdict) == (0, "Resilient"), found.printed
    assert found.target["recovery"]["healed_by"]["manager"] == "shop-operator"
    assert found.target["recovery"]["reconcile_cycles"] == 1 and found.row("healed-by")["why"] == "shop-operator"


@no_simulator
def test_an_operator_that_reports(operated: dict[str, Outcome]) -> None:
    found = operated["reports"]
    assert (found.code, found.verdict) == (0, "Resilient"), found.printed
    assert found.row("operator-reports")["result"] == found.row("operator-silent")["result"] == "pass"
    assert found.row("operator-reports")["evidence"][0]["object"] == "KnativeServing shop"


@no_simulator
def test_an_operator_that_stays_silent(operated: dict[str, Outcome]) -> None:
    found = operated["silent"]
    assert (found.code, found.verdict) == (0, "Degraded"), found.printed
    assert "KnativeServing shop did not write its status within" in found.row("operator-silent")["why"]


@no_simulator
def test_an_operator_that_claims_health(operated: dict[str, Outcome]) -> None:
    found = operated["claims-health"]
    assert (found.code, found.verdict) == (0, "Degraded"), found.printed
    assert "it was Ready=True (Ready) until the end of the fault" in found.row("operator-silent")["why"]


@no_simulator
def test_an_operator_that_is_so_fast_that_the_fault_may_not_take_effect(operated: dict[str, Outcome]) -> None:
    found = operated["fights"]
    assert (found.code, found.verdict, found.found["problems"]) == (0, "Resilient", []), found.printed
    assert "shop-operator put the original image back" in found.target["reasons"][1]
    assert found.target["recovery"]["healed_by"]["manager"] == "shop-operator"
    assert found.row("operator-silent")["result"] == "not observed"


@no_simulator
@pytest.mark.parametrize("behaviour", BEHAVIOURS)
def test_the_timeline_is_whole(operated: dict[str, Outcome], behaviour: str) -> None:
    timeline = operated[behaviour].target["timeline"]
    assert (timeline["gaps"], timeline["missing"], timeline["dropped"]) == ([], {}, {})
    assert 0 < timeline["marks"]["corrupted"] < timeline["marks"]["restored"] < timeline["marks"]["recovered"]


def test_the_control_restores_and_clocks_the_recovery(lab: Lab) -> None:
    lab.deploy(strategy={"type": "Recreate"})
    found = lab.run(CORRUPT, FAILING)
    assert (found.code, found.verdict) == (0, "Degraded"), found.printed
    assert 0 < found.target["recovery"]["seconds"] < 45 and found.target["serving"] == {"replicas": 2, "fewest": 0}
    assert found.target["reasons"] == ["ready pods lost: 2; 0 of 2 were ready at the lowest"]


PULLABLE = {
    **activity("probe", "probes", "original_pullable", name="web", ns="${ns}", timeout=120),
    "tolerance": True,
}


def test_pods_that_pull_the_original_after_the_restore_are_said_to(lab: Lab) -> None:
    lab.deploy(strategy={"type": "Recreate"}, template=always_pulling(IMAGE))
    found = lab.run(CORRUPT, FAILING, RESTORE)
    row = found.row("original-pulled")
    assert (row["result"], row["why"]) == ("pass", "the original was pulled after the restore"), found.printed
    assert IMAGE in row["evidence"][0]["what"]


def test_a_check_of_the_original_before_the_fault_is_said_to_show_that_it_can_be_pulled(lab: Lab) -> None:
    lab.deploy()
    found = lab.finish(lab.start(CORRUPT, FAILING, RESTORE, steady=[PULLABLE]))
    row = found.row("original-pulled")
    assert (found.verdict, row["result"]) == ("Resilient", "pass"), found.printed
    assert row["why"].startswith("original_pullable showed that it can be pulled")


def test_without_an_original_that_can_be_pulled_nothing_is_corrupted(lab: Lab) -> None:
    lab.deploy(template=always_pulling("registry.invalid/shop/app:v1"))
    found = lab.finish(lab.start(CORRUPT, FAILING, RESTORE, steady=[PULLABLE]))
    assert (found.verdict, found.target["containers"]) == ("Inconclusive", []), found.printed
    assert found.row("before")["result"] == "violation"


def always_pulling(image: str) -> Object:
    containers = [{"name": "app", "image": image, "imagePullPolicy": "Always"}]
    return {
        "metadata": {"labels": {"app": "web"}},
        "spec": {"terminationGracePeriodSeconds": 1, "containers": containers},
    }


def test_a_stop_condition_that_ends_the_fault_fails_the_run_and_is_named(lab: Lab) -> None:
    lab.deploy(strategy={"type": "Recreate"})
    guarded = activity("action", "actions", "corrupt_image", name="web", ns="${ns}", stop_below="50%")
    found = lab.run(guarded, failing(20), RESTORE)
    assert (found.code, found.verdict, found.target["recovery"]["stopped_by"]["condition"]) == (
        1,
        "Failed",
        "stop_below",
    )
    measured = "0 of 2 pods are ready, and stop_below demands 1 (50%)"
    assert found.target["recovery"]["stopped_by"]["measured"] == measured
    assert found.target["reasons"][0].endswith(measured), found.target["reasons"]
    assert found.row("healed-by")["why"] == "the guard, because of stop_below"


def test_the_journal_and_the_terminal_tell_the_verdict(lab: Lab) -> None:
    lab.deploy()
    found = lab.run(CORRUPT, FAILING, RESTORE)
    named = {k: found.target[k] for k in ("namespace", "deployment", "component", "danger")}
    assert named == {"namespace": lab.ns, "deployment": "web", "component": "shop", "danger": "low"}
    assert found.found["version"] == 1 and found.found["problems"] == []
    assert found.target["containers"][0]["original_image"] == IMAGE
    assert f"verdict on {lab.ns}/web: Resilient" in found.printed
    assert found.journal["experiment"]["tags"] == ["component:shop", "danger:low"]


def test_what_happened_before_the_fault_is_in_the_timeline(lab: Lab) -> None:
    lab.deploy()
    timeline = lab.run(CORRUPT, FAILING, RESTORE).target["timeline"]
    before = [c for c in timeline["changes"] if c[0] < timeline["marks"]["corrupted"]]
    assert any(timeline["objects"][c[1]][0] == "Deployment" and c[2].get("complete") for c in before)


def test_fail_on_says_which_verdicts_fail_the_run(lab: Lab) -> None:
    lab.deploy(strategy={"type": "Recreate"})
    assert lab.run(CORRUPT, FAILING, RESTORE, fail_on=["Degraded"]).code == 1
    pullable = activity("action", "actions", "corrupt_image", name="web", ns="${ns}", guard=False, image=OTHER_IMAGE)
    never = lab.run(pullable, RESTORE, fail_on=[])
    assert (never.code, never.verdict, never.journal["status"]) == (0, "Inconclusive", "completed")


def test_fail_on_must_be_verdicts(lab: Lab) -> None:
    printed, _ = lab.start(CORRUPT, fail_on=["failed"]).communicate(timeout=60)
    assert "fail_on must be a list of Failed, Inconclusive, Degraded, Resilient" in printed


def test_a_steady_state_that_is_not_met_is_inconclusive(lab: Lab) -> None:
    lab.deploy(replicas=0)
    never = {**activity("probe", "probes", "pods_ready", name="web", ns="${ns}"), "tolerance": True}
    found = lab.run(CORRUPT, steady=[never])
    assert (found.code, found.verdict) == (1, "Inconclusive")
    reason = "the steady state was not met before the fault: pods_ready answered false, expected true"
    assert found.target["reasons"] == [reason]


def test_a_run_that_is_to_inject_nothing_claims_nothing(lab: Lab) -> None:
    lab.deploy()
    found = lab.run(
        {**CORRUPT, "provider": {**CORRUPT["provider"], "arguments": {"name": "web", "ns": "${ns}", "dry_run": True}}}
    )
    assert (found.code, found.found["targets"], found.found["reasons"]) == (0, [], ["nothing was to be injected"])


def test_an_interrupted_run_has_a_verdict(lab: Lab) -> None:
    lab.deploy()
    log = lab.folder / "chaostoolkit.log"
    run = lab.start(CORRUPT, {**FAILING, "pauses": {"after": 60}})
    waited = soon(lambda: log.exists() and "Pausing after activity" in log.read_text())
    run.send_signal(signal.SIGINT)
    assert waited
    found = lab.finish(run)
    assert found.journal["status"] == "interrupted" and found.verdict == "Inconclusive", found.printed
    assert found.target["reasons"][0] == "the run was interrupted before the end of its method"


def elsewhere(lab: Lab) -> Object:
    """An action that undoes the fault as another run would."""
    chaos = str(Path(sys.executable).with_name("chaos"))
    provider = {"type": "process", "path": chaos, "arguments": ["image-corrupt", "restore", "web", "-n", lab.ns]}
    return {"type": "action", "name": "elsewhere", "provider": provider}


def test_a_fault_that_another_run_undid_proves_nothing(lab: Lab) -> None:
    lab.deploy()
    probes = [activity("probe", "probes", p, name="web", ns="${ns}") for p in ("recovery_seconds", "reconcile_cycles")]
    found = lab.run(CORRUPT, FAILING, elsewhere(lab), *probes, RESTORE)
    outputs = [r.get("output") for r in found.journal["run"]]
    assert outputs[3:5] == [found.target["recovery"]["seconds"], 0]
    assert (found.code, found.verdict) == (1, "Inconclusive"), found.printed
    assert "undone before the run's own restore" in found.target["reasons"][0]
    assert found.target["recovery"]["healed_by"]["manager"] == "chaosimagecorrupt"
    assert found.target["recovery"]["reconcile_cycles"] == 0


def test_a_fault_that_outlives_its_ttl_in_the_method_proves_nothing(lab: Lab) -> None:
    lab.deploy()
    short = activity("action", "actions", "corrupt_image", name="web", ns="${ns}", ttl="2s")
    over = activity("probe", "probes", "deployment_recovered", name="web", ns="${ns}", timeout=30)
    found = lab.run(short, FAILING, over, RESTORE)
    assert (found.code, found.verdict) == (1, "Inconclusive"), found.printed
    assert found.target["reasons"][0].endswith("when its ttl was over, by the guard or a sweep")


def test_a_deployment_that_is_deleted_during_the_fault_failed(lab: Lab) -> None:
    lab.deploy()
    python = f"""
from kubernetes import client, config
config.load_kube_config()
client.AppsV1Api().delete_namespaced_deployment("web", "{lab.ns}")
"""
    provider = {"type": "process", "path": sys.executable, "arguments": ["-c", python]}
    found = lab.run(CORRUPT, FAILING, {"type": "action", "name": "delete", "provider": provider})
    assert (found.code, found.verdict) == (1, "Failed"), found.printed
    assert found.target["reasons"] == ["the Deployment was deleted during the fault"]
