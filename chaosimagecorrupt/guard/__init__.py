"""The guard: a detached process that undoes faults when nobody else does.

Here belongs what starts it (`start`), what it reads (`orders`), what it decides (`decide`) and what it does (`watch`).
Not here: how an image is put back (`restore`); the guard only calls it.
"""

from .orders import Orders, Task
from .start import Guard, start_guard

__all__ = ["Guard", "Orders", "Task", "start_guard"]
