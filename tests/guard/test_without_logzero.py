"""The guard logs without logzero, whatever its modules import."""

import subprocess
import sys

IMPORTED = "import sys, chaosimagecorrupt.guard.__main__; "


def run(code: str) -> None:
    """Run code in a fresh interpreter."""
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_guard_holds_nothing_of_what_logzero_imports() -> None:
    run(f"{IMPORTED}assert not {{'pickle', 'curses', 'logging.handlers', 'logzero.colors'}} & {{*sys.modules}}")


def test_where_logzero_is_imported_already_nothing_changes() -> None:
    run(f"import logzero as before; {IMPORTED}assert sys.modules['logzero'] is before")
