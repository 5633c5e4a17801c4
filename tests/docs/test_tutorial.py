"""The tutorial, from its first command to its last: each of them prints what the page shows."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from ..quick_cluster import quick_cluster
from ..shown_output import not_printed, steps

PAGE = Path(__file__).parent.parent.parent / "docs" / "tutorial.md"
BLOCKS = [(t.info, t.content) for t in MarkdownIt().parse(PAGE.read_text()) if t.type == "fence"]


def part_of_the_experiment() -> str:
    return next(content for language, content in BLOCKS if language == "yaml" and "corrupt_image" in content)


@pytest.mark.skipif(shutil.which("kubectl") is None, reason="kubectl is not on the PATH")
def test_each_command_of_the_tutorial_prints_what_the_page_shows(tmp_path: Path) -> None:
    bin_folder = Path(sys.executable).parent
    environment = {**os.environ, "PATH": f"{bin_folder}:{os.environ['PATH']}", "XDG_STATE_HOME": str(tmp_path)}
    manifests = next(content for language, content in BLOCKS if language == "yaml")
    with quick_cluster(manifests) as kubeconfig:
        for command, shown in steps(PAGE)[1:]:  # the first one starts the cluster
            done = subprocess.run(
                ["bash", "-c", f"{command} 2>&1"],
                cwd=tmp_path,
                env={**environment, "KUBECONFIG": str(kubeconfig), "KUBECACHEDIR": str(tmp_path)},
                capture_output=True,
                text=True,
                timeout=120,
            )
            assert done.returncode == 0, done.stdout
            assert not_printed(shown, done.stdout) == [], (command, done.stdout)
            if "init" in command:
                assert part_of_the_experiment() in (tmp_path / "web-image-corrupt.yaml").read_text()
            if command.startswith("chaos run"):
                violated = [line for line in done.stdout.splitlines() if "violated" in line]
                assert len(violated) == sum("violated" in line for line in shown), done.stdout
