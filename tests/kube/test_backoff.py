"""Pauses between attempts double up to the longest one."""

from itertools import islice

from chaosimagecorrupt.kube.backoff import backoff


def test_each_pause_is_twice_the_one_before_up_to_the_longest() -> None:
    assert list(islice(backoff(0.1, 0.5), 5)) == [0.1, 0.2, 0.4, 0.5, 0.5]


def test_without_pauses_there_are_none() -> None:
    assert list(islice(backoff(0.0, 0.0), 3)) == [0.0, 0.0, 0.0]
