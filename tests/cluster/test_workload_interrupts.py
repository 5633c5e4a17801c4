"""A restore of a StatefulSet that ends by a signal while it waits for a stuck pod: nothing stays stuck."""

import json
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from chaosimagecorrupt.record.memory import MEMORY

from ..fixtures_http import soon
from .conftest import IMAGE, Object, Run
from .workload import CreateWorkload, Workload

# `chaos image-corrupt`, which begins once it reads a line: what takes time before is over then
CHAOS = """
import sys
from chaostoolkit.__main__ import cli
import chaosimagecorrupt.cli.restore
print("ready", flush=True)
sys.stdin.readline()
sys.argv = ["chaos", "--no-version-check", "image-corrupt", *sys.argv[1:]]
cli()
"""


class Command:
    """`chaos image-corrupt` in a process of its own, ready to begin."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", CHAOS, *arguments],
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None and self._process.stdout.readline() == "ready\n"

    def begin(self) -> None:
        assert self._process.stdin is not None
        print(file=self._process.stdin, flush=True)

    def send(self, number: signal.Signals) -> None:
        self._process.send_signal(number)

    @property
    def runs(self) -> bool:
        return self._process.poll() is None

    def finish(self) -> tuple[int, str]:
        """Wait for the end; the exit code and what was printed."""
        out, err = self._process.communicate(timeout=60)
        return self._process.returncode, out + err


@pytest.fixture
def web(create: CreateWorkload) -> Workload:
    return create("StatefulSet")


def a_corrupt_pod_starts(web: Workload) -> bool:
    return any(p["status"]["phase"] == "Pending" for p in web.pods())


# An interrupt that comes while Python drops a thread is ignored, and Python prints that
IGNORED_INTERRUPT = re.compile(
    r"^Exception ignored in: .*\n(Traceback .*\n)?( .*\n|\n)*KeyboardInterrupt: *$", re.MULTILINE
)


def interrupted(web: Workload, folder: Path, number: signal.Signals, times: int) -> tuple[int, str]:
    """Restore, and send a signal once the image is back; the exit code and what was printed."""
    restore = Command(folder, "restore", "statefulset/web", "-n", web.ns)
    assert soon(lambda: a_corrupt_pod_starts(web), 60)
    restore.begin()
    assert soon(lambda: web.image() == IMAGE, 60)
    for _ in range(times):
        if restore.runs:
            restore.send(number)
            time.sleep(0.2)
    return restore.finish()


@pytest.mark.parametrize("guard", [True, False], ids=["guarded", "no guard"])
@pytest.mark.parametrize(("number", "times"), [(signal.SIGINT, 1), (signal.SIGINT, 3), (signal.SIGTERM, 1)])
def test_a_command_that_is_ended_leaves_the_rest_to_the_guard_or_to_the_next_one(
    number: signal.Signals, times: int, guard: bool, web: Workload, place: Any, tmp_path: Path
) -> None:
    web.corrupt(guard=guard)
    code, printed = interrupted(web, tmp_path, number, times)
    printed = IGNORED_INTERRUPT.sub("", printed)
    assert (code in (130, -number), "Traceback" in printed) == (True, False), printed
    is_said = (
        "1 may not be cleaned up: restore again" in printed or "deleted pod" in printed.partition("Interrupted")[0]
    )
    assert number == signal.SIGTERM or is_said, printed
    if guard:
        MEMORY.forget()
        assert place.guards_ended()
    else:
        done = Command(tmp_path, "restore", "--all", "-n", web.ns)
        done.begin()
        assert done.finish()[0] == 0
    assert web.recovered(60)
    web.assert_no_trace()


def experiment(web: Workload, folder: Path, *, guard: bool) -> Path:
    """Return an experiment that corrupts, waits for a file, and restores, under the control."""
    called = {"name": web.name, "ns": web.ns, "kind": web.kind}
    waiting = {"type": "process", "path": "sh", "arguments": ["-c", "until [ -e go ]; do sleep 0.05; done"]}
    steps = {
        "corrupt": python("actions", func="corrupt_image", arguments={**called, "guard": guard}),
        "wait": waiting,
        "restore": python("rollbacks", func="restore_image", arguments=called),
    }
    method = [{"type": "action", "name": name, "provider": provider} for name, provider in steps.items()]
    controls = [{"name": "image-corrupt", "provider": python("control")}]
    path = folder / "experiment.json"
    path.write_text(json.dumps({"title": "x", "description": "-", "controls": controls, "method": method}))
    return path


def python(module: str, **called: Any) -> Object:
    return {"type": "python", "module": f"chaosimagecorrupt.{module}", **called}


# Chaos Toolkit raises in its handler of a signal; while a line is logged, logging catches that and prints it
LOGGING_ERROR = re.compile(r"^--- Logging error ---$.*?^Arguments: .*?$", re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("guard", [True, False], ids=["guarded", "no guard"])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_run_that_is_ended_goes_on_with_the_restore_at_its_end(
    number: signal.Signals, guard: bool, web: Workload, place: Any, tmp_path: Path
) -> None:
    chaos = Run(place.api.kubeconfig, tmp_path)
    with chaos.start(experiment(web, tmp_path, guard=guard)) as process:
        assert soon(lambda: a_corrupt_pod_starts(web), 60)
        (tmp_path / "go").touch()
        assert soon(lambda: web.image() == IMAGE, 60)
        process.send_signal(number)
        printed, _ = process.communicate(timeout=120)
    assert web.recovered(0) and "Traceback" not in LOGGING_ERROR.sub("", printed), printed
    web.assert_no_trace()
    assert not guard or place.guards_ended()
