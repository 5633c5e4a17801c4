"""`python -m benchmarks`: measure everything, print the table, write the results and the page."""

import argparse
import json
import sys
from pathlib import Path

from .environment import bench_environment
from .results import Results, Side

HERE = Path(__file__).parent


def main() -> int:
    """Run the command and return its exit code, which is 0 even when a target is not reached."""
    options = _parser().parse_args()
    with bench_environment() as simulated:
        from .run import run  # reads KUBECONFIG when it is imported

        results = run(
            simulated=simulated, pods=options.pods, deployments=options.deployments, guard_seconds=options.guard_seconds
        )
    from .page import text_of, write_page

    side: Side = "simulator" if simulated else "cluster"
    print(text_of({side: results}))
    stored = json.loads(options.output.read_text()) if options.output.exists() else {}
    both: dict[Side, Results] = json.loads(json.dumps({**stored, side: results}))
    options.output.write_text(json.dumps(both, indent=2) + "\n")
    if options.page is not None:
        write_page(options.page, both)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "--output", type=Path, default=HERE / "results.json", help="the JSON file with the results of both sides"
    )
    parser.add_argument("--page", type=Path, help="the page whose results and charts are replaced")
    parser.add_argument("--pods", type=_numbers, metavar="N,N", help="default: 10,100,1000,5000; real cluster: 2,10")
    parser.add_argument(
        "--deployments", type=_numbers, metavar="N,N", help="default: 10,100,200,1000; real cluster: 10"
    )
    parser.add_argument("--guard-seconds", type=float, default=15.0, help="how long the guard is measured")
    return parser


def _numbers(text: str) -> list[int]:
    return sorted(int(n) for n in text.split(","))


if __name__ == "__main__":
    sys.exit(main())
