"""Puts a plain logger in the place of `logzero`, which needs `pickle`, `curses` and more, in the guard's process only.

That is a fortieth of the memory that the guard would hold as long as the fault lasts. Chaos Toolkit does the same in a
run (chaoslib.log: override_logzero_module). `__main__` imports this before what imports logzero.
"""

import logging
import sys
from types import ModuleType

__all__: list[str] = []

if "logzero" not in sys.modules:
    _replacement = ModuleType("logzero")
    vars(_replacement)["logger"] = logging.getLogger("chaosimagecorrupt")
    sys.modules["logzero"] = _replacement
