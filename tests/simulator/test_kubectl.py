"""kubectl, unmodified, against the simulator in real time."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from chaosimagecorrupt.simulator.api import User
from chaosimagecorrupt.simulator.types import Object

from ..faulty_simulator import FaultySimulator
from ..fixtures_http import soon
from .calls import HttpCalls, deployment
from .custom_resource import DEFINITION, WIDGET
from .kubectl import Kubectl, runner

pytestmark = pytest.mark.skipif(shutil.which("kubectl") is None, reason="kubectl is not on the PATH")
BAD = "registry.invalid/nonexistent:chaos"
IMAGE = "-o=jsonpath={.spec.template.spec.containers[0].image}"


@pytest.fixture(scope="module")
def simulator() -> Iterator[FaultySimulator]:
    with FaultySimulator([]) as simulator:
        yield simulator


@pytest.fixture
def namespace(simulator: FaultySimulator) -> Iterator[str]:
    """A namespace of the test's own, with a Deployment rolled out."""
    name, calls, store = f"test-{len(simulator.requests)}", HttpCalls(simulator), simulator.world.store
    with closing(calls.connection):
        calls("POST", "/api/v1/namespaces", {"metadata": {"name": name}})
    runner(simulator.kubeconfig, name)("apply", "-f", "-", given=json.dumps(quick()))

    def ready() -> bool:
        found = simulator.call(lambda: store.get("deployments.apps", name, "web"))
        return found is not None and found["status"].get("availableReplicas") == 2

    assert soon(ready)
    yield name


@pytest.fixture
def kubectl(simulator: FaultySimulator, namespace: str) -> Kubectl:
    return runner(simulator.kubeconfig, namespace)


@pytest.fixture(scope="module", autouse=True)
def cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Where kubectl keeps what it discovered: not in the home directory."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KUBECACHEDIR", str(tmp_path_factory.mktemp("kubectl")))
        yield


def quick(**spec: Any) -> Object:
    """A Deployment whose pods end at once."""
    obj = deployment(**spec)
    obj["spec"]["template"]["spec"]["terminationGracePeriodSeconds"] = 1
    return obj


def test_get(kubectl: Kubectl) -> None:
    heading, row = kubectl("get", "deployments").out.splitlines()
    assert heading.split() == ["NAME", "READY", "UP-TO-DATE", "AVAILABLE", "AGE"]
    assert row.split()[:4] == ["web", "2/2", "2", "2"]


def test_get_wide_and_all(kubectl: Kubectl) -> None:
    out = kubectl("get", "all", "-o", "wide").out
    assert "deployment.apps/web" in out and "replicaset.apps/web-" in out and out.count("pod/web-") == 2
    assert "example.org/app:v1" in out


def test_get_yaml_with_managed_fields(kubectl: Kubectl) -> None:
    assert "managedFields" not in kubectl("get", "deploy", "web", "-o", "yaml").out
    shown = kubectl("get", "deploy", "web", "-o", "yaml", "--show-managed-fields").out
    assert "manager: kubectl-client-side-apply" in shown
    assert "manager: kube-controller-manager" in shown


def test_get_selected_and_sorted(kubectl: Kubectl) -> None:
    assert kubectl("get", "pods", "-l", "app=web", "-o", "name").out.count("pod/web-") == 2
    assert kubectl("get", "pods", "-l", "app=other").out == ""
    running = ("get", "pods", "--field-selector", "status.phase=Running", "--sort-by", "{.metadata.name}")
    assert len(kubectl(*running, "--no-headers").out.splitlines()) == 2


def test_get_watching(kubectl: Kubectl, simulator: FaultySimulator, namespace: str) -> None:
    command = ["kubectl", "-n", namespace, "get", "deployments", "-w", "-o", "name", "--request-timeout=90s"]
    environment = {**os.environ, "KUBECONFIG": str(simulator.kubeconfig)}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as watching:
        assert watching.stdout is not None
        assert watching.stdout.readline() == "deployment.apps/web\n"
        kubectl("annotate", "deployment", "web", "a=b")
        assert watching.stdout.readline() == "deployment.apps/web\n"
        watching.terminate()


def test_get_of_what_is_not_there(kubectl: Kubectl) -> None:
    missing = kubectl("get", "deployment", "nope", ok=False)
    assert (missing.code, missing.err) == (1, 'Error from server (NotFound): deployments.apps "nope" not found\n')


def test_apply(kubectl: Kubectl) -> None:
    assert kubectl("apply", "-f", "-", given=json.dumps(quick())).out == "deployment.apps/web unchanged\n"
    assert "configured" in kubectl("apply", "-f", "-", given=json.dumps(quick(image="example.org/app:v2"))).out
    assert kubectl("get", "deploy", "web", IMAGE).out == "example.org/app:v2"


