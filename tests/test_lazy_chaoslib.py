"""What a process sees of chaoslib: all of it, but its `__init__` runs with the first use only."""

import subprocess
import sys

import pytest

BARE = "import sys, chaosimagecorrupt.errors; run = lambda: 'charset_normalizer' in sys.modules; assert not run(); "
AT_ONCE = """
from threading import Barrier, Thread
import chaoslib
barrier, found = Barrier(8), []
def use():
    barrier.wait()
    found.append(chaoslib.substitute("${x}", {"x": "1"}, {}))
threads = [Thread(target=use) for _ in range(8)]
[t.start() for t in threads], [t.join() for t in threads]
assert found == ["1"] * 8
"""


def run(code: str) -> None:
    """Run code in a fresh interpreter."""
    subprocess.run([sys.executable, "-c", code], check=True)


def test_our_errors_are_those_of_chaos_toolkit() -> None:
    run(f"{BARE}from chaoslib.exceptions import ActivityFailed as base; from chaosimagecorrupt.errors import Refused; "
        "assert issubclass(Refused, base) and not run()")  # fmt: skip


@pytest.mark.parametrize(
    "use",
    [
        "from chaoslib import substitute",
        "import chaoslib; assert chaoslib.__version__",
        "import chaoslib; chaoslib.experiment_hash({})",
        "from chaoslib import *; assert convert_vars",
        "from chaoslib.experiment import run_experiment",
        "import chaoslib.run",
        "import importlib, chaoslib; assert importlib.reload(chaoslib).substitute",
    ],
)
def test_whatever_is_used_of_chaoslib_is_there(use: str) -> None:
    run(f"{BARE}{use}; assert run()")


def test_what_chaoslib_does_not_have_is_missing() -> None:
    run(f"{BARE}import chaoslib; assert not hasattr(chaoslib, 'nonsense') and not hasattr(chaoslib, 'nonsense')")


def test_threads_that_use_it_first_at_the_same_time_all_find_it() -> None:
    run(BARE + AT_ONCE)


def test_where_chaoslib_is_imported_already_nothing_changes() -> None:
    run("import chaoslib as before, sys, chaosimagecorrupt; assert sys.modules['chaoslib'] is before")


def test_a_package_that_is_not_installed_stays_missing() -> None:
    run("import sys; from chaosimagecorrupt.lazy_chaoslib import import_lazily as i; i('no_such'); "
        "assert 'no_such' not in sys.modules")  # fmt: skip
