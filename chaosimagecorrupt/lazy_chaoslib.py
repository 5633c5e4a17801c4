"""Leaves the rest of `chaoslib` out as long as a process needs only its `exceptions` and its `types`.

This package needs a class and two aliases of it, but `import chaoslib.exceptions` runs `chaoslib/__init__` first, which
guesses encodings and reads the metadata of packages: a tenth of the start of a process, and memory that would stay with
a guard as long as the fault lasts. In a run of Chaos Toolkit chaoslib is there already, and nothing happens.
"""

import sys
from importlib.util import find_spec, module_from_spec
from threading import RLock
from types import ModuleType

__all__ = ["import_lazily"]

_running = RLock()  # one for all: `__init__` may use what it has defined so far
_begun = set[str]()


class _Lazy(ModuleType):
    """A package that runs its `__init__` with the first use of what that defines.

    `importlib.util.LazyLoader` would run it with the first import of a submodule.
    """

    def __getattr__(self, name: str) -> object:
        with _running:  # another thread waits until all is defined
            spec = self.__spec__
            if self.__name__ not in _begun and spec is not None and spec.loader is not None:
                _begun.add(self.__name__)
                spec.loader.exec_module(self)
        found: object = ModuleType.__getattribute__(self, name)
        return found


def import_lazily(package: str) -> None:
    """Import a package without running its `__init__`, unless it is imported already or is not installed.

    Args:
        package: its name.
    """
    spec = None if package in sys.modules else find_spec(package)
    if spec is not None and spec.loader is not None:
        module = module_from_spec(spec)
        module.__class__ = _Lazy
        sys.modules[package] = module


import_lazily("chaoslib")