def test_apply_of_a_field_that_does_not_exist(kubectl: Kubectl) -> None:
    refused = kubectl("apply", "-f", "-", given=json.dumps(quick(colour="red")), ok=False)
    assert (refused.code, 'unknown field "spec.colour"' in refused.err) == (1, True)


def test_apply_on_the_server_with_a_conflict(kubectl: Kubectl) -> None:
    kubectl("patch", "deploy", "web", "--field-manager=chaosimagecorrupt", "-p", json.dumps(image(BAD)))
    first = json.dumps(quick(image="example.org/app:v2"))
    refused = kubectl("apply", "--server-side", "--field-manager=argo", "-f", "-", given=first, ok=False)
    assert 'conflict with "chaosimagecorrupt"' in refused.err
    forced = ("apply", "--server-side", "--force-conflicts", "--field-manager=argo", "-f", "-")
    assert kubectl(*forced, given=first).out == "deployment.apps/web serverside-applied\n"
    assert kubectl("get", "deploy", "web", IMAGE).out == "example.org/app:v2"


def test_apply_on_the_server_after_apply_by_the_client(kubectl: Kubectl) -> None:
    changed = json.dumps(quick(image="example.org/app:v2"))
    assert "serverside-applied" in kubectl("apply", "--server-side", "-f", "-", given=changed).out
    shown = json.loads(kubectl("get", "deploy", "web", "-o", "json", "--show-managed-fields").out)
    # they are sorted by their times before their names
    owners = [(entry["manager"], entry["operation"]) for entry in shown["metadata"]["managedFields"]]
    assert sorted(owners[:2]) == [("kubectl", "Apply"), ("kubectl-last-applied", "Apply")]
    assert ("kubectl-client-side-apply", "Update") not in owners


def image(reference: str) -> Object:
    return {"spec": {"template": {"spec": {"containers": [{"name": "app", "image": reference}]}}}}


@pytest.mark.parametrize(
    ("kind", "patch"),
    [
        ("strategic", {"spec": {"replicas": 3}}),
        ("merge", {"spec": {"replicas": 3}}),
        ("json", [{"op": "replace", "path": "/spec/replicas", "value": 3}]),
    ],
)
def test_patch(kubectl: Kubectl, kind: str, patch: Any) -> None:
    assert kubectl("patch", "deploy", "web", "--type", kind, "-p", json.dumps(patch)).out == (
        "deployment.apps/web patched\n"
    )
    assert kubectl("get", "deploy", "web", "-o", "jsonpath={.spec.replicas}").out == "3"


def test_patch_of_the_status(kubectl: Kubectl) -> None:
    patch = {"status": {"conditions": [{"type": "Odd", "status": "True"}]}}
    kubectl("patch", "deploy", "web", "--subresource=status", "-p", json.dumps(patch))
    assert "Odd" in kubectl("get", "deploy", "web", "-o", "jsonpath={.status.conditions[*].type}").out


def test_a_bad_image_stalls_and_an_undo_helps(kubectl: Kubectl) -> None:
    assert kubectl("set", "image", "deploy/web", f"app={BAD}").out == "deployment.apps/web image updated\n"
    assert soon(lambda: "ErrImagePull" in kubectl("get", "pods").out)
    stalled = kubectl("rollout", "status", "deploy/web", "--timeout=3s", ok=False)
    assert (stalled.code, "1 out of 2 new replicas have been updated" in stalled.out) == (1, True)
    assert kubectl("rollout", "undo", "deploy/web").out == "deployment.apps/web rolled back\n"
    assert "successfully rolled out" in kubectl("rollout", "status", "deploy/web", "--timeout=90s").out
    assert kubectl("get", "deploy", "web", IMAGE).out == "example.org/app:v1"


def test_rollout_history(kubectl: Kubectl) -> None:
    kubectl("set", "image", "deploy/web", "app=example.org/app:v2")
    kubectl("rollout", "status", "deploy/web", "--timeout=90s")
    assert [line.split()[0] for line in kubectl("rollout", "history", "deploy/web").out.split("\n")[2:4]] == ["1", "2"]
    assert "example.org/app:v1" in kubectl("rollout", "history", "deploy/web", "--revision=1").out


def test_rollout_restart_pause_and_resume(kubectl: Kubectl) -> None:
    kubectl("rollout", "restart", "deploy/web")
    assert "successfully rolled out" in kubectl("rollout", "status", "deploy/web", "--timeout=90s").out
    kubectl("rollout", "pause", "deploy/web")
    assert kubectl("get", "deploy", "web", "-o", "jsonpath={.spec.paused}").out == "true"
    kubectl("rollout", "resume", "deploy/web")
    assert kubectl("get", "deploy", "web", "-o", "jsonpath={.spec.paused}").out == ""


