"""Finds the guards of a cluster on this machine, and ends them. Needs psutil, which the extra `simulator` installs."""

from contextlib import suppress

import psutil

__all__ = ["end_guards", "guards_of"]

_ENDS_WITHIN = 6.0  # seconds after a signal; promised: 5


def guards_of(address: str) -> list[psutil.Process]:
    """Return the guards of this user that were started for a cluster.

    Args:
        address: the API server's address, which is an argument of their processes.
    """
    found = []
    for process in psutil.process_iter(["cmdline"]):
        arguments = process.info["cmdline"] or []  # None: it is another user's, or has ended
        if "chaosimagecorrupt.guard" in arguments and address in arguments:
            found.append(process)
    return found


def end_guards(address: str, grace: float) -> int:
    """Wait until the guards of a cluster end, and ask those to end that do not: they restore first.

    Args:
        address: the API server's address.
        grace: seconds in which they may end by themselves.

    Returns:
        How many had to be asked.
    """
    _, left = psutil.wait_procs(guards_of(address), timeout=grace)
    asked = [process for process in left if process.is_running()]
    for process in asked:
        with suppress(psutil.NoSuchProcess):  # it has ended since
            process.terminate()
    _, left = psutil.wait_procs(asked, timeout=_ENDS_WITHIN)
    for process in left:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(left, timeout=_ENDS_WITHIN)
    return len(asked)
