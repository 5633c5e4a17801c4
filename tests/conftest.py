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
# What takes longest: runs of `chaos`, guards, workloads, kubectl. `make test-fast` leaves it out.
# Seconds of a module's tests, as `pytest -n 8 --durations=0` prints them; mostly they wait
WAITING = {
    "deploy/test_rights.py": 123,
    "cluster/test_experiments.py": 107,
    "cluster/test_workloads.py": 88,
    "cluster/test_workload_containers.py": 80,
    "cluster/test_combined.py": 72,
    "guard/test_main.py": 71,
    "cluster/test_workload_groups.py": 65,
    "cli/test_restore.py": 62,
    "guard/test_reuse.py": 61,
    "cluster/test_workload_interrupts.py": 59,
    "cluster/test_probes.py": 58,
    "cluster/test_workload_healers.py": 33,
    "guard/test_start.py": 28,
    "cluster/test_restore.py": 28,
    "cluster/test_groups.py": 26,
    "kube/test_client.py": 25,
    "cluster/test_original_pullable.py": 24,
    "cluster/test_actions.py": 23,
    "cli/test_sweep.py": 20,
    "probes/test_back_off.py": 14,
    "test_progress.py": 11,
    "control/test_hooks.py": 11,
    "cluster/test_rollout_undo.py": 11,
}
# Seconds of the processor, those of child processes included
COMPUTING = {
    "cluster/test_promises.py": 29,
    "test_promises_crash.py": 23,
    "test_promises_stateful.py": 20,
    "cli/test_simulate.py": 19,
    "simulator/conformance/test_search.py": 16,
    "control/test_timings.py": 16,
    "cluster/test_interventions.py": 16,
    "cluster/test_components.py": 15,
    "simulator/test_kubectl.py": 14,
    "cluster/test_verdict.py": 13,
    "deploy/test_manifests.py": 13,
    "verdict/test_interleavings.py": 12,
    "simulator/controllers/deployment/test_rollout.py": 12,
    "cli/test_init.py": 11,
    "kube/test_pool.py": 11,
    "cluster/test_agent.py": 10,
    "test_packaging.py": 9,
    "simulator/test_kubectl_workloads.py": 9,
    "cli/test_output.py": 7,
    "report/test_every_journal.py": 7,
    "docs/test_site.py": 6,
    "report/test_browser.py": 6,
    "simulator/test_python_clients.py": 6,
    "cli/test_status.py": 6,
    "cli/test_preflight.py": 6,
    "test_workflows.py": 6,
    "cluster/test_crowd.py": 6,
    "deploy/test_sweeper.py": 5,
    "docs/test_tutorial.py": 5,
    "simulator/conformance/test_replay.py": 5,
    "cli/test_watch.py": 4,
    "simulator/controllers/deployment/test_controller.py": 3,
    "test_cost.py": 3,
    "kube/test_kubeconfig_fuzz.py": 3,
    "cli/test_experiments.py": 3,
    "cluster/test_safeguards.py": 3,
    "probes/test_ended_early.py": 3,
    "simulator/test_main.py": 3,
    "cluster/test_refusals.py": 2,
    "docs/test_reference.py": 2,
    "guard/test_watch.py": 2,
    "simulator/test_server_load.py": 1,
    "simulator/conformance/test_main.py": 1,
}
SLOWEST = (*WAITING, *COMPUTING)


def pytest_configure(config: pytest.Config) -> None:
    """Name the marker of the slowest tests."""
    config.addinivalue_line(
        "markers", "slow: in one of the modules that take longest, see SLOWEST in tests/conftest.py"
    )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the slowest tests, and mix those that wait, those that compute, and all the others.

    Together they keep the processors busy from the beginning to the end. Of each kind, those that take longest begin
    first: what begins late would keep one worker busy when the others have nothing left.
    """
    turns = dict[Path, float]()
    for kind in (WAITING, COMPUTING):
        begun, together = 0, sum(kind.values())
        for name, seconds in kind.items():
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