def test_scale(kubectl: Kubectl) -> None:
    assert kubectl("scale", "deploy/web", "--replicas=3").out == "deployment.apps/web scaled\n"
    kubectl("rollout", "status", "deploy/web", "--timeout=90s")
    assert kubectl("get", "deploy", "web", "-o", "jsonpath={.status.readyReplicas}").out == "3"
    refused = kubectl("scale", "deploy/web", "--current-replicas=7", "--replicas=1", ok=False)
    assert "Expected replicas to be 7, was 3" in refused.err


def test_describe(kubectl: Kubectl) -> None:
    out = kubectl("describe", "deployment", "web").out
    assert "2 desired | 2 updated | 2 total | 2 available | 0 unavailable" in out
    assert "MinimumReplicasAvailable" in out
    assert "NewReplicaSet:   web-" in out
    assert "ScalingReplicaSet" in out
    assert "Controlled By:" in kubectl("describe", "pods").out


def test_wait(kubectl: Kubectl) -> None:
    assert "condition met" in kubectl("wait", "--for=condition=Available", "deploy/web", "--timeout=90s").out


def test_delete(kubectl: Kubectl) -> None:
    assert "deleted" in kubectl("delete", "deployment", "web", "--timeout=90s").out
    assert kubectl("wait", "--for=delete", "pods", "-l", "app=web", "--timeout=90s").code == 0
    assert kubectl("get", "all").out == ""


def test_delete_in_the_foreground(kubectl: Kubectl) -> None:
    kubectl("delete", "deployment", "web", "--cascade=foreground", "--timeout=90s")
    assert kubectl("get", "replicasets").out == ""


def test_delete_a_namespace(kubectl: Kubectl, namespace: str) -> None:
    kubectl("delete", "namespace", namespace, "--timeout=90s")
    assert "NotFound" in kubectl("get", "namespace", namespace, ok=False).err


def test_create_by_protobuf(kubectl: Kubectl) -> None:
    kubectl("create", "deployment", "two", "--image=example.org/app:v1", "--port=80", "--replicas=2")
    kubectl("create", "configmap", "c", "--from-literal=a=b")
    kubectl("create", "secret", "generic", "s", "--from-literal=a=b")
    kubectl("create", "serviceaccount", "bot")
    kubectl("create", "role", "reader", "--verb=get,list", "--resource=deployments", "--resource-name=web")
    kubectl("create", "rolebinding", "reader", "--role=reader", "--serviceaccount=x:bot", "--user=jane")
    kubectl("create", "job", "once", "--image=example.org/app:v1", "--", "true")
    kubectl("create", "cronjob", "often", "--image=example.org/app:v1", "--schedule=@hourly")
    spec = json.loads(kubectl("get", "deployment", "two", "-o", "json").out)["spec"]
    port = {"containerPort": 80, "protocol": "TCP"}
    assert (spec["replicas"], spec["template"]["spec"]["containers"][0]["ports"]) == (2, [port])
    assert kubectl("get", "secret", "s", "-o", "jsonpath={.data.a}").out == "Yg=="
    assert kubectl("get", "role", "reader", "-o", "jsonpath={.rules[0].resourceNames}").out == '["web"]'
    assert len(kubectl("create", "token", "bot").out.strip()) > 20


def test_labels_and_services(kubectl: Kubectl) -> None:
    kubectl("label", "deployment", "web", "tier=front")
    kubectl("expose", "deployment", "web", "--port=80")
    assert kubectl("get", "services", "web", "-o", "jsonpath={.spec.clusterIP}").out.startswith("10.96.")


def test_custom_resources(kubectl: Kubectl) -> None:
    kubectl("apply", "-f", "-", given=json.dumps(DEFINITION))
    kubectl("apply", "-f", "-", given=json.dumps(WIDGET))
    assert kubectl("get", "widgets").out.splitlines()[0].split() == ["NAME", "SIZE", "READY"]
    assert "configured" in kubectl("apply", "-f", "-", given=json.dumps({**WIDGET, "spec": {"size": 5}})).out
    assert kubectl("get", "wd", "one", "-o", "jsonpath={.spec.size}").out == "5"
    assert "Size:  5" in kubectl("describe", "widget", "one").out
    kubectl("delete", "crd", "widgets.example.com")


def test_may_i(kubectl: Kubectl, simulator: FaultySimulator, namespace: str) -> None:
    assert kubectl("auth", "can-i", "patch", "deployments").out == "yes\n"
    kubectl("create", "serviceaccount", "bot")
    bot = runner(simulator.account_kubeconfig(namespace, "bot"), namespace)
    refused = bot("auth", "can-i", "patch", "deployments", ok=False)
    assert (refused.code, refused.out) == (1, "no\n")
    assert "selfsubjectreviews.authentication.k8s.io" in bot("auth", "can-i", "--list").out
    assert f"system:serviceaccount:{namespace}:bot" in bot("auth", "whoami").out
    assert "Forbidden" in bot("get", "deployments", ok=False).err


