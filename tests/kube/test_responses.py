"""The parts of an answer."""

import pytest

from chaosimagecorrupt.kube.responses import lines_of, retry_after


@pytest.mark.parametrize(
    "chunks",
    [
        [b"one\ntwo\n"],
        [b"on", b"e\n\ntw", b"o\n"],
        [b"one\n", b"\r\n \n", b"two", b"\n"],
        [b"one\ntwo\nrest"],
        [b"o", b"", b"n", b"e", b"\nt", b"w", b"o", b"\n"],
    ],
)
def test_only_lines_that_are_complete_and_not_empty_are_given(chunks: list[bytes]) -> None:
    assert list(lines_of(chunks)) == [b"one", b"two"]


@pytest.mark.parametrize(("said", "seconds"), [("5", 5.0), ("0", 0.0), ("", 0.0), ("-1", 0.0), ("soon", 0.0)])
def test_a_pause_is_a_whole_number_of_seconds(said: str, seconds: float) -> None:
    assert retry_after({"Retry-After": said}) == seconds


def test_an_answer_need_not_ask_for_a_pause() -> None:
    assert retry_after({}) == 0.0
