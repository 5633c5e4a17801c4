"""kubectl, as a user of a simulated cluster runs it."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path


class Ran:
    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err

    def __repr__(self) -> str:
        return f"exit code {self.code}\n{self.out}\n{self.err}"


Kubectl = Callable[..., Ran]


def runner(kubeconfig: Path, namespace: str) -> Kubectl:
    environment = {**os.environ, "KUBECONFIG": str(kubeconfig)}

    def run(*arguments: str, given: str | None = None, ok: bool = True) -> Ran:
        command = ["kubectl", "--namespace", namespace, *arguments]
        done = subprocess.run(command, input=given, env=environment, capture_output=True, text=True, timeout=120)
        ran = Ran(done.returncode, done.stdout, done.stderr)
        assert not ok or ran.code == 0, ran
        return ran

    return run
