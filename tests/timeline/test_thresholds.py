"""The thresholds of an experiment."""

from chaosimagecorrupt.timeline.thresholds import Thresholds


def test_the_defaults_are_those_of_the_documentation() -> None:
    assert Thresholds() == Thresholds(recovery_within=None, give_up_after=None, max_reconcile_cycles=1)
