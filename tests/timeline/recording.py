"""What the tests of recorders share besides their fixtures."""

import threading
from collections.abc import Callable
from typing import Any

from chaosimagecorrupt.timeline.recorder import Recorder
from chaosimagecorrupt.timeline.timeline import changes

from ..fixtures_http import soon, stacks

__all__ = ["Allowed", "Object", "Record", "RunningRecorder", "following", "saw"]

Object = Any
Record = Callable[..., Recorder]
Allowed = Callable[..., Recorder]


class RunningRecorder:
    """A recorder that records until it is closed."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        recorder.start()
        assert recorder.wait_until_following(5)

    def close(self) -> None:
        self._recorder.end()
        assert soon(lambda: not following()), following()


def following() -> list[str]:
    """Return the names of the threads that follow something, each with where it is."""
    return stacks(t for t in threading.enumerate() if t.name.startswith(("watch ", "timeline ")))


def saw(recorder: Recorder, kind: str, **state: Any) -> bool:
    """Whether an object of that kind was seen in that state, before long."""
    part = {k.replace("_", ":"): v for k, v in state.items()}.items()
    return recorder.wait(
        lambda t: any(part <= {k: str(v) for k, v in c.state.items()}.items() for c in changes(t, kind)), 5
    )
