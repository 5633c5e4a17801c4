"""kubectl, unmodified, on StatefulSets and DaemonSets in real time."""

import json
import shutil
from collections.abc import Iterator

import pytest

from ..faulty_simulator import FaultySimulator
from .api.workloads import daemon_set, stateful_set
from .kubectl import Kubectl, runner

pytestmark = pytest.mark.skipif(shutil.which("kubectl") is None, reason="kubectl is not on the PATH")
WORKLOADS = ("sts/db", "ds/log")
IMAGE = "-o=jsonpath={.spec.template.spec.containers[0].image}"


@pytest.fixture(scope="module")
def simulator() -> Iterator[FaultySimulator]:
    with FaultySimulator([]) as simulator:
        yield simulator


@pytest.fixture(scope="module", autouse=True)
def cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Where kubectl keeps what it discovered: not in the home directory."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KUBECACHEDIR", str(tmp_path_factory.mktemp("kubectl")))
        yield


@pytest.fixture
def kubectl(simulator: FaultySimulator) -> Iterator[Kubectl]:
    """kubectl in a namespace of the test's own, with a StatefulSet and a DaemonSet rolled out."""
    name = f"test-{len(simulator.requests)}"
    kubectl = runner(simulator.kubeconfig, name)
    kubectl("create", "namespace", name)
    for workload in (stateful_set(replicas=2), daemon_set()):
        kubectl("apply", "-f", "-", given=json.dumps(workload))
    for each in WORKLOADS:
        kubectl("rollout", "status", each, "--timeout=90s")
    yield kubectl
    kubectl("delete", "namespace", name, "--wait=false", "--ignore-not-found")


def test_get_all(kubectl: Kubectl) -> None:
    rows = [line.split() for line in kubectl("get", "all", "--no-headers").out.splitlines() if line]
    assert [row[:2] for row in rows if row[0].endswith(("db", "db-0", "db-1"))] == [
        ["pod/db-0", "1/1"],
        ["pod/db-1", "1/1"],
        ["statefulset.apps/db", "2/2"],
    ]
    assert [row[1:6] for row in rows if row[0] == "daemonset.apps/log"] == [["1"] * 5]


def test_describe(kubectl: Kubectl) -> None:
    shown = kubectl("describe", "sts", "db").out
    assert "Pods Status:        2 Running" in shown and "Create Pod db-1 in StatefulSet db successful" in shown
    shown = kubectl("describe", "ds", "log").out
    assert "Desired Number of Nodes Scheduled: 1" in shown and "Created pod: log-" in shown


@pytest.mark.parametrize("workload", WORKLOADS)
def test_set_image_history_and_undo(kubectl: Kubectl, workload: str) -> None:
    kubectl("set", "image", workload, "app=example.org/app:v2")
    kubectl("rollout", "status", workload, "--timeout=90s")
    assert "example.org/app:v1" in kubectl("rollout", "history", workload, "--revision=1").out
    assert kubectl("rollout", "undo", workload).out.endswith("rolled back\n")
    kubectl("rollout", "status", workload, "--timeout=90s")
    assert kubectl("get", workload, IMAGE).out == "example.org/app:v1"
    numbers = [line.split()[0] for line in kubectl("rollout", "history", workload).out.splitlines()[2:] if line]
    assert numbers == ["2", "3"]


@pytest.mark.parametrize("workload", WORKLOADS)
def test_restart(kubectl: Kubectl, workload: str) -> None:
    selected = ("-l", f"app={workload.split('/')[1]}", "--field-selector", "status.phase=Running")
    selector = ("get", "pods", *selected, "-o", "jsonpath={.items[*].metadata.uid}")
    before = set(kubectl(*selector).out.split())
    kubectl("rollout", "restart", workload)
    kubectl("rollout", "status", workload, "--timeout=90s")
    assert not before & set(kubectl(*selector).out.split())


def test_scale_delete_a_pod_and_wait(kubectl: Kubectl) -> None:
    kubectl("scale", "sts/db", "--replicas=1")
    kubectl("wait", "--for=delete", "pod/db-1", "--timeout=90s")
    kubectl("delete", "pod", "db-0")
    kubectl("wait", "--for=jsonpath={.status.readyReplicas}=1", "sts/db", "--timeout=90s")
    assert kubectl("get", "pods", "-l", "app=db", "-o", "name").out == "pod/db-0\n"


def test_a_change_that_is_forbidden_says_what_may_change(kubectl: Kubectl) -> None:
    refused = kubectl("patch", "sts", "db", "-p", '{"spec":{"serviceName":"other"}}', ok=False)
    words = "spec: Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals'"
    assert (refused.code, words in refused.err) == (1, True)


@pytest.mark.parametrize("workload", [stateful_set(replicas=2), daemon_set()], ids=["sts", "ds"])
def test_apply_again_on_client_and_server_changes_nothing(kubectl: Kubectl, workload: dict[str, object]) -> None:
    given = json.dumps(workload)
    assert "unchanged" in kubectl("apply", "-f", "-", given=given).out
    assert "serverside-applied" in kubectl("apply", "--server-side", "-f", "-", given=given).out
    kind = str(workload["kind"]).lower()
    assert kubectl("get", kind, "-o", "jsonpath={.items[0].metadata.generation}").out == "1"


def test_delete_takes_pods_and_history_along(kubectl: Kubectl) -> None:
    kubectl("delete", *WORKLOADS)
    kubectl("wait", "--for=delete", "pod", "--all", "--timeout=90s")
    assert kubectl("get", "controllerrevisions,pods", "-o", "name").out == ""
