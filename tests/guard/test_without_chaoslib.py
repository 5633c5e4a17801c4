"""The guard imports what it needs and no more: it is started for each fault, and stays for as long as the fault."""

import json
import subprocess
import sys

MODULES = """
import json, sys
import chaosimagecorrupt.guard.__main__
from chaoslib.exceptions import ActivityFailed
from chaosimagecorrupt.errors import Refused
assert issubclass(Refused, ActivityFailed)
print(json.dumps([*sys.modules]))
"""
# Packages that are not needed, each of which would take a tenth of a second or more
HEAVY = {"kubernetes", "requests", "charset_normalizer", "rich", "click", "jinja2", "psutil", "asyncio"}
# Measured: 335 with Python 3.11, 84 of them are of this package; another package would be some 30
MOST = 350


def test_the_guard_imports_nothing_heavy_and_its_errors_are_those_of_chaos_toolkit() -> None:
    ran = subprocess.run([sys.executable, "-c", MODULES], stdout=subprocess.PIPE, check=True)
    imported = json.loads(ran.stdout)
    assert {name.partition(".")[0] for name in imported} & HEAVY == set()
    assert len(imported) < MOST


def test_where_chaoslib_is_imported_already_nothing_changes() -> None:
    code = "import chaoslib; before = chaoslib; import chaosimagecorrupt.guard.without_chaoslib, sys; "
    subprocess.run([sys.executable, "-c", f"{code}assert sys.modules['chaoslib'] is before"], check=True)
