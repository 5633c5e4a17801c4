"""The control: what it restores, and which runs it fails."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from chaoslib.exceptions import InterruptExecution

from chaosimagecorrupt.actions import corrupt_image
from chaosimagecorrupt.control import (
    after_experiment_control,
    before_activity_control,
    before_experiment_control,
    cleanup_control,
)
from chaosimagecorrupt.errors import ClusterError
from chaosimagecorrupt.fault.inject import Injection
from chaosimagecorrupt.fault.spec import FaultSpec
from chaosimagecorrupt.kube.client import Patience, connect
from chaosimagecorrupt.probes import deployment_recovered, image_pull_failing
from chaosimagecorrupt.record.memory import MEMORY
from chaosimagecorrupt.rollbacks import restore_image
from chaosimagecorrupt.workload.target import Target

from ..fixtures_http import soon
from ..simulated_cluster import CORRUPT, IMAGE, NS, SimulatedCluster
from ..traces import images

pytest_plugins = ["tests.fixtures_simulated_cluster"]

Object = dict[str, Any]


def experiment(**arguments: Any) -> Object:
    provider = {
        "type": "python",
        "module": "chaosimagecorrupt.actions",
        "func": "corrupt_image",
        "arguments": arguments,
    }
    return {"method": [{"type": "action", "name": "corrupt", "provider": provider}]}


def ended(status: str = "completed", **arguments: Any) -> Object:
    """Return the journal of a run with this status, after the control has written its section."""
    journal: Object = {"status": status}
    after_experiment_control(experiment(**arguments), journal)
    return journal


@pytest.fixture
def name(simulated_cluster: SimulatedCluster, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A Deployment; the memory holds no faults of other tests."""
    monkeypatch.setenv("KUBECONFIG", str(simulated_cluster.simulator.kubeconfig))
    MEMORY.forget()
    yield simulated_cluster.create(f"control-{time.monotonic_ns()}")
    simulated_cluster.simulator.faults.clear()


def corrupt(name: str, **more: Any) -> None:
    corrupt_image(name, NS, guard=False, **more)


def corrupt_impatiently(name: str, retry_for: float) -> None:
    """Corrupt by a connection that soon gives up, by which the control restores then."""
    cluster = connect().with_patience(Patience(retry_for=retry_for))
    Injection(Target(name, NS, cluster), FaultSpec(None, CORRUPT, 300.0)).inject()


def test_what_is_left_is_restored_without_a_trace(simulated_cluster: SimulatedCluster, name: str) -> None:
    corrupt(name)
    assert image_pull_failing(name, NS, timeout=10)
    journal = ended()
    assert (journal["status"], journal["image-corrupt"]["problems"]) == ("completed", [])
    assert (simulated_cluster.image(name), simulated_cluster.left(name)) == (IMAGE, [])


def test_what_is_left_of_two_faults_on_one_deployment_is_restored(
    simulated_cluster: SimulatedCluster, name: str
) -> None:
    simulated_cluster.patch(name, {"spec": {"template": {"spec": {"containers": [{"name": "side", "image": IMAGE}]}}}})
    corrupt(name, container_name="app")
    corrupt(name, container_name="side")
    restore_image(name, NS, container_name="app")
    assert image_pull_failing(name, NS, timeout=10)
    assert ended()["image-corrupt"]["problems"] == []
    assert (images(simulated_cluster.get(name)), simulated_cluster.left(name)) == ({"app": IMAGE, "side": IMAGE}, [])


def test_cleaning_up_restores_what_is_left_of_two_faults(simulated_cluster: SimulatedCluster, name: str) -> None:
    simulated_cluster.patch(name, {"spec": {"template": {"spec": {"containers": [{"name": "side", "image": IMAGE}]}}}})
    corrupt(name, container_name="app")
    corrupt(name, container_name="side")
    restore_image(name, NS, container_name="app")
    cleanup_control()
    assert (images(simulated_cluster.get(name)), simulated_cluster.left(name)) == ({"app": IMAGE, "side": IMAGE}, [])


def test_a_failed_pull_is_observed_before_the_next_activity(simulated_cluster: SimulatedCluster, name: str) -> None:
    corrupt(name)

    def pull_failed() -> bool:
        before_activity_control({})
        return MEMORY.faults()[0].pull_failed_at is not None

    assert soon(pull_failed)
    restore_image(name, NS)
    assert ended()["image-corrupt"]["problems"] == []


