"""The log of `chaos` under our subcommands: a file only where one is asked for, and colors only on a terminal."""

from pathlib import Path

import pytest

from tests.cluster.simulated import Place

from .conftest import Corrupt, OpenTerminal, Run

GREEN = b"\x1b[32m["


@pytest.mark.parametrize("arguments", [("simulate", "--list"), ("-h",), ("simulate", "--nothing"), ()], ids=str)
def test_no_log_file_is_left(chaos: Run, tmp_path: Path, arguments: tuple[str, ...]) -> None:
    chaos(*arguments)
    assert list(tmp_path.iterdir()) == []


def test_a_log_file_that_is_there_already_stays(chaos: Run, tmp_path: Path, shop: Place, corrupt: Corrupt) -> None:
    path = tmp_path / "chaostoolkit.log"
    path.write_text("of an earlier run\n")
    corrupt()
    assert chaos("restore", "web", "-n", shop.ns).code == 0
    text = path.read_text()
    assert text.startswith("of an earlier run\n") and "restored app" not in text


@pytest.mark.parametrize(("no_color", "green"), [("1", False), ("", True)])
def test_a_terminal_gets_colors_unless_they_are_not_wanted(
    terminal: OpenTerminal, shop: Place, corrupt: Corrupt, no_color: str, green: bool
) -> None:
    corrupt()
    opened = terminal("restore", "web", "-n", shop.ns, NO_COLOR=no_color)
    assert (opened.finish(), "INFO] Deployment" in opened.text, GREEN in opened.raw) == (0, True, green)


def test_without_a_terminal_the_log_has_no_colors(chaos: Run, shop: Place, corrupt: Corrupt) -> None:
    corrupt()
    err = chaos("restore", "web", "-n", shop.ns).err
    assert "INFO] Deployment" in err and "\x1b" not in err
