"""`python -m benchmarks`: measure everything, print the table, write the results and the page."""

import argparse
import json
import sys
from pathlib import Path

from . import where

HERE = Path(__file__).parent


def main() -> int:
    """Run the command and return its exit code; a target that is not reached is no failure."""
    options = _parser().parse_args()
    with where.cluster() as simulated:
        from .run import run  # only now: see there

        results = run(
            simulated=simulated, pods=options.pods, deployments=options.deployments, guard=options.guard_seconds
        )
    from .page import text_of, write_page

    options.output.write_text(json.dumps(results, indent=2) + "\n")
    print(text_of(results))
    if options.page is not None:
        write_page(options.page, results)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--output", type=Path, default=HERE / "results.json", help="where the results go, as JSON")
    parser.add_argument("--page", type=Path, help="the page whose results are replaced, with its pictures beside it")
    parser.add_argument("--pods", type=_numbers, metavar="N,N", help="10,100,1000,5000; on a real cluster 10")
    parser.add_argument("--deployments", type=_numbers, metavar="N,N", help="10,100,200,1000; on a real cluster 10")
    parser.add_argument("--guard-seconds", type=float, default=15.0, help="how long the guard is looked at")
    return parser


def _numbers(text: str) -> list[int]:
    return sorted(int(n) for n in text.split(","))


if __name__ == "__main__":
    sys.exit(main())
