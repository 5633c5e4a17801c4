"""Imports of `chaoslib.exceptions` leave the rest of chaoslib out, in the guard's process only.

chaoslib itself takes as long to import as all that the guard needs, and its memory would stay with the guard as long as
the fault lasts. The guard needs one class of it, from which errors derive. `__main__` imports this module first.
"""

import importlib.util
import sys
from types import ModuleType

__all__: list[str] = []

_found = importlib.util.find_spec("chaoslib") if "chaoslib" not in sys.modules else None
if _found is not None and _found.submodule_search_locations:
    _package = ModuleType("chaoslib")
    _package.__path__ = _found.submodule_search_locations
    sys.modules["chaoslib"] = _package
