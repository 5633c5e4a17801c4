"""What kubectl shows of StatefulSets, DaemonSets and ControllerRevisions."""

import pytest

from ..calls import PureCalls
from .workloads import DAEMON_SETS, REVISIONS, STATEFUL_SETS, daemon_set, stateful_set

TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io"


@pytest.fixture
def made(calls: PureCalls) -> PureCalls:
    calls("POST", STATEFUL_SETS, stateful_set(replicas=2))
    pods = daemon_set()
    pods["spec"]["template"]["spec"]["nodeSelector"] = {"kubernetes.io/os": "linux"}
    calls("POST", DAEMON_SETS, pods)
    calls.advance(10)
    return calls


def rows(calls: PureCalls, path: str) -> tuple[list[str], list[list[object]]]:
    table = calls("GET", path, accept=TABLE).body
    return [each["name"] for each in table["columnDefinitions"]], [row["cells"] for row in table["rows"]]


def test_a_stateful_set(made: PureCalls) -> None:
    names, [cells] = rows(made, STATEFUL_SETS)
    assert names == ["Name", "Ready", "Age", "Containers", "Images"]
    assert cells == ["db", "2/2", "10s", "app", "example.org/app:v1"]


def test_a_daemon_set(made: PureCalls) -> None:
    names, [cells] = rows(made, DAEMON_SETS)
    assert names[1:7] == ["Desired", "Current", "Ready", "Up-to-date", "Available", "Node Selector"]
    assert cells == ["log", 1, 1, 1, 1, 1, "kubernetes.io/os=linux", "10s", "app", "example.org/app:v1", "app=log"]


def test_controller_revisions(made: PureCalls) -> None:
    made("POST", REVISIONS, {"metadata": {"name": "z"}, "data": {}, "revision": 7})
    names, found = rows(made, REVISIONS)
    assert names == ["Name", "Controller", "Revision", "Age"]
    assert [cells[1:3] for cells in found] == [["statefulset.apps/db", 1], ["daemonset.apps/log", 1], ["<none>", 7]]
