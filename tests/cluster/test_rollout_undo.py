"""`kubectl rollout undo` during a fault: what status says of it, and what a restore still has to do."""

import json
import os
import shutil
import subprocess
from typing import Any

import pytest
from click.testing import CliRunner

from chaosimagecorrupt.actions import corrupt_image
from chaosimagecorrupt.cli import image_corrupt
from chaosimagecorrupt.probes import image_pull_failing, workload_recovered
from chaosimagecorrupt.record.memory import MEMORY

from .workload import SETS, CreateWorkload

pytestmark = pytest.mark.skipif(shutil.which("kubectl") is None, reason="kubectl is not on the PATH")


def status(ns: str) -> tuple[list[str], Any]:
    """What status prints below the titles, and its only row as JSON."""
    shown = [CliRunner().invoke(image_corrupt, ["status", "-n", ns, "-o", form]) for form in ("text", "json")]
    (row,) = json.loads(shown[1].stdout)
    return shown[0].stdout.splitlines()[1:], row


@pytest.mark.parametrize("kind", ["Deployment", *SETS])
def test_a_fault_that_was_rolled_back_is_said_to_be_undone_until_a_restore_has_cleaned_up(
    kind: str, place: Any, create: CreateWorkload, tmp_path: Any
) -> None:
    if kind == "Deployment":
        place.deploy()
    else:
        create(kind)
    corrupt_image("web", place.ns, kind=kind, guard=False)
    assert image_pull_failing("web", place.ns, timeout=60, kind=kind)
    assert status(place.ns)[1]["in_place"] is True
    environment = {**os.environ, "HOME": str(tmp_path)}
    subprocess.run(["kubectl", "-n", place.ns, "rollout", "undo", f"{kind.lower()}/web"], env=environment, check=True)
    MEMORY.forget()

    (line, count, *hint), row = status(place.ns)
    assert row["in_place"] is False and line.endswith("   undone")
    assert count == "1 fault in 1 namespace: 1 undone"
    name = "web" if kind == "Deployment" else f"{kind.lower()}/web"
    assert hint == [f"Undone, but not cleaned up, which a restore does: {place.ns}/{name}"]
    done = CliRunner().invoke(image_corrupt, ["restore", name, "-n", place.ns, "-o", "json"])
    outcome = "nothing-to-restore" if kind == "Deployment" else "healed"  # of others, undo keeps the annotations
    assert (json.loads(done.stdout)[0]["outcome"], json.loads(done.stdout)[0]["warnings"]) == (outcome, [])
    assert workload_recovered("web", place.ns, 90, kind=kind)
    assert CliRunner().invoke(image_corrupt, ["status", "-n", place.ns]).stdout == ""
