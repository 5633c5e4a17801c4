"""Every module has its tests in a file of its name, so that they are found."""

from pathlib import Path

import chaosimagecorrupt

PACKAGE, TESTS = Path(chaosimagecorrupt.__file__).parent, Path(__file__).parent

TYPES = "types alone, which mypy checks wherever they are used"
VALUES = "values and errors that only keep what they are given"
WITHOUT_TESTS = {
    "cli/json_types.py": TYPES,
    "kube/timing.py": VALUES,
    "kube/types.py": TYPES,
    "report/json_types.py": TYPES,
    "simulator/controllers/errors.py": VALUES,
    "simulator/controllers/kubelet/node.py": VALUES,
    "simulator/types.py": TYPES,
    "timeline/journal.py": TYPES,
    "timeline/sink.py": TYPES,
    "verdict/facts_types.py": TYPES,
    "verdict/journal.py": TYPES,
}


def without_tests() -> list[str]:
    """The modules that have no test file; what an `__init__` exports is tested where it is defined."""
    modules = [path.relative_to(PACKAGE) for path in PACKAGE.rglob("*.py") if path.name != "__init__.py"]
    files = {m.as_posix(): TESTS / m.parent / f"test_{m.stem.strip('_')}.py" for m in modules}
    return sorted(name for name, file in files.items() if not file.exists())


def test_every_module_has_a_test_file_of_its_name() -> None:
    assert without_tests() == sorted(WITHOUT_TESTS)
