"""The fields of a state that hold more than one value are read by name."""

from chaosimagecorrupt.timeline.fields import ConditionState, ImageWriter, condition_in, writer_in

STATE = {
    "condition:Ready": ["False", "NotReady", "2026-11-22T15:00:00Z", "why"],
    "writer:app": ["installer", None],
}


def test_a_condition_is_read_by_its_type() -> None:
    assert condition_in(STATE, "Ready") == ConditionState("False", "NotReady", "2026-11-22T15:00:00Z", "why")
    assert condition_in(STATE, "Available") is None


def test_the_writer_of_an_image_is_read_by_its_container() -> None:
    assert writer_in(STATE, "app") == ImageWriter("installer", None)
    assert writer_in(STATE, "side") is None
