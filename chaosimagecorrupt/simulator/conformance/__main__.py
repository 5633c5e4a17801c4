"""`python -m chaosimagecorrupt.simulator.conformance RECORDING...`: compare the simulator with recordings."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from .compare import TOLERANCE
from .recording import Recording, UnusableRecording
from .search import PATIENCE, conform

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Print one line for each recording; return 0 when all agree, 1 when one differs, 2 when one cannot be replayed.

    Args:
        arguments: the command line without the program's name; `None` for that of the process.
    """
    parser = argparse.ArgumentParser(
        prog="python -m chaosimagecorrupt.simulator.conformance",
        description=f"Play recordings of a cluster to the simulator and compare the states, within {TOLERANCE} s.",
    )
    parser.add_argument("recordings", nargs="+", type=Path, metavar="RECORDING", help="a file of the recorder")
    parser.add_argument(
        "--patience",
        type=int,
        default=PATIENCE,
        help="how many runs with other latencies may get no further (default: %(default)s)",
    )
    options = parser.parse_args(arguments)
    return max(_line(path, options.patience) for path in options.recordings)


def _line(path: Path, patience: int) -> int:
    try:
        result = conform(Recording.load(path), patience)
    except UnusableRecording as error:
        print(f"{path.name}: cannot be replayed: {error}")
        return 2
    if result.difference is not None:
        print(f"{result.scenario}: differs: {result.difference}")
        return 1
    print(f"{result.scenario}: agree ({result.objects} objects, {result.states} states, {result.runs} runs)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
