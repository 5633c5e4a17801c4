"""What a controller waits to see before it acts again."""

from chaosimagecorrupt.simulator.controllers.daemonset.expectations import Expectations


def test_creations_and_deletions_are_counted_down() -> None:
    expected = Expectations()
    assert expected.are_met("a")
    expected.expect("a", 2, 1)
    expected.observe("a", creations=2)
    assert not expected.are_met("a") and expected.are_met("b")
    expected.observe("a", deletions=1)
    assert expected.are_met("a")


def test_more_than_was_expected_is_met_and_does_not_count_for_what_comes() -> None:
    expected = Expectations()
    expected.expect("a", 1, 0)
    expected.observe("a", creations=3, deletions=2)
    assert expected.are_met("a")
    expected.expect("a", 1, 1)
    assert not expected.are_met("a")


def test_what_is_forgotten_is_met() -> None:
    expected = Expectations()
    expected.expect("a", 1, 0)
    expected.forget("a")
    expected.observe("a", creations=1)
    assert expected.are_met("a")
