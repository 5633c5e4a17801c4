"""The tutorial, from its first command to its last: each of them prints what the page shows."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from ..quick_cluster import quick_cluster

PAGE = Path(__file__).parent.parent.parent / "docs" / "tutorial.md"
BLOCKS = [(t.info, t.content) for t in MarkdownIt().parse(PAGE.read_text()) if t.type == "fence"]


def steps() -> list[tuple[str, list[str]]]:
    """The commands after the one that starts the cluster, each with the lines that the page shows of its output."""
    typed = "".join(content for language, content in BLOCKS if language == "console").split("$ ")
    found = [step.splitlines() for step in typed if step]
    return [(command, [line for line in shown if line != "..."]) for command, *shown in found[1:]]


def part_of_the_experiment() -> str:
    return next(content for language, content in BLOCKS if language == "yaml" and "corrupt_image" in content)


def comparable(line: str) -> str:
    """A line without what differs from run to run: colors, numbers, and how long a probe waited.

    On a busy machine, a pull may have failed before the probe begins, which then waits for nothing;
    or what it finds is the pause before the next pull.
    """
    without_numbers = re.sub(r"\d+(\.\d+)?(?:[smh]\b)?", "N", re.sub(r"\x1b\[\d*m", "", line)).rstrip()
    return without_numbers.removesuffix(", N s of N s").replace("ImagePullBackOff", "ErrImagePull")


@pytest.mark.skipif(shutil.which("kubectl") is None, reason="kubectl is not on the PATH")
def test_each_command_of_the_tutorial_prints_what_the_page_shows(tmp_path: Path) -> None:
    bin_folder = Path(sys.executable).parent
    environment = {**os.environ, "PATH": f"{bin_folder}:{os.environ['PATH']}", "XDG_STATE_HOME": str(tmp_path)}
    manifests = next(content for language, content in BLOCKS if language == "yaml")
    with quick_cluster(manifests) as kubeconfig:
        for command, shown in steps():
            done = subprocess.run(
                ["bash", "-c", f"{command} 2>&1"],
                cwd=tmp_path,
                env={**environment, "KUBECONFIG": str(kubeconfig), "KUBECACHEDIR": str(tmp_path)},
                capture_output=True,
                text=True,
                timeout=120,
            )
            assert done.returncode == 0, done.stdout
            printed = {comparable(line) for line in done.stdout.splitlines()}
            assert [line for line in shown if comparable(line) not in printed] == [], (command, done.stdout)
            if "init" in command:
                assert part_of_the_experiment() in (tmp_path / "web-image-corrupt.yaml").read_text()
            if command.startswith("chaos run"):
                violated = [line for line in done.stdout.splitlines() if "violated" in line]
                assert len(violated) == sum("violated" in line for line in shown), done.stdout
