"""Tokens that change."""

from pathlib import Path

import pytest

from chaosimagecorrupt.errors import Refused
from chaosimagecorrupt.kube.exec_plugin import Credential
from chaosimagecorrupt.kube.tokens import PluginToken, TokenFile


def test_a_token_file_is_read_again_when_it_is_old(tmp_path: Path) -> None:
    path = tmp_path / "token"
    path.write_text("old\n")
    fresh, old = TokenFile(str(path), age=3600.0), TokenFile(str(path), age=0.0)
    path.write_text("new\n")
    assert (fresh(), old()) == ("Bearer old", "Bearer new")


@pytest.mark.parametrize("content", [b"", b"\n", b"\xff", None])
def test_a_token_stays_as_it_is_while_its_file_holds_none(content: bytes | None, tmp_path: Path) -> None:
    path = tmp_path / "token"
    path.write_text("old")
    token = TokenFile(str(path), age=0.0)
    if content is None:
        path.unlink()
    else:
        path.write_bytes(content)
    assert token() == "Bearer old"


@pytest.mark.parametrize(
    ("expires", "pause", "expected"),
    [(None, 0.0, "Bearer old"), (1.0, 0.0, "Bearer new"), (1.0, 3600.0, "Bearer old"), (9e9, 0.0, "Bearer old")],
)
def test_a_plugin_runs_again_when_its_token_has_expired(expires: float | None, pause: float, expected: str) -> None:
    first, second = Credential("old", None, None, expires), Credential("new", None, None, None)
    assert PluginToken(lambda: second, first, pause)() == expected


def test_a_plugin_without_a_token_has_none() -> None:
    assert PluginToken(lambda: only_certificate, only_certificate, 0.0)() is None


def test_a_plugin_that_hands_out_a_certificate_later_leaves_the_token() -> None:
    assert PluginToken(lambda: only_certificate, Credential("old", None, None, 1.0), 0.0)() == "Bearer old"


def test_a_plugin_that_fails_says_so() -> None:
    def fail() -> Credential:
        raise Refused("no access")

    with pytest.raises(Refused, match="no access"):
        PluginToken(fail, Credential("old", None, None, 1.0), 0.0)()


only_certificate = Credential(None, "certificate", "key", None)
