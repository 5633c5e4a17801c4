"""`chaos report` of chaostoolkit-reporting understands our journals."""

import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from .conftest import ROOT

NEEDED = {"pandoc": shutil.which("pandoc"), "chaostoolkit-reporting": find_spec("chaosreport")}
MISSING = [name for name, there in NEEDED.items() if not there]


@pytest.mark.skipif(bool(MISSING), reason=f"not installed: {', '.join(MISSING)}")
def test_chaos_report_renders_our_journal(deploy: Any, chaos: Any) -> None:
    ns = deploy()
    target = {"IMAGE_CORRUPT_NAME": "web", "IMAGE_CORRUPT_NAMESPACE": ns}
    code, printed = chaos.finish(ROOT / "experiments" / "deployment-image-corrupt.yaml", **target)
    assert code == 0, printed
    page = chaos.folder / "report.html"
    command = [str(Path(sys.executable).with_name("chaos")), "--no-version-check", "report", "--export-format=html5"]
    subprocess.run([*command, chaos.journal_path, page], cwd=chaos.folder, check=True, timeout=120, capture_output=True)
    assert "new-pods-cannot-pull" in page.read_text()
