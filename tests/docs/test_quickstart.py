"""The quickstart's commands that end within seconds print what the page shows.

For what its experiments print, see tests/cluster/test_components.py, which runs them anyway.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from ..shown_output import not_printed, steps

PAGE = Path(__file__).parent.parent.parent / "docs" / "quickstart.md"


@pytest.mark.skipif(shutil.which("kubectl") is None, reason="kubectl is not on the PATH")
def test_each_quick_command_prints_what_the_page_shows(tmp_path: Path) -> None:
    bin_folder = Path(sys.executable).parent
    environment = {**os.environ, "PATH": f"{bin_folder}:{os.environ['PATH']}", "KUBECACHEDIR": str(tmp_path)}
    quick = [step for step in steps(PAGE) if "chaos run" not in step[0] and "report" not in step[0]]
    assert len(quick) >= 3
    for command, shown in quick:
        done = subprocess.run(
            ["bash", "-c", f"{command} 2>&1"],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == 0, done.stdout
        assert not_printed(shown, done.stdout) == [], (command, done.stdout)
