"""The property of `test_kubeconfig_fuzz`, led by which lines are run: `python -m tests.kube.fuzz_kubeconfig OPTION...`.

`make soak` runs it; the options are those of libFuzzer, such as `-atheris_runs=10000`. What it finds, hypothesis keeps
in `.hypothesis`, so that the test fails from then on.
"""

import logging
import random
import sys
import tempfile
import warnings
from pathlib import Path

import atheris

__all__: list[str] = []

with atheris.instrument_imports(include=["chaosimagecorrupt.kube", "yaml", "kubernetes.config"]):
    from .test_kubeconfig_fuzz import test_any_kubeconfig_is_read_or_refused


def once(data: bytes) -> None:
    """Try the kubeconfig that hypothesis makes of these bytes."""
    test_any_kubeconfig_is_read_or_refused.hypothesis.fuzz_one_input(data)


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    with tempfile.TemporaryDirectory() as folder:
        for number in range(100):  # of a length that hypothesis can make a whole kubeconfig of
            (Path(folder) / str(number)).write_bytes(random.randbytes(2000))
        atheris.Setup([*sys.argv, "-len_control=0", "-max_len=4096", f"-artifact_prefix={folder}/", folder], once)
        atheris.Fuzz()
