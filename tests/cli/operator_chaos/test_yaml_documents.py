"""YAML of others is data: what is hostile is refused in one line, and quickly."""

import pytest

from chaosimagecorrupt.cli.operator_chaos.yaml_documents import MOST_BYTES, documents
from chaosimagecorrupt.errors import Refused


def bomb(item: str) -> bytes:
    """Aliases of aliases: a few lines that stand for 10^20 values."""
    lines = ["a: &a {x: 1}"]
    lines += [
        f"{new}: &{new} {item % ', '.join([f'*{old}'] * 10)}"
        for old, new in zip("abcdefghijklmnopqrst", "bcdefghijklmnopqrstu", strict=True)
    ]
    return "\n".join(lines).encode()


def test_each_document_is_read_and_empty_ones_are_left_out() -> None:
    assert documents(b"a: 1\n---\n---\nb: [x, 2.5, true, null]\n") == [{"a": 1}, {"b": ["x", 2.5, True, None]}]
    assert documents(b'{"a": {"b": "c"}}') == [{"a": {"b": "c"}}]
    assert documents(b"") == []


def test_an_alias_that_is_none_of_a_bomb_is_read() -> None:
    assert documents(b"a: &a {x: 1}\nb: {<<: *a, y: 2}\n") == [{"a": {"x": 1}, "b": {"x": 1, "y": 2}}]


HOSTILE = {
    "a bomb of lists": (bomb("[%s]"), "has more than 200000 values, aliases included"),
    "a bomb of merges": (bomb("{<<: [%s]}"), "has more than 200000 values, aliases included"),
    "a list that contains itself": (b"&a [*a]", "has more than 200000 values, aliases included"),
    "a mapping that merges itself": (b"&a {<<: *a}", "has more than 200000 values, aliases included"),
    "too deep": (b"[" * 5000, "is nested too deeply"),
    "too long": (b"x" * (MOST_BYTES + 1), "is larger than 1024 KiB"),
    "a huge number": (b"a: " + b"1" * 5000, "line 1: a number of 5000 digits"),
    "a huge hexadecimal number": (b"\na: 0x" + b"f" * 5000, "line 2: a number of 5002 digits"),
    "a huge fraction": (b"a: 1:" + b"59:" * 3000 + b"1.5", "line 1: a number of 9005 digits"),
    "a call of Python": (b"!!python/object/apply:os.system [id]", "is no YAML: line 1: could not determine"),
    "a control character": (b"a: \x1b[2J", "is no YAML: unacceptable character #x001b"),
    "other bytes": (b"\xff\xfe\x00", "is no YAML: unacceptable character"),
    "no day": (b"a: 2026-99-99", "is no YAML: month must be in 1..12"),
    "a key that is a list": (b"? [a]\n: b", "is no YAML: line 1: found unhashable key"),
    "an unknown alias": (b"a: *b", "is no YAML: line 1: found undefined alias 'b'"),
    "an unfinished text": (b"a: '", "is no YAML: line 1: found unexpected end of stream"),
    **{
        f"what is no {tag}": (f"a: !!{tag} {value}".encode(), "is no YAML: ")
        for tag, value in (
            ("int", "''"),
            ("int", "'__'"),
            ("bool", "x"),
            ("timestamp", "x"),
            ("float", "x"),
            ("map", "x"),
        )
    },
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_hostile_is_one_line(name: str) -> None:
    content, expected = HOSTILE[name]
    with pytest.raises(Refused) as refusal:
        documents(content)
    assert str(refusal.value).startswith(expected)
    assert str(refusal.value).isprintable() and len(str(refusal.value)) < 300
