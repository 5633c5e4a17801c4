"""What all tests share."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from chaosimagecorrupt.record.memory import MEMORY

pytest_plugins = ["tests.fixtures_http"]

# a slow machine is no failure of what is tested
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")


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
