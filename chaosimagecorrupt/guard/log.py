"""Where a guard logs, and how long its log is kept."""

import os
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

__all__ = ["KEPT_FOR", "log_path", "remove_old_logs"]

KEPT_FOR = 7 * 24 * 3600.0  # seconds; a guard ends a day after the expiry at the latest


def log_path(guard_id: str, env: Mapping[str, str]) -> Path:
    """Return where a guard logs: below XDG_STATE_HOME or `~/.local/state`, else in the folder for temporary files.

    Args:
        guard_id: makes the name unique, such as the id of an injection that it guards.
        env: the environment.

    Returns:
        The path; /dev/null where no folder can be written to.
    """
    state = env.get("XDG_STATE_HOME") or (f"{env['HOME']}/.local/state" if env.get("HOME") else "")
    folder = Path(state, "chaosimagecorrupt")
    try:
        usable = bool(state)
        if usable:
            folder.mkdir(parents=True, exist_ok=True)
            usable = os.access(folder, os.W_OK)
    except OSError:
        usable = False
    try:
        return (folder if usable else Path(tempfile.gettempdir())) / f"guard-{guard_id}.log"
    except FileNotFoundError:  # a read-only file system
        return Path(os.devnull)


def remove_old_logs(log: Path, now: float) -> None:
    """Remove the logs of guards that were last written to more than a week ago.

    Args:
        log: the path of a log in the same folder; it stays.
        now: seconds since 1970.
    """
    for old in log.parent.glob("guard-*.log") if log.suffix == ".log" else ():
        with suppress(OSError):  # it is another user's, or another start has removed it
            if old != log and old.is_file() and not old.is_symlink() and old.stat().st_mtime < now - KEPT_FOR:
                old.unlink()
