"""Which files can be replayed."""

from pathlib import Path

import pytest

from chaosimagecorrupt.simulator.conformance import Recording, UnusableRecording
from chaosimagecorrupt.simulator.conformance.__main__ import main

UNUSABLE = [
    ("", "the first line is no header with a scenario"),
    ("not JSON", "cannot be read"),
    ('{"scenario": "s"}', "no workload is created in it: there is nothing to replay"),
    ('{"scenario": "s"}\n{"step": "create"}', "line 2 has no time"),
    ('{"scenario": "s"}\n{"t": 1, "kind": "Pod", "type": "ADDED"}', "line 2 has no object"),
    (
        '{"scenario": "s"}\n{"t": 1, "kind": "Pod", "type": "ADDED", "object": {"metadata": {"name": "a"}}}',
        "line 2: the object has no namespace, uid, creationTimestamp",
    ),
]


@pytest.mark.parametrize(("text", "message"), UNUSABLE)
def test_what_cannot_be_replayed_is_refused_with_a_reason(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, message: str
) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_text(text)
    assert main([str(path)]) == 2
    assert capsys.readouterr().out.startswith(f"bad.jsonl: cannot be replayed: {message}")


def test_a_file_that_is_not_there_cannot_be_replayed(tmp_path: Path) -> None:
    with pytest.raises(UnusableRecording, match="cannot be read"):
        Recording.load(tmp_path / "none.jsonl")