MANIFESTS = """
apiVersion: v1
kind: ServiceAccount
metadata: {name: sweeper}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: sweeper}
rules: [{apiGroups: [apps], resources: [deployments], verbs: [get, list]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: sweeper}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: sweeper}
subjects: [{kind: ServiceAccount, name: sweeper}]
---
apiVersion: batch/v1
kind: CronJob
metadata: {name: sweep}
spec:
  schedule: "*/5 * * * *"
  jobTemplate:
    spec: {template: {spec: {restartPolicy: Never, containers: [{name: sweep, image: example.org/sweep:v1}]}}}
---
apiVersion: batch/v1
kind: Job
metadata: {name: once}
spec: {template: {spec: {restartPolicy: Never, containers: [{name: sweep, image: example.org/sweep:v1}]}}}
"""

KUSTOMIZATION = """
resources: [all.yaml]
configMapGenerator: [{name: experiment, literals: [a=b]}]
"""


@pytest.fixture
def kustomized(tmp_path: Path, namespace: str) -> Path:
    (tmp_path / "all.yaml").write_text(MANIFESTS)
    (tmp_path / "kustomization.yaml").write_text(f"namespace: {namespace}\n{KUSTOMIZATION}")
    return tmp_path


def applied(out: str) -> dict[str, str]:
    """What was done, by what it was done to."""
    rows = (line.split(maxsplit=1) for line in out.splitlines())
    return {what.split(".")[0].split("/")[0]: done for what, done in rows}


def test_apply_of_a_kustomization(kubectl: Kubectl, kustomized: Path) -> None:
    kinds = ("serviceaccount", "role", "rolebinding", "configmap", "cronjob", "job")
    tried = applied(kubectl("apply", "--dry-run=server", "-k", str(kustomized)).out)
    assert tried == dict.fromkeys(kinds, "created (server dry run)")
    assert applied(kubectl("apply", "-k", str(kustomized)).out) == dict.fromkeys(kinds, "created")
    assert applied(kubectl("apply", "-k", str(kustomized)).out) == dict.fromkeys(kinds, "unchanged")
    assert "No resources found" in kubectl("get", "pods", "-l", "job-name=once").err


def test_get_of_what_a_kustomization_made(kubectl: Kubectl, kustomized: Path) -> None:
    kubectl("apply", "-k", str(kustomized))
    heading, row = kubectl("get", "cronjobs").out.splitlines()
    assert heading.split("  ")[0] == "NAME" and "*/5 * * * *" in row
    assert kubectl("get", "jobs", "--no-headers").out.split()[:3] == ["once", "Running", "0/1"]


def test_an_account_can_do_what_its_role_in_the_namespace_says(
    kubectl: Kubectl, kustomized: Path, simulator: FaultySimulator, namespace: str
) -> None:
    kubectl("apply", "-k", str(kustomized))
    token = kubectl("create", "token", "sweeper").out.strip()
    config = json.loads(simulator.kubeconfig.read_text())
    config["users"][0]["user"] = {"token": token}
    (kustomized / "kubeconfig").write_text(json.dumps(config))
    sweeper = runner(kustomized / "kubeconfig", namespace)
    assert sweeper("get", "deployments", "-o", "name").out == "deployment.apps/web\n"
    assert "at the cluster scope" in sweeper("get", "deployments", "-A", ok=False).err
    assert 'cannot list resource "pods"' in sweeper("get", "pods", ok=False).err


def test_a_user_with_a_certificate(simulator: FaultySimulator, namespace: str) -> None:
    jane = runner(simulator.user_kubeconfig(User("jane", ("system:masters",))), namespace)
    assert "jane" in jane("auth", "whoami").out
    assert jane("auth", "can-i", "delete", "deployments").out == "yes\n"


def test_what_there_is(kubectl: Kubectl) -> None:
    rows = {line.split()[0] for line in kubectl("api-resources", "--no-headers").out.splitlines()}
    assert {"deployments", "replicasets", "pods", "events", "namespaces", "roles", "leases"} <= rows
    assert "apps/v1" in kubectl("api-versions").out
    assert "Server Version: v1.36.2" in kubectl("version").out
    assert "progressDeadlineSeconds" in kubectl("explain", "deployment.spec").out


@pytest.mark.parametrize(
    "arguments", [("logs", "deploy/web"), ("exec", "deploy/web", "--", "true"), ("port-forward", "deploy/web", "8080")]
)
def test_what_is_not_simulated(kubectl: Kubectl, arguments: tuple[str, ...]) -> None:
    refused = kubectl(*arguments, ok=False)
    assert (refused.code, "this is the simulator" in refused.err) == (1, True)
