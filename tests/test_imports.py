"""What is imported, and above all what is not: Chaos Toolkit imports an extension at each start."""

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from chaosimagecorrupt import probes
from chaosimagecorrupt.kube.configuration import kubeconfig_of
from chaosimagecorrupt.kube.settings import Settings

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
PROBE = """
import json, sys
from chaosimagecorrupt.probes import deployment_available
print(json.dumps([*sys.modules]))
"""
# what the guard's `__main__` does with its orders
WITHOUT_FILE = """
import json, sys
from chaosimagecorrupt.kube.client import Cluster
from chaosimagecorrupt.kube.requests import get_request
from chaosimagecorrupt.kube.resources import DEPLOYMENTS
from chaosimagecorrupt.kube.settings import Settings
name, ns, kubeconfig = sys.argv[1:]
cluster = Cluster.of(Settings(kubeconfig="/missing"), kubeconfig=json.loads(kubeconfig))
assert cluster.send(get_request(DEPLOYMENTS, ns, name))["metadata"]["name"] == name
print(json.dumps([m for m in sys.modules if m.partition(".")[0] == "yaml"]))
"""
GUARD = """
import json, sys
import chaosimagecorrupt.guard.__main__
print(json.dumps([*sys.modules]))
"""
# Packages that are not needed, each of which would take a twentieth of a second or more
HEAVY = {"kubernetes", "requests", "charset_normalizer", "rich", "click", "jinja2", "psutil", "asyncio"}


def said(code: str, *arguments: str, **environment: str) -> object:
    """What a fresh interpreter prints."""
    command = [sys.executable, "-c", code, *arguments]
    return json.loads(subprocess.run(command, env=os.environ | environment, stdout=subprocess.PIPE, check=True).stdout)


def test_nothing_of_kubernetes_is_imported_for_a_kubeconfig(shop: Shop, simulator: FaultySimulator) -> None:
    loaded = said(USED, shop.name, NS, KUBECONFIG=str(simulator.kubeconfig))
    assert loaded == []


def test_the_command_line_plugin_imports_nothing_that_chaos_does_not() -> None:
    assert said(PLUGIN) == ["chaosimagecorrupt"]


# Measured with Python 3.11, in brackets this package's own: 277 (59), 295 (84). Another package would be some 30
@pytest.mark.parametrize(("code", "most"), [(PROBE, 287), (GUARD, 305)], ids=["a probe", "the guard"])
def test_a_process_imports_what_it_needs(code: str, most: int) -> None:
    imported = said(code)
    assert isinstance(imported, list)
    assert {name.partition(".")[0] for name in imported} & HEAVY == set()
    assert len(imported) < most


def test_a_guard_that_gets_a_kubeconfig_needs_no_yaml(shop: Shop, simulator: FaultySimulator) -> None:
    kubeconfig = json.dumps(kubeconfig_of(Settings(kubeconfig=str(simulator.kubeconfig))))
    assert said(WITHOUT_FILE, shop.name, NS, kubeconfig) == []


def test_a_probe_of_the_present_imports_nothing_that_judges_the_past() -> None:
    imported = said(PROBE)
    assert isinstance(imported, list)
    packages = {name.split(".")[1] for name in imported if name.startswith("chaosimagecorrupt.")}
    assert packages & {"timeline", "verdict", "fault", "restore", "guard", "control"} == set()


def test_the_probes_that_a_type_checker_sees_are_those_that_are_there() -> None:
    checked = next(n for n in ast.parse(Path(probes.__file__).read_text()).body if isinstance(n, ast.If))
    imports = [n for n in checked.body if isinstance(n, ast.ImportFrom)]
    seen = {alias.name: f"{probes.__name__}.{n.module}" for n in imports for alias in n.names}
    assert seen == {name: getattr(probes, name).__module__ for name in probes.__all__}
    assert {*probes.__all__} <= {*dir(probes)} and not hasattr(probes, "no_such_probe")
