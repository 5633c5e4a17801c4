"""Tables and durations, output that a locale cannot encode, and readers that close the pipe."""

import json
import subprocess
from pathlib import Path

import pytest

from chaosimagecorrupt.cli.output import print_json, print_json_line, print_table, short_duration, table_of
from tests.cluster.simulated import Place

from .conftest import CHAOS, Corrupt, Run, Start


def test_ascii_output_shows_what_it_can(chaos: Run, shop: Place, corrupt: Corrupt) -> None:
    corrupt()
    record = {"app": {"image": "é\U0001f600", "id": "x", "by": "jörg@host"}}
    annotations = {"chaos.operatorchaos.io/image-corrupt": json.dumps(record)}
    shop.api.patch(shop.ns, "web", {"metadata": {"annotations": annotations}})
    for locale in ({"LC_ALL": "C"}, {"PYTHONIOENCODING": "ascii"}):
        done = chaos("status", "-n", shop.ns, "-o", "wide", **locale)
        assert (done.code, "@host" in done.out) == (0, True)
    (row,) = chaos("status", "-n", shop.ns, "-o", "json", PYTHONIOENCODING="ascii").json
    assert row["by"] == "jörg@host"


def test_a_reader_that_has_gone_is_exit_code_141(start: Start, shop: Place) -> None:
    process = start("status", "-n", shop.ns, "-o", "json")
    process.stdout.close()
    assert process.wait(60) == 141
    assert process.stderr.read() == ""


@pytest.mark.parametrize("closed", [">&-", "2>&-"])
def test_an_output_that_the_shell_has_closed_is_no_error(shop: Place, closed: str) -> None:
    shop.deploy()
    for arguments in (f"status -n {shop.ns} -o json", f"restore web -n {shop.ns}", "simulate --list"):
        done = subprocess.run(["sh", "-c", f"{' '.join(CHAOS)} {arguments} {closed}"], capture_output=True, text=True)
        assert (done.returncode, done.stderr) == (0, "")


def test_output_that_cannot_be_written_is_one_line(shop: Place) -> None:
    shop.deploy()
    with Path("/dev/full").open("w") as full:
        named = [["status", "-o", "json"], ["preflight", "web"], ["init", "web", "-"], ["restore", "web"]]
        for arguments in [*([*n, "-n", shop.ns] for n in named), ["simulate", "--list"], ["-h"], ["status", "-h"]]:
            done = subprocess.run([*CHAOS, *arguments], stdout=full, stderr=subprocess.PIPE, text=True)
            assert (done.returncode, done.stderr) == (1, "Error: the output: No space left on device\n")


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0s"), (0.6, "1s"), (59, "59s"), (252, "4m12s"), (3600, "1h0m"), (90_061, "1d1h")],
)
def test_a_duration_has_its_two_largest_units(seconds: float, text: str) -> None:
    assert short_duration(seconds) == text


def test_without_a_terminal_a_row_is_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(table_of(("NAME", "IMAGE"), [("web", "x" * 500), ("[red]api", "")]))
    title, web, api = capsys.readouterr().out.splitlines()
    assert (title, web.split(), api) == ("NAME      IMAGE", ["web", "x" * 500], "[red]api")


def test_json_is_indented_and_a_json_line_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    print_json({"a": [1]})
    print_json_line({"a": [1]})
    assert capsys.readouterr().out == '{\n  "a": [\n    1\n  ]\n}\n{"a": [1]}\n'
