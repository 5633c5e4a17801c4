"""The fields of a state that hold more than one value are read by name."""

from chaosimagecorrupt.timeline.fields import (
    ConditionState,
    ImageWriter,
    condition_in,
    image_in,
    images_in,
    waiting_in,
    writer_in,
)

from ..timelines import state_of

STATE = state_of(
    {
        "condition:Ready": ["False", "NotReady", "2026-11-22T15:00:00Z", "why"],
        "writer:app": ["installer", None],
        "image:app": "localhost/app:v1",
        "waiting:app": "ErrImagePull",
        "uid": "1",
    }
)


def test_a_condition_is_read_by_its_type() -> None:
    assert condition_in(STATE, "Ready") == ConditionState("False", "NotReady", "2026-11-22T15:00:00Z", "why")
    assert condition_in(STATE, "Available") is None


def test_the_writer_of_an_image_is_read_by_its_container() -> None:
    assert writer_in(STATE, "app") == ImageWriter("installer", None)
    assert writer_in(STATE, "side") is None


def test_image_and_reason_are_read_by_container() -> None:
    assert (image_in(STATE, "app"), waiting_in(STATE, "app")) == ("localhost/app:v1", "ErrImagePull")
    assert (image_in(STATE, "side"), waiting_in(STATE, "side")) == (None, None)
    assert images_in(STATE) == {"app": "localhost/app:v1"}
