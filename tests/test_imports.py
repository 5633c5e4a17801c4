"""What is imported, and above all what is not: Chaos Toolkit imports an extension at each start."""

import json
import os
import subprocess
import sys

from .faulty_simulator import FaultySimulator
from .fixtures_http import NS, Shop

USED = """
import json, sys
from chaosimagecorrupt import control
from chaosimagecorrupt.actions import corrupt_image
from chaosimagecorrupt.probes import deployment_available, pods_ready
name, ns = sys.argv[1:]
corrupt_image(name, ns, dry_run=True)
assert deployment_available(name, ns) and pods_ready(name, ns)
print(json.dumps(sorted({m for m in sys.modules if m.partition(".")[0] == "kubernetes"})))
"""
PLUGIN = """
import json, sys
import chaoslib.discovery, click, logzero
before = {m.partition(".")[0] for m in sys.modules}
from chaosimagecorrupt.cli import image_corrupt
print(json.dumps(sorted({m.partition(".")[0] for m in sys.modules} - before - sys.stdlib_module_names)))
"""


def said(code: str, *arguments: str, **environment: str) -> object:
    """What a fresh interpreter prints."""
    command = [sys.executable, "-c", code, *arguments]
    return json.loads(subprocess.run(command, env=os.environ | environment, stdout=subprocess.PIPE, check=True).stdout)


def test_nothing_of_kubernetes_is_imported_for_a_kubeconfig(shop: Shop, simulator: FaultySimulator) -> None:
    loaded = said(USED, shop.name, NS, KUBECONFIG=str(simulator.kubeconfig))
    assert loaded == []


def test_the_command_line_plugin_imports_nothing_that_chaos_does_not() -> None:
    assert said(PLUGIN) == ["chaosimagecorrupt"]
