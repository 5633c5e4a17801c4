"""Where a guard logs, and how long its log is kept."""

import os
import time
from pathlib import Path

from chaosimagecorrupt.guard.log import KEPT_FOR, log_path, remove_old_logs


def test_logs_that_are_older_than_a_week_are_removed(tmp_path: Path) -> None:
    log, now = log_path("new", {"XDG_STATE_HOME": str(tmp_path)}), time.time()
    ages = {"guard-old.log": KEPT_FOR + 60, "guard-recent.log": KEPT_FOR - 60, "other.log": KEPT_FOR + 60}
    for name, age in ages.items():
        (log.parent / name).write_text("")
        os.utime(log.parent / name, (now - age, now - age))
    remove_old_logs(log, now)
    assert sorted(p.name for p in log.parent.iterdir()) == ["guard-recent.log", "other.log"]


def test_without_a_folder_to_log_to_nothing_is_removed() -> None:
    remove_old_logs(Path(os.devnull), time.time())
    assert Path(os.devnull).exists()
