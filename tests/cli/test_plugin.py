"""`chaos` loads the subcommand at each start, and only warns when it does not load."""

import json
import re
import subprocess
import sys
from importlib.metadata import entry_points

from chaosimagecorrupt.cli import image_corrupt

from .conftest import CHAOS


def test_chaos_lists_the_subcommand(tmp_path):
    done = subprocess.run([CHAOS[0], "--help"], cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert re.search(r"^  image-corrupt  +Corrupt a Deployment's image on purpose", done.stdout, re.MULTILINE)
    assert done.stderr == ""
    assert not (tmp_path / "chaostoolkit.log").exists()


def test_a_subcommand_starts_without_a_warning_of_the_plugin(tmp_path):
    listed = [*CHAOS, "simulate", "--list", "--output", "json"]
    done = subprocess.run(listed, cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    assert "istio-system/istiod" in json.loads(done.stdout)
    assert "plugin" not in (tmp_path / "chaostoolkit.log").read_text()


def test_entry_point_loads_as_the_subcommand():
    (found,) = entry_points(group="chaostoolkit.cli_plugins", name="image-corrupt")
    assert found.load() is image_corrupt


def test_chaos_starts_without_loading_the_simulator_the_client_or_the_tables():
    slow = ("kubernetes", "aiohttp", "trustme", "rich")
    program = f"import sys, chaosimagecorrupt.cli; print([m for m in {slow} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
    assert done.stdout == "[]\n"
