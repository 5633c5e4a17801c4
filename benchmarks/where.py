"""Where it is measured: a simulator in a process of its own, or the cluster of KUBECONFIG_E2E."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["cluster"]


@contextmanager
def cluster() -> Iterator[bool]:
    """Have the environment point at the cluster that is measured; yields whether it is a simulated one."""
    real = os.environ.get("KUBECONFIG_E2E")
    with tempfile.TemporaryDirectory(prefix="image-corrupt-bench-") as folder:
        os.environ["XDG_STATE_HOME"] = folder  # the guards' logs
        if real:
            os.environ["KUBECONFIG"] = real
            yield False
            return
        path, seed = Path(folder) / "kubeconfig", Path(folder) / "seed.yaml"
        seed.write_text("{apiVersion: v1, kind: Namespace, metadata: {name: bench}}\n")
        command = [sys.executable, "-m", "chaosimagecorrupt.simulator", "--seed", str(seed), "--kubeconfig", str(path)]
        running = subprocess.Popen([*command, "--parent", str(os.getpid())], stdout=subprocess.PIPE)
        try:
            assert running.stdout is not None
            running.stdout.readline()  # it serves
            os.environ["KUBECONFIG"] = str(path)
            yield True
        finally:
            running.terminate()
            running.wait()
