"""The state of a rollout as text."""

import io
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from chaosimagecorrupt.cli.json_types import TemplateState, WatchState
from chaosimagecorrupt.cli.watch_text import line_of, view_of
from chaosimagecorrupt.record.annotations import DEFAULT_IMAGE

QUOTA = 'pods "web-1" is forbidden: exceeded quota: small, requested: pods=1, used: pods=2, limited: pods=2'


def a_template(name: str, image: str, ready: int) -> TemplateState:
    size = max(ready, 1)
    return {
        "replica_set": name,
        "newest": not ready,
        "images": [image],
        "wanted": size,
        "pods": size,
        "ready": ready,
    }


CORRUPTED = WatchState(
    deployment="shop/web",
    text="1/2 ready",
    corrupted=True,
    recovered=False,
    seconds_since_corruption=12.3,
    seconds_since_restore=None,
    conditions={"Available": "True", "ReplicaFailure": "True"},
    templates=[a_template("web-6d4cf56db6", "registry.k8s.io/pause:3.10", 2), a_template("web-7f9c", DEFAULT_IMAGE, 0)],
    failing={"ErrImagePull": 1},
    pulls=3,
    error=None,
    expires_in=252.0,
    problems=[f"ReplicaFailure: FailedCreate: {QUOTA}"],
    next_pull_in=12.0,
    recovery_seconds=None,
)


def printed(state: WatchState, width: int = 200) -> list[str]:
    console = Console(file=io.StringIO(), width=width, color_system=None)
    with console.capture() as captured:
        console.print(view_of(state, width))
    return [line.rstrip() for line in captured.get().splitlines()]


def test_a_line_has_no_durations_that_always_change() -> None:
    assert line_of(CORRUPTED) == "1/2 ready, corrupted, 3 pulls tried"


def test_a_line_says_that_the_ttl_is_over() -> None:
    assert line_of({**CORRUPTED, "expires_in": -1.0}) == "1/2 ready, corrupted, expired, 3 pulls tried"


@pytest.mark.parametrize(
    ("seconds", "text"), [(3.46, "recovered 3.5 s after the restore"), (0.0, "recovered 0.0 s after the restore")]
)
def test_the_recovery_time_is_said_where_it_is_known(seconds: float, text: str) -> None:
    recovered: WatchState = {**CORRUPTED, "corrupted": False, "recovered": True, "pulls": 0}
    assert line_of(recovered) == "1/2 ready, recovered"
    assert line_of({**recovered, "recovery_seconds": seconds}) == f"1/2 ready, {text}"
    assert printed({**recovered, "recovery_seconds": seconds})[0] == f"shop/web: {text}"


def test_before_the_fault_it_is_said_that_it_waits() -> None:
    waiting: WatchState = {**CORRUPTED, "corrupted": False, "waiting": True, "pulls": 0, "failing": {}}
    assert line_of(waiting) == "1/2 ready, waiting for a fault"
    assert printed(waiting)[0] == "shop/web: waiting for a fault"
    assert "pull" not in printed(waiting)[-1]


def test_an_error_replaces_the_line_and_is_added_to_the_view() -> None:
    failed: WatchState = {**CORRUPTED, "error": "away"}
    assert line_of(failed) == "away; trying again"
    assert printed(failed)[:3] == ["away; trying again.", "The last state:", "shop/web: CORRUPTED, expires in 4m12s"]


def test_the_view_has_everything() -> None:
    assert printed(CORRUPTED) == [
        "shop/web: CORRUPTED, expires in 4m12s",
        "12s since the corruption",
        "Available=True, ReplicaFailure=True",
        "1 pod ErrImagePull",
        f"ReplicaFailure: FailedCreate: {QUOTA}",
        "REPLICASET                READY   PODS   IMAGES",
        "web-6d4cf56db6            2/2     2      registry.k8s.io/pause:3.10",
        "web-7f9c         newest   0/1     1      registry.invalid/nonexistent:chaos",
        "3 pulls tried, the next in about 12s",
    ]


def test_on_60_columns_reasons_are_broken_between_words_and_images_are_cut() -> None:
    assert printed(CORRUPTED, 60)[4:] == [
        'ReplicaFailure: FailedCreate: pods "web-1" is forbidden:',
        "exceeded quota: small, requested: pods=1, used: pods=2,",
        "limited: pods=2",
        "REPLICASET                READY   PODS   IMAGES",
        "web-6d4cf56db6            2/2     2      ….k8s.io/pause:3.10",
        "web-7f9c         newest   0/1     1      …/nonexistent:chaos",
        "3 pulls tried, the next in about 12s",
    ]


def test_on_30_columns_names_and_ready_pods_stay() -> None:
    assert "web-6d4cf56db6   2/2     2" in printed(CORRUPTED, 30)


def test_a_pull_that_is_due_is_said_so() -> None:
    assert printed({**CORRUPTED, "next_pull_in": 0.0})[-1] == "3 pulls tried, the next is due"
    assert printed({**CORRUPTED, "next_pull_in": None})[-1] == "3 pulls tried"


def test_a_ttl_that_is_over_is_said_so() -> None:
    assert printed({**CORRUPTED, "expires_in": -5.0})[0] == "shop/web: CORRUPTED, expired 5s ago"


def test_without_a_rollout_the_view_is_its_reason() -> None:
    gone = WatchState(text="the Deployment is gone", corrupted=False, recovered=False, pulls=0, error=None)
    assert printed(gone) == ["the Deployment is gone"]


@given(st.text(max_size=300), st.integers(15, 120))
def test_text_of_the_cluster_stays_text_and_fits(text: str, width: int) -> None:
    hostile: WatchState = {**CORRUPTED, "problems": [text], "failing": {text: 1}, "conditions": {text: text}}
    lines = printed(hostile, width)
    assert not any(unicodedata.category(c).startswith("C") for c in "".join(lines))
    assert len(lines) <= 14 and all(cell_len(line) <= width for line in lines)
