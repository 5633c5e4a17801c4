"""`make matrix`: the tests with the oldest and the newest of each dependency and Python that are on this machine.

Each combination gets a virtual environment in .matrix, which the next run uses again. What was run is printed as a
table, and with --page replaces the one in that page.
"""

import argparse
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent
BEGIN, END = "<!-- matrix -->", "<!-- end of the matrix -->"
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
# where pyenv and uv keep interpreters that are not on the PATH
FOLDERS = (".pyenv/versions/{}.*/bin/python3", ".local/share/uv/python/cpython-{}.*/bin/python3")
KUBERNETES_OLDEST = "29.*"
# the oldest of each that is supported: chaostoolkit 1.21 needs Python 3.12
CHAOSTOOLKIT_OLDEST = {"3.11": ("1.19.*", "1.44.*")}
CHAOSTOOLKIT_OLDEST_ELSE = ("1.21.*", "1.45.*")
SHOWN = ("chaostoolkit", "chaostoolkit-lib", "kubernetes")


class Combination(NamedTuple):
    """A Python, and the pins of what is installed with it; without pins the newest is."""

    python: str
    interpreter: str
    pins: tuple[str, ...]

    @property
    def folder(self) -> Path:
        """The virtual environment."""
        return ROOT / ".matrix" / f"{self.python}-{'oldest' if self.pins else 'newest'}"


def interpreter_of(python: str) -> str | None:
    """Return the first interpreter of this version that runs and can make virtual environments, None without one."""
    runs = f"import sys, venv, ensurepip; sys.exit('%d.%d' % sys.version_info[:2] != {python!r})"
    found = (str(path) for pattern in FOLDERS for path in sorted(Path.home().glob(pattern.format(python))))
    for candidate in (f"python{python}", *found):
        try:
            if subprocess.run([candidate, "-c", runs], capture_output=True, timeout=60).returncode == 0:
                return candidate
        except OSError:
            pass
    return None


def interpreters() -> dict[str, str]:
    """Return the interpreter of each version that the machine has."""
    return {python: path for python in PYTHONS if (path := interpreter_of(python)) is not None}


def combinations(found: dict[str, str]) -> Iterator[Combination]:
    """Yield the oldest and the newest Python, each with the oldest and the newest of the dependencies."""
    for python in dict.fromkeys((min(found, key=PYTHONS.index), max(found, key=PYTHONS.index))):
        chaostoolkit, lib = CHAOSTOOLKIT_OLDEST.get(python, CHAOSTOOLKIT_OLDEST_ELSE)
        pins = (f"chaostoolkit=={chaostoolkit}", f"chaostoolkit-lib=={lib}", f"kubernetes=={KUBERNETES_OLDEST}")
        yield Combination(python, found[python], pins)
        yield Combination(python, found[python], ())


def run(combination: Combination, workers: str, tests: Iterable[str]) -> tuple[list[str], bool]:
    """Install a combination and run the tests with it; return the row of the table, and whether the tests passed."""
    python = str(combination.folder / "bin" / "python")
    if not Path(python).exists():
        subprocess.run([combination.interpreter, "-m", "venv", str(combination.folder)], check=True)
    # eager: the newest, also of what an earlier run has installed
    pip = (python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--upgrade")
    installed = subprocess.run(
        [*pip, "--upgrade-strategy", "eager", "--editable", ".[test]", *combination.pins], cwd=ROOT
    )
    if installed.returncode != 0:
        return not_installed(combination), False
    asked = f"import sys; from importlib.metadata import version; print(*map(version, {SHOWN}), sys.version.split()[0])"
    versions = subprocess.run(
        [python, "-c", asked], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.split()
    command = [python, "-m", "pytest", "-q", "-n", workers, *tests]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    print(done.stdout, flush=True)
    last = done.stdout.strip().splitlines()[-1] if done.stdout.strip() else f"exit code {done.returncode}"
    return [versions[-1], *versions[:-1], re.sub(r" in .*", "", last).strip("= ")], done.returncode == 0


def not_installed(combination: Combination) -> list[str]:
    """Return the row of a combination that pip, whose message is on the terminal, could not install."""
    versions = [pin.partition("==")[2] for pin in combination.pins] or ["newest"] * len(SHOWN)
    return [combination.python, *versions, "not found: pip could not install these"]


def main() -> int:
    """Run the matrix."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--page", type=Path, help="Put the table into this page.")
    parser.add_argument("--workers", default="auto", help="Processes that pytest-xdist starts.")
    parser.add_argument("tests", nargs="*", help="Paths of tests; default: all.")
    arguments = parser.parse_args()
    found = interpreters() or parser.error(f"Python {PYTHONS[0]} to {PYTHONS[-1]} with venv is needed; none was found")
    results = [run(combination, arguments.workers, arguments.tests) for combination in combinations(found)]
    table = table_of(
        [row for row, _ in results], [python for python in PYTHONS if python not in found], arguments.tests
    )
    print(table)
    if arguments.page is not None:
        before, _, rest = arguments.page.read_text().partition(BEGIN)
        arguments.page.write_text(f"{before}{BEGIN}\n\n{table}\n\n{END}{rest.partition(END)[2]}")
    return 0 if all(passed for _, passed in results) else 1


def table_of(results: list[list[str]], not_found: list[str], tests: list[str]) -> str:
    """Return the table in Markdown, with a line on what was run and what was not found."""
    what = f"`pytest {' '.join(tests)}`" if tests else "All tests"
    missing = f" Not found on that machine: Python {', '.join(not_found)}." if not_found else ""
    rows = [f"| {' | '.join(row)} |" for row in results]
    head = [f"| Python | {' | '.join(SHOWN)} | tests |", "| --- " * (len(SHOWN) + 2) + "|"]
    return "\n".join(
        [f"{what}, by `make matrix`, version {version('chaostoolkit-image-corrupt')}.{missing}", "", *head, *rows]
    )


if __name__ == "__main__":
    sys.exit(main())