def test_a_run_that_injected_nothing_fails(name: str) -> None:
    journal = ended()
    assert journal["status"] == "failed"
    assert journal["image-corrupt"]["problems"] == ["the fault was not injected"]


def test_a_dry_run_was_not_to_inject(name: str) -> None:
    assert ended(dry_run=True)["status"] == "completed"


def test_a_run_whose_steady_state_was_not_met_was_not_to_inject(name: str) -> None:
    journal: Object = {"status": "failed", "steady_states": {"before": {"steady_state_met": False}}}
    after_experiment_control(experiment(), journal)
    assert journal["image-corrupt"]["problems"] == []


def test_a_fault_that_did_not_take_effect_fails_the_run(simulated_cluster: SimulatedCluster, name: str) -> None:
    corrupt(name, image="localhost/app:v2")  # which can be pulled
    journal = ended()
    assert journal["status"] == "failed"
    assert "the fault did not take effect" in journal["image-corrupt"]["problems"][0]
    assert simulated_cluster.image(name) == IMAGE


def test_a_fault_that_cannot_be_undone_fails_the_run(simulated_cluster: SimulatedCluster, name: str) -> None:
    corrupt_impatiently(name, retry_for=0.0)
    assert image_pull_failing(name, NS, timeout=10)
    simulated_cluster.simulator.faults.answer(500, "PATCH", name, times=None)
    journal = ended()
    assert journal["status"] == "failed"
    assert f"{name} is not restored: could not patch" in journal["image-corrupt"]["problems"][0]
    simulated_cluster.simulator.faults.clear()
    cleanup_control()
    assert simulated_cluster.image(name) == IMAGE


@pytest.mark.parametrize("status", ["interrupted", "aborted", "failed"])
def test_a_run_that_did_not_complete_keeps_its_status_and_is_restored(
    simulated_cluster: SimulatedCluster, name: str, status: str
) -> None:
    corrupt(name)
    assert ended(status)["status"] == status
    assert (simulated_cluster.image(name), simulated_cluster.left(name)) == (IMAGE, [])


def test_what_someone_deployed_meanwhile_stays(simulated_cluster: SimulatedCluster, name: str) -> None:
    corrupt(name)
    simulated_cluster.set_image(name, "localhost/app:v2")
    ended()
    assert (simulated_cluster.image(name), simulated_cluster.left(name)) == ("localhost/app:v2", [])


def test_an_injection_whose_answer_was_lost_is_undone(simulated_cluster: SimulatedCluster, name: str) -> None:
    assert deployment_recovered(name, NS)  # so that nobody writes it meanwhile; and the connection is a live one
    simulated_cluster.simulator.faults.drop("after", "PATCH", name, times=None)
    with pytest.raises(ClusterError, match="not reachable"):
        corrupt_impatiently(name, retry_for=1.0)
    simulated_cluster.simulator.faults.forget()
    assert simulated_cluster.image(name) != IMAGE
    ended()
    assert (simulated_cluster.image(name), simulated_cluster.left(name)) == (IMAGE, [])


def test_cleaning_up_restores_what_no_other_control_has(simulated_cluster: SimulatedCluster, name: str) -> None:
    corrupt(name)
    cleanup_control()
    assert (simulated_cluster.image(name), simulated_cluster.left(name)) == (IMAGE, [])


def test_an_earlier_run_in_this_process_is_forgotten(name: str) -> None:
    corrupt(name)
    restore_image(name, NS)
    before_experiment_control({})
    assert ended()["image-corrupt"]["problems"] == ["the fault was not injected"]


def test_another_cluster_than_the_expected_one_is_refused_before_anything_is_read(
    simulated_cluster: SimulatedCluster, name: str
) -> None:
    run, sent = experiment(name=name, ns=NS, cluster="prod"), len(simulated_cluster.simulator.requests)
    with pytest.raises(InterruptExecution, match=r"^cluster: 'prod' is expected, but this is "):
        before_experiment_control(run)
    journal: Object = {"status": "interrupted"}
    after_experiment_control(run, journal)
    assert simulated_cluster.simulator.requests[sent:] == []
    assert "cluster: 'prod' is expected" in journal["image-corrupt"]["problems"][0]
