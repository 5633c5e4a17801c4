"""The state of a rollout as text."""

import io

from rich.console import Console

from chaosimagecorrupt.cli.json_types import WatchState
from chaosimagecorrupt.cli.watch_text import line_of, view_of

CORRUPTED = WatchState(
    deployment="shop/web",
    text="1/2 ready",
    corrupted=True,
    recovered=False,
    seconds_since_corruption=12.3,
    seconds_since_restore=None,
    conditions={"Available": "True"},
    templates=[{"replica_set": "web-1", "newest": True, "images": ["a:b"], "wanted": 1, "pods": 1, "ready": 0}],
    failing={"ErrImagePull": 1},
    pulls=3,
    error=None,
)


def printed(state: WatchState) -> str:
    console = Console(file=io.StringIO(), width=200, color_system=None)
    with console.capture() as captured:
        console.print(view_of(state))
    return captured.get()


def test_a_line_has_no_durations() -> None:
    assert line_of(CORRUPTED) == "1/2 ready, corrupted, 3 pulls tried"


def test_an_error_replaces_the_line_and_is_added_to_the_view() -> None:
    failed: WatchState = {**CORRUPTED, "error": "away"}
    assert line_of(failed) == "away; trying again"
    assert printed(failed).startswith("away; trying again. The last state:\nshop/web: CORRUPTED\n")


def test_the_view_has_everything() -> None:
    lines = [" ".join(line.split()) for line in printed(CORRUPTED).splitlines()]
    assert lines == [
        "shop/web: CORRUPTED",
        "12s since the corruption",
        "Available=True",
        "1 pod ErrImagePull",
        "REPLICASET DESIRED PODS READY IMAGES",
        "web-1 newest 1 1 0 a:b",
        "3 pulls tried",
    ]


def test_without_a_rollout_the_view_is_its_reason() -> None:
    gone = WatchState(text="the Deployment is gone", corrupted=False, recovered=False, pulls=0, error=None)
    assert printed(gone) == "the Deployment is gone\n"
