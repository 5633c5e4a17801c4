"""What all tests share."""

import gc
import os
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from chaosimagecorrupt.record.memory import MEMORY

pytest_plugins = ["tests.fixtures_http"]

# A slow machine is no failure of what is tested. Continuous integration tries the same examples each time, as is
# Hypothesis' own default there, so that what fails is due to the change. Runs by hand and `make soak` look for new ones
settings.register_profile("unhurried", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("unhurried")


TESTS = Path(__file__).parent
# Those that take longest, and how many seconds with the others beside them, as `pytest --durations=0` says it of their
# tests: runs of `chaos`, guards, workloads, kubectl. `make test-fast` leaves them out
SLOWEST = {
    "deploy/test_rights.py": 121,
    "cluster/test_experiments.py": 97,
    "cluster/test_workloads.py": 95,
    "cluster/test_workload_containers.py": 85,
    "guard/test_main.py": 72,
    "cluster/test_workload_interrupts.py": 65,
    "guard/test_reuse.py": 64,
    "cluster/test_workload_groups.py": 64,
    "cluster/test_verdict.py": 62,
    "cluster/test_components.py": 62,
    "cluster/test_probes.py": 60,
    "simulator/test_kubectl.py": 59,
    "simulator/conformance/test_search.py": 59,
    "cli/test_restore.py": 58,
    "cluster/test_combined.py": 55,
    "cli/test_simulate.py": 51,
    "cluster/test_promises.py": 49,
    "test_promises_crash.py": 47,
    "verdict/test_interleavings.py": 44,
    "test_promises_stateful.py": 43,
    "simulator/controllers/deployment/test_rollout.py": 42,
    "control/test_timings.py": 41,
    "cluster/test_interventions.py": 40,
    "simulator/test_kubectl_workloads.py": 37,
    "test_packaging.py": 35,
    "cluster/test_workload_healers.py": 35,
    "cli/test_status.py": 33,
    "guard/test_start.py": 31,
    "cluster/test_restore.py": 30,
    "test_workflows.py": 28,
    "cluster/test_groups.py": 27,
    "docs/test_site.py": 26,
    "report/test_browser.py": 25,
    "cluster/test_original_pullable.py": 24,
    "simulator/conformance/test_replay.py": 23,
    "cluster/test_crowd.py": 23,
    "docs/test_tutorial.py": 21,
    "cli/test_init.py": 20,
    "report/test_every_journal.py": 19,
    "cluster/test_actions.py": 18,
    "cli/test_sweep.py": 18,
    "deploy/test_manifests.py": 18,
    "kube/test_client.py": 18,
    "cli/test_preflight.py": 16,
    "cluster/test_agent.py": 16,
    "cli/test_watch.py": 16,
    "cluster/test_safeguards.py": 15,
    "deploy/test_sweeper.py": 14,
    "test_cost.py": 14,
    "cluster/test_refusals.py": 14,
    "kube/test_pool.py": 14,
    "simulator/controllers/deployment/test_controller.py": 13,
    "probes/test_back_off.py": 13,
    "cli/test_experiments.py": 12,
    "cli/test_output.py": 12,
    "docs/test_reference.py": 12,
    "probes/test_ended_early.py": 12,
    "test_progress.py": 11,
    "simulator/test_main.py": 11,
    "cluster/test_rollout_undo.py": 11,
    "kube/test_kubeconfig_fuzz.py": 10,
    "control/test_hooks.py": 10,
    "guard/test_watch.py": 10,
    "simulator/test_server_load.py": 7,
    "simulator/test_python_clients.py": 4,
    "simulator/conformance/test_main.py": 3,
}


def pytest_configure(config: pytest.Config) -> None:
    """Name the marker of the slowest tests."""
    config.addinivalue_line(
        "markers", "slow: in one of the modules that take longest, see SLOWEST in tests/conftest.py"
    )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the slowest tests, and spread their modules over the others.

    They wait more than they compute, and the others compute more than they wait: a mixture of both keeps the processors
    busy, so that each is begun when as much of the others is done as of its own kind. Those that take longest are begun
    first: what is begun late would keep one worker busy when the others have nothing left.
    """
    begun, together = 0, sum(SLOWEST.values())
    turns = dict[Path, float]()
    for name, seconds in SLOWEST.items():
        turns[TESTS / name] = begun / together
        begun += seconds
    slow = frozenset(turns)
    others = [item for item in items if item.path not in slow]
    for position, item in enumerate(others):
        turns.setdefault(item.path, position / len(others))
    for item in items:
        if item.path in slow:
            item.add_marker(pytest.mark.slow)
    items.sort(key=lambda item: turns[item.path])


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Collect without the garbage collector, and keep it off what was collected; later it runs less often.

    Each worker makes thousands of tests that live until it ends: to look through them again and again took half of the
    collection's time, and a second of each worker's end. Simulated clusters in this process are thousands of objects
    too: a sixth of the time of their tests.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()
        gc.set_threshold(50_000, 20)
        gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def state_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Keep the guards' logs out of the user's home."""
    folder = tmp_path_factory.mktemp("state")
    before = os.environ.get("XDG_STATE_HOME")
    os.environ["XDG_STATE_HOME"] = str(folder)
    yield folder
    if before is None:
        del os.environ["XDG_STATE_HOME"]
    else:
        os.environ["XDG_STATE_HOME"] = before


@pytest.fixture(autouse=True)
def forgetful() -> Iterator[None]:
    """What a run remembers of its faults does not outlive the test that stands for the run."""
    yield
    MEMORY.forget()
