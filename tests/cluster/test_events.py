"""What everyone sees of a fault and its restore, with `kubectl describe`."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from chaosimagecorrupt.actions import corrupt_image
from chaosimagecorrupt.rollbacks import restore_image

from ..fixtures_http import soon
from .conftest import IMAGE

pytestmark = pytest.mark.skipif(shutil.which("kubectl") is None, reason="kubectl is not on the PATH")
CORRUPT = "registry.invalid/nonexistent:chaos"


@pytest.fixture
def described(
    deploy: Callable[..., str], kubeconfig: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[], str]:
    """Make the Deployment `web`; return what shows the Events that `kubectl describe` prints of it."""
    namespace = deploy()
    monkeypatch.setenv("NAMESPACE", namespace)
    monkeypatch.setenv("KUBECACHEDIR", str(tmp_path / "kubectl"))

    def describe() -> str:
        command = ["kubectl", "--kubeconfig", str(kubeconfig), "-n", namespace, "describe", "deployment", "web"]
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
        return done.stdout.partition("Events:")[2]

    return describe


def test_describe_shows_who_what_until_when_and_how_to_undo_it(described: Callable[[], str]) -> None:
    namespace = os.environ["NAMESPACE"]
    done = corrupt_image("web", namespace, guard=False)
    [line] = [line for line in described().splitlines() if "ImageCorrupted" in line]
    assert line.split()[0] == "Warning" and "chaosimagecorrupt" in line
    for part in ("@", "container app", IMAGE, CORRUPT, done["expires"]):
        assert part in line
    assert line.endswith(f"chaos image-corrupt restore web -n {namespace}")


def test_describe_shows_the_restore_after_the_fault(described: Callable[[], str]) -> None:
    corrupt_image("web", os.environ["NAMESPACE"], guard=False)
    restore_image("web", os.environ["NAMESPACE"])
    shown = described()
    assert shown.index("ImageCorrupted") < shown.index("ImageRestored")


def test_describe_shows_that_the_guard_has_restored(described: Callable[[], str]) -> None:
    corrupt_image("web", os.environ["NAMESPACE"], ttl="1s")
    assert soon(lambda: "GuardRestored" in described(), 30)
    assert "its guard undoes it" in described() and "put back by the guard of" in described()
    assert "ImageRestored" not in described()
