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
# Those that take longest, most first: runs of `chaos`, guards, workloads, kubectl. `make test-fast` leaves them out
SLOWEST = (
    "deploy/test_rights.py",
    "cluster/test_workloads.py",
    "cluster/test_experiments.py",
    "cluster/test_workload_containers.py",
    "guard/test_main.py",
    "cluster/test_workload_groups.py",
    "guard/test_reuse.py",
    "cluster/test_components.py",
    "cluster/test_workload_interrupts.py",
    "simulator/test_kubectl.py",
    "cli/test_restore.py",
    "cluster/test_probes.py",
    "cluster/test_verdict.py",
    "test_promises_crash.py",
    "cluster/test_promises.py",
    "cluster/test_combined.py",
    "test_promises_stateful.py",
    "cluster/test_workload_healers.py",
    "simulator/test_kubectl_workloads.py",
    "cluster/test_interventions.py",
    "cluster/test_restore.py",
    "guard/test_start.py",
    "cli/test_simulate.py",
    "cluster/test_agent.py",
    "cluster/test_groups.py",
    "control/test_timings.py",
    "cli/test_status.py",
    "report/test_browser.py",
    "cluster/test_original_pullable.py",
    "cluster/test_crowd.py",
    "cli/test_init.py",
    "test_workflows.py",
    "test_packaging.py",
    "test_progress.py",
    "verdict/test_interleavings.py",
    "docs/test_site.py",
    "docs/test_tutorial.py",
    "simulator/conformance/test_search.py",
    "simulator/controllers/deployment/test_rollout.py",
    "simulator/controllers/deployment/test_controller.py",
    "simulator/conformance/test_main.py",
    "simulator/test_main.py",
    "simulator/test_python_clients.py",
    "simulator/test_server_load.py",
)


def pytest_configure(config: pytest.Config) -> None:
    """Name the marker of the slowest tests."""
    config.addinivalue_line(
        "markers", "slow: in one of the modules that take longest, see SLOWEST in tests/conftest.py"
    )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the slowest tests, and spread their modules over the first third of the others.

    They wait more than they compute, and the others compute more than they wait: a mixture of both keeps the processors
    busy. What is begun late would keep one worker busy when the others have nothing left.
    """
    rank = {TESTS / name: position / len(SLOWEST) / 3 for position, name in enumerate(SLOWEST)}
    others = [item for item in items if item.path not in rank]
    turns = dict(rank)
    for position, item in enumerate(others):
        turns.setdefault(item.path, position / len(others))
    for item in items:
        if item.path in rank:
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
