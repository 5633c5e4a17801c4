"""What is drawn, and when two runs draw the same."""

import pytest

from chaosimagecorrupt.simulator.controllers.randomness import (
    LAG,
    REQUEST,
    RESYNC,
    SLOW_REQUEST,
    SLOW_SHARE,
    START,
    Randomness,
)

POD = {"metadata": {"uid": "1"}}
DRAWS = 2000


def drawn(randomness: Randomness) -> list[object]:
    return [randomness.request(), randomness.lag(), randomness.phase("relist"), randomness.suffix()]


def test_the_same_seed_gives_the_same_run() -> None:
    assert drawn(Randomness(1)) == drawn(Randomness(1)) != drawn(Randomness(2))


def test_a_new_seed_counts_from_now_on() -> None:
    randomness = Randomness(1)
    randomness.request()
    randomness.reseed(2)
    assert drawn(randomness) == drawn(Randomness(2))


def test_without_a_seed_each_run_differs() -> None:
    assert drawn(Randomness()) != drawn(Randomness())


def test_latencies_lie_in_their_ranges() -> None:
    randomness = Randomness(1)
    assert all(LAG[0] <= randomness.lag() <= LAG[1] for _ in range(DRAWS))
    assert all(RESYNC[0] <= randomness.resync(POD, 0) <= RESYNC[1] for _ in range(DRAWS))
    assert all(START[0] <= randomness.start(POD, "app", 0) <= START[1] for _ in range(DRAWS))
    assert all(0 <= randomness.phase("resync") < 1 for _ in range(DRAWS))


def test_one_request_in_five_is_slow() -> None:
    randomness = Randomness(1)
    seconds = [randomness.request() for _ in range(DRAWS)]
    assert REQUEST[0] <= min(seconds) and max(seconds) <= SLOW_REQUEST[1]
    assert sum(each > SLOW_REQUEST[0] for each in seconds) / DRAWS == pytest.approx(SLOW_SHARE, abs=0.05)


def test_the_uid_decides_between_equal_pods() -> None:
    assert Randomness().rank(POD) == "1"
