"""The environment variables of the cluster to measure on: a simulator, or the cluster of KUBECONFIG_E2E."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["bench_environment"]


@contextmanager
def bench_environment() -> Iterator[bool]:
    """Set the environment variables; yields whether the cluster is a simulated one, in a process of its own."""
    real = os.environ.get("KUBECONFIG_E2E")
    with tempfile.TemporaryDirectory(prefix="image-corrupt-bench-") as folder:
        os.environ["XDG_STATE_HOME"] = folder  # the folder of the guards' logs
        if real:
            os.environ["KUBECONFIG"] = real
            yield False
            return
        path, seed = Path(folder) / "kubeconfig", Path(folder) / "seed.yaml"
        seed.write_text("{apiVersion: v1, kind: Namespace, metadata: {name: bench}}\n")
        command = [sys.executable, "-m", "chaosimagecorrupt.simulator", "--seed", str(seed), "--kubeconfig", str(path)]
        simulator = subprocess.Popen([*command, "--parent", str(os.getpid())], stdout=subprocess.PIPE)
        try:
            assert simulator.stdout is not None
            simulator.stdout.readline()  # it prints a line once it serves
            os.environ["KUBECONFIG"] = str(path)
            yield True
        finally:
            simulator.terminate()
            simulator.wait()
