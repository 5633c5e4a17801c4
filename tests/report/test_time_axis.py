"""Where a moment is drawn."""

import pytest

from chaosimagecorrupt.report.time_axis import WIDTH, Break, TimeAxis, find_breaks


def test_a_long_pause_is_broken() -> None:
    (found,) = find_breaks([0, 1, 2, 10, 3000])
    assert (found.start, found.end) == (12.5, 2997.5)


@pytest.mark.parametrize(
    "moments",
    [
        [0, 3000],
        [0, 1, 2, 10, 20],
        [0, 10, 30, 70, 150, 310, 610],
    ],
    ids=["nothing else to show", "less than 30 s", "a back-off that doubles"],
)
def test_other_pauses_are_not_broken(moments: list[float]) -> None:
    assert find_breaks(moments) == ()


def test_a_break_takes_little_room_and_time_goes_on_after_it() -> None:
    axis = TimeAxis(0, 1010, (Break(5, 1005),))
    assert axis.pixels(1005) - axis.pixels(5) < 50
    assert axis.pixels(1010) - axis.pixels(1005) == pytest.approx(axis.pixels(5) - axis.pixels(0), abs=0.02)
    assert 0 < axis.pixels(0) < axis.pixels(1010) < WIDTH


def test_a_moment_outside_the_axis_is_drawn_at_its_end() -> None:
    axis = TimeAxis(0, 100, ())
    assert (axis.pixels(-5), axis.pixels(500)) == (axis.pixels(0), axis.pixels(100))


@pytest.mark.parametrize(
    ("axis", "labels"),
    [
        (TimeAxis(96, 170, ()), ["0", "10", "20", "30", "40", "50", "60", "70"]),
        (TimeAxis(99.85, 100.45, ()), ["-0.1", "0", "0.1", "0.2", "0.3", "0.4"]),
        (TimeAxis(100, 1110, (Break(105, 1105),)), ["0", "2", "4", "⋯ 1000 s ⋯", "1006", "1008", "1010"]),
    ],
    ids=["seconds", "fractions", "with a break"],
)
def test_the_labels_are_round_and_the_length_of_a_break_is_one(axis: TimeAxis, labels: list[str]) -> None:
    assert [tick.label for tick in axis.ticks(100)] == labels
