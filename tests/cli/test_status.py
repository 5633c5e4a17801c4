"""`chaos image-corrupt status`: what is corrupted, once and live."""

import signal
from collections.abc import Callable

import pytest

from chaosimagecorrupt.rollbacks import restore_image
from chaosimagecorrupt.workload.rollout_text import rollout_text
from tests.cluster.simulated import Place
from tests.fixtures_http import soon

from ..faulty_simulator import FaultySimulator
from .conftest import Corrupt, OpenTerminal, Run, Start

CORRUPT = "registry.invalid/nonexistent:chaos"
KEYS = {
    "namespace",
    "deployment",
    "container",
    "original_image",
    "corrupt_image",
    "since",
    "by",
    "expires_in",
    "pods",
}


def test_each_record_is_a_row(chaos: Run, shop: Place, corrupt: Corrupt) -> None:
    corrupt("one")
    corrupt("two")
    found = chaos("status", "-n", shop.ns, "-o", "json").json
    assert [(row["deployment"], row["corrupt_image"]) for row in found] == [("one", CORRUPT), ("two", CORRUPT)]
    assert set(found[0]) == KEYS
    # the record keeps whole seconds, rounded up
    assert 3500 < found[0]["expires_in"] <= 3601


def test_without_a_terminal_a_row_is_a_line_whatever_its_length(chaos: Run, shop: Place, corrupt: Corrupt) -> None:
    corrupt()
    title, row = chaos("status", "-n", shop.ns, NO_COLOR="1", COLUMNS="40").out.splitlines()
    assert title.split()[:3] == ["NAMESPACE", "DEPLOYMENT", "CONTAINER"]
    assert row.startswith(f"{shop.ns}  web") and CORRUPT in row and ("in 59m5" in row or "in 1h0m" in row)


def test_on_80_columns_each_value_is_whole(terminal: OpenTerminal, shop: Place, corrupt: Corrupt) -> None:
    corrupt()
    screen = terminal("status", "-n", shop.ns, columns=80)
    assert screen.finish() == 0
    assert f"CORRUPT IMAGE   {CORRUPT}" in screen.text
    assert f"NAMESPACE       {shop.ns}" in screen.text


def test_no_color_is_respected(terminal: OpenTerminal, shop: Place, corrupt: Corrupt) -> None:
    corrupt()
    screen = terminal("status", "-n", shop.ns, NO_COLOR="1")
    assert (screen.finish(), b"\x1b[3" in screen.raw) == (0, False)
    assert CORRUPT in screen.text


def test_nothing_corrupted_says_where(command: Run, shop: Place) -> None:
    assert command("status", "-n", shop.ns).out.startswith(f'Nothing is corrupted in namespace "{shop.ns}" of https://')
    assert command("status", "-n", shop.ns, "-o", "json").json == []


def test_a_namespace_that_is_not_there_is_an_error(command: Run, shop: Place) -> None:
    assert 'namespace "nope" does not exist' in command("status", "-n", "nope").error


@pytest.mark.parametrize("selector", ["a==b==c", "a in (", "=", "a=b,,c", "a in (\x1b[31m"])
def test_a_selector_that_does_not_parse_is_one_line(command: Run, shop: Place, selector: str) -> None:
    error = command("status", "-l", selector).error
    assert "could not list deployments.apps: 400" in error
    assert "\x1b" not in error


def test_a_role_that_may_not_list_pods_still_sees_what_is_corrupted(
    command: Run, shop: Place, corrupt: Corrupt, account: Callable[..., None]
) -> None:
    corrupt()
    assert soon(lambda: "1 surplus pod" in rollout_text(shop.get()), 60)
    account({"apiGroups": ["apps"], "resources": ["deployments", "replicasets"], "verbs": ["get", "list", "watch"]})
    (row,) = command("status", "-n", shop.ns, "-o", "json").json
    assert row["corrupt_image"] == CORRUPT
    assert "the role does not allow to list pods" in row["pods"]


def test_hostile_values_cannot_move_the_cursor(command: Run, shop: Place) -> None:
    shop.deploy()
    record = '{"app": {"image": "a\\u001b[2J[red]", "id": "x", "by": "\\u001b[31m", "at": "soon", "expires": "never"}}'
    annotations = {
        "chaos.operatorchaos.io/image-corrupt": record,
        "chaos.operatorchaos.io/original-image-app": "b[/red]",
    }
    labels = {"chaos.operatorchaos.io/type": "ImageCorrupt"}
    shop.api.patch(shop.ns, "web", {"metadata": {"annotations": annotations, "labels": labels}})
    out = command("status", "-n", shop.ns).out
    assert "\x1b" not in out and "[red]" in out and "b[/red]" in out


def test_watch_shows_on_a_terminal_what_changes_until_ctrl_c(
    terminal: OpenTerminal, shop: Place, corrupt: Corrupt, simulator: FaultySimulator
) -> None:
    corrupt()
    screen = terminal("status", "--watch", "-n", shop.ns)
    assert screen.shows("ErrImagePull")
    simulator.faults.refuse()
    assert screen.shows("is not reachable") and "The last state:" in screen.words and CORRUPT in screen.text
    simulator.faults.accept()
    restore_image("web", shop.ns)
    assert screen.shows(f'Nothing is corrupted in namespace "{shop.ns}"')
    assert "not reachable" not in screen.words
    screen.interrupt()
    assert (screen.finish(), "Traceback" in screen.text) == (130, False)


def test_watch_without_a_terminal_is_a_line_for_each_change(
    start: Start, shop: Place, corrupt: Corrupt, simulator: FaultySimulator
) -> None:
    corrupt()
    process = start("status", "--watch", "-n", shop.ns, "-o", "json")
    assert '"deployment": "web"' in process.stdout.readline()
    simulator.faults.refuse()
    lines = iter(process.stdout.readline, "")
    assert any('"error": "could not list' in line for line in lines)
    simulator.faults.accept()
    assert any('"error": null' in line for line in lines)
    process.send_signal(signal.SIGINT)
    assert (process.wait(60), process.stderr.read()) == (130, "")
