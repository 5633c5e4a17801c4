"""What the container runtime knows of a Pod."""

import pytest

from chaosimagecorrupt.simulator.controllers.kubelet.pod_runtime import Container, PodRuntime, is_sidecar, ready_at
from chaosimagecorrupt.simulator.types import Object

STATES = {
    "running": (Container("a", 1), True, False),
    "succeeded": (Container("a", 1, finished=2), False, True),
    "failed": (Container("a", 1, finished=2, exit_code=137), False, False),
}


@pytest.mark.parametrize(("container", "runs", "succeeded"), STATES.values(), ids=list(STATES))
def test_a_container_runs_until_it_ends(container: Container, runs: bool, succeeded: bool) -> None:
    runtime = PodRuntime(containers={"app": container})
    assert (runtime.runs("app"), runtime.succeeded("app")) == (runs, succeeded)


def test_what_started_since_some_time_is_known() -> None:
    runtime = PodRuntime(containers={"app": Container("a", 1)})
    assert runtime.started_since(0.5) and not runtime.started_since(1)
    assert not PodRuntime().started_since(0)


def test_what_never_started_neither_runs_nor_succeeded() -> None:
    assert not PodRuntime().runs("app") and not PodRuntime().succeeded("app")


@pytest.mark.parametrize(
    ("probes", "expected"),
    [
        ({}, (100, 100)),
        ({"readinessProbe": {}}, (100, 100)),
        ({"readinessProbe": {"initialDelaySeconds": 12, "periodSeconds": 5}}, (100, 115)),
        ({"readinessProbe": {"successThreshold": 3, "periodSeconds": 2}}, (100, 104)),
        ({"startupProbe": {"initialDelaySeconds": 10}, "readinessProbe": {"initialDelaySeconds": 10}}, (110, 120)),
    ],
)
def test_probes_succeed_at_their_first_attempt(probes: Object, expected: tuple[float, float]) -> None:
    assert ready_at(probes, 100) == expected


def test_only_an_init_container_that_restarts_always_is_a_sidecar() -> None:
    assert is_sidecar({"restartPolicy": "Always"}) and not is_sidecar({})
