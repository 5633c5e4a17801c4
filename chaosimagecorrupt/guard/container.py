"""Whether a guard ends with the container that it is started in."""

import os
from collections.abc import Sequence
from pathlib import Path

from ..errors import one_line

__all__ = ["ends_with", "warning"]

# Init processes that stay when the process that they started ends; tini, dumb-init, catatonit and docker-init do not
_INITS = frozenset({"dinit", "finit", "init", "openrc-init", "procd", "runit", "s6-svscan", "shepherd", "systemd"})
_FIRST_NAMESPACE = "pid:[4026531836]"  # include/linux/proc_ns.h: PROC_PID_INIT_INO


def warning(proc: Path = Path("/proc")) -> str | None:
    """Return the warning that a guard started here ends with this container; None when nothing indicates that it does.

    When the first process of a container ends, the kernel kills all others in it (pid_namespaces(7)).

    Args:
        proc: where Linux describes processes; without it, the answer is None.
    """
    try:
        first = ends_with(str((proc / "self/ns/pid").readlink()), _ancestors(proc))
    except OSError:
        return None
    return first and (
        f"the guard ends with this container, at the latest when its first process, '{one_line(first)}', does, and the "
        "fault then stays: install the sweeper (chaos image-corrupt manifests)"
    )


def ends_with(namespace: str, ancestors: Sequence[tuple[int, str]]) -> str | None:
    """Return the name of the process whose end is the container's end; None outside of containers, or under an init.

    Args:
        namespace: the process's pid namespace, as the link /proc/self/ns/pid names it.
        ancestors: pid and name of the process, its parent and so on, as far as they are in that namespace.
    """
    pid, name = ancestors[-1]
    # WSL calls it init(Ubuntu)
    return name if pid == 1 and namespace != _FIRST_NAMESPACE and name.partition("(")[0] not in _INITS else None


def _ancestors(proc: Path) -> list[tuple[int, str]]:
    found, pid = list[tuple[int, str]](), os.getpid()
    while pid:  # 0: the parent is outside of the namespace, as for a process that `kubectl exec` starts
        name, _, fields = (proc / str(pid) / "stat").read_text(errors="replace").rpartition(")")
        found.append((pid, name.partition("(")[2]))
        pid = int(fields.split()[1])
    return found
