"""The guard: a detached process that undoes one injection when nobody else does.

`start` is the side of the process that injects, `__main__` the guard itself, `watch` what it does there; `task` is what
is handed over and `duty` the pure decision what to do next.
"""

from .start import Guard, start_guard
from .task import Orders, Task

__all__ = ["Guard", "Orders", "Task", "start_guard"]
