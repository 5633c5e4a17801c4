"""Times as the API writes them."""

from chaosimagecorrupt.simulator.timestamps import seconds_of, timestamp


def test_a_time_is_utc_in_whole_seconds() -> None:
    assert timestamp(1_700_000_000.9) == "2023-11-14T22:13:20Z"


def test_a_time_is_read_with_or_without_fractions_and_in_any_zone() -> None:
    times = ("2023-11-14T22:13:20Z", "2023-11-14T22:13:20.000Z", "2023-11-14T23:13:20+01:00")
    assert {seconds_of(each) for each in times} == {1_700_000_000}
