"""Every module has its tests in a file of its name, so that they are found; and a type's name means one thing."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import chaosimagecorrupt

from .conftest import SLOWEST

PACKAGE, TESTS = Path(chaosimagecorrupt.__file__).parent, Path(__file__).parent

TYPES = "types alone, which mypy checks wherever they are used"
VALUES = "values and errors that only keep what they are given"
WITHOUT_TESTS = {
    "cli/json_types.py": TYPES,
    "kube/timing.py": VALUES,
    "kube/types.py": TYPES,
    "preflight/features.py": VALUES,
    "report/json_types.py": TYPES,
    "simulator/controllers/errors.py": VALUES,
    "simulator/controllers/kubelet/node.py": VALUES,
    "simulator/types.py": TYPES,
    "timeline/journal.py": TYPES,
    "timeline/sink.py": TYPES,
    "timeline/states.py": TYPES,
    "verdict/facts_types.py": TYPES,
    "verdict/journal.py": TYPES,
    "verdict/pull_check.py": VALUES,
    "workload/kind.py": TYPES,
}


# a cluster of its own, which knows nothing of the rest: there a Pod or a Request is another thing
OF_ITS_OWN = "simulator"


def without_tests() -> list[str]:
    """The modules that have no test file; what an `__init__` exports is tested where it is defined."""
    modules = [path.relative_to(PACKAGE) for path in PACKAGE.rglob("*.py") if path.name != "__init__.py"]
    files = {m.as_posix(): TESTS / m.parent / f"test_{m.stem.strip('_')}.py" for m in modules}
    return sorted(name for name, file in files.items() if not file.exists())


def test_every_module_has_a_test_file_of_its_name() -> None:
    assert without_tests() == sorted(WITHOUT_TESTS)


def type_names(module: ast.Module) -> Iterator[str]:
    """The classes that a module defines, and its public aliases of types: names with a capital and small letters."""
    for node in module.body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        names = [target.id for target in targets if isinstance(target, ast.Name)]
        yield from (n for n in names if n[0].isupper() and not n.isupper())
    yield from (node.name for node in ast.walk(module) if isinstance(node, ast.ClassDef))


def test_the_name_of_a_type_means_one_thing_in_the_whole_package() -> None:
    modules = defaultdict(list)
    for path in sorted(PACKAGE.rglob("*.py")):
        if OF_ITS_OWN not in path.relative_to(PACKAGE).parts:
            for name in type_names(ast.parse(path.read_text())):
                modules[name].append(path.relative_to(PACKAGE).as_posix())
    assert modules["Evidence"] == ["verdict/model.py"]
    assert {name: found for name, found in modules.items() if len(found) > 1} == {}


def test_the_slowest_modules_are_there() -> None:
    assert [name for name in SLOWEST if not (TESTS / name).is_file()] == []
