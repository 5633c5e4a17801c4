"""A pull that hangs is told from one that fails, succeeds, or is tried for a short time."""

from typing import Any

import pytest

from chaosimagecorrupt.timeline.hanging import HANGS_AFTER, hanging_pull
from chaosimagecorrupt.timeline.timeline import Change

from ..timelines import BAD, GOOD, state_of


def pod(at: float, waiting: str | None = "ContainerCreating", image: str = BAD, **state: Any) -> Change:
    waits = {"waiting:app": waiting} if waiting is not None else {}
    return Change(at, "Pod", "web-1", state_of({"image:app": image, **waits, **state}))


def event(at: float, reason: str = "Pulling", image: str = BAD) -> Change:
    return Change(at, "Event", "web-1.1", state_of({"pod": "web-1", "reason": reason, "message": f'x image "{image}"'}))


def test_a_pull_without_an_answer_hangs() -> None:
    found = hanging_pull([pod(1), event(2)], 2 + HANGS_AFTER)
    assert found is not None and (found.pod, found.event.at, found.seconds) == ("web-1", 2, HANGS_AFTER)
    assert str(found) == (
        "Pod web-1: nothing has come of its pull for 30 s: it hangs, or waits for one that does, since a pull that "
        "hangs blocks every other pull of its node"
    )


@pytest.mark.parametrize("end", [pod(40, deleting=True), Change(40, "Pod", "web-1", state_of({"gone": True}))])
def test_one_that_hung_until_its_pod_was_deleted_is_found(end: Change) -> None:
    found = hanging_pull([pod(1), event(2), end], 100)
    assert found is not None and found.seconds == 38


@pytest.mark.parametrize(
    "changes",
    [
        [],
        [pod(1)],
        [event(2)],
        [pod(1), event(75)],
        [pod(1), event(2), event(3, "Failed")],
        [pod(1), event(2), pod(3, "ErrImagePull")],
        [pod(1), event(2), pod(3, None, ready=True)],
        [pod(1), event(2), pod(10, deleting=True)],
        [pod(1), event(2, image=GOOD)],
        [pod(101), event(102)],
    ],
    ids=["nothing", "no pull", "no pod", "short", "event", "failed", "runs", "deleted", "other image", "later"],
)
def test_any_other_pull_does_not(changes: list[Change]) -> None:
    assert hanging_pull(changes, 100) is None


def test_a_container_that_waits_for_an_init_container_does_not_pull() -> None:
    init = state_of({"image:prep": BAD, "image:app": GOOD, "waiting:app": "PodInitializing"})
    assert hanging_pull([event(1), Change(2, "Pod", "web-1", init)], 100) is None


def test_an_init_container_that_waits_for_its_pull_does() -> None:
    init = state_of({"image:prep": BAD, "waiting:prep": "PodInitializing", "image:app": GOOD})
    assert hanging_pull([event(1), Change(2, "Pod", "web-1", init)], 100) is not None
