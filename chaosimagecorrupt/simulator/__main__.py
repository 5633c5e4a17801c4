"""`python -m chaosimagecorrupt.simulator`: a simulated cluster in the foreground."""

import argparse
import gc
import os
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

from .components import load_manifests
from .ending import Ending
from .simulator import Simulator

__all__ = ["main"]

# Seconds between two checks that the parent still runs
WATCH_SECONDS = 0.2
GC_THRESHOLD = 50_000


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m chaosimagecorrupt.simulator",
        description="Run a SIMULATED Kubernetes cluster on a loopback port until it is stopped.",
    )
    parser.add_argument("--seed", type=Path, metavar="FILE", help="manifests instead of the five components")
    parser.add_argument("--kubeconfig", type=Path, metavar="PATH", help="where the kubeconfig goes")
    parser.add_argument("--parent", type=int, metavar="PID", help="end when this process is gone")
    parser.add_argument("--until-eof", action="store_true", help="end when standard input ends")
    return parser


def main(arguments: list[str] | None = None) -> int:
    """Run the command and return its exit code.

    Args:
        arguments: the command line, by default the process's.
    """
    options = _parser().parse_args(arguments)
    ending = Ending()
    if options.parent:
        threading.Thread(target=_follow_parent, args=(options.parent, ending), daemon=True).start()
    if options.until_eof:
        threading.Thread(target=_follow_input, args=(ending,), daemon=True).start()
    manifests = load_manifests(options.seed) if options.seed else None
    with Simulator(manifests, kubeconfig=options.kubeconfig) as simulator:
        print("This is a SIMULATED cluster: nothing runs in it.", file=sys.stderr)
        print(f"Serving at {simulator.url}", file=sys.stderr)
        print(f"KUBECONFIG={simulator.kubeconfig}", flush=True)
        # thousands of objects that stay: to look through them again and again would take a part of each answer's time
        gc.set_threshold(GC_THRESHOLD, GC_THRESHOLD)
        ending.wait()
    return 0


def _follow_parent(parent: int, ending: Ending) -> None:
    with suppress(ProcessLookupError):
        while True:
            os.kill(parent, 0)
            time.sleep(WATCH_SECONDS)
    ending.end()


def _follow_input(ending: Ending) -> None:
    while sys.stdin.readline():
        pass
    ending.end()


if __name__ == "__main__":
    sys.exit(main())
