"""`chaos image-corrupt status`: what is corrupted, once and live."""

import json
import signal
import time
from collections.abc import Callable

import pytest

from chaosimagecorrupt.duration import rfc3339
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
    "cause",
    "since",
    "by",
    "expires_in",
    "pods",
    "id",
    "ready",
    "replicas",
    "waiting",
    "in_place",
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
    title, row, count = chaos("status", "-n", shop.ns, "-o", "wide", NO_COLOR="1", COLUMNS="40").out.splitlines()
    assert title.startswith("NAME   READY   WAITING") and title.endswith("ID")
    assert row.startswith("web    ") and CORRUPT in row and ("   59m   " in row or "   60m   " in row)
    assert count == "1 fault in 1 namespace: 1 in place"


def test_on_80_columns_each_value_of_the_wide_table_is_whole(
    terminal: OpenTerminal, shop: Place, corrupt: Corrupt
) -> None:
    corrupt()
    screen = terminal("status", "-n", shop.ns, "-o", "wide", columns=80)
    assert screen.finish() == 0
    assert f"CORRUPT IMAGE   {CORRUPT}" in screen.text
    assert screen.lines[-1] == "1 fault in 1 namespace: 1 in place"


def test_on_30_columns_the_columns_that_do_not_fit_are_named(
    terminal: OpenTerminal, shop: Place, corrupt: Corrupt
) -> None:
    corrupt()
    screen = terminal("status", "-n", shop.ns, columns=30)
    assert screen.finish() == 0
    assert screen.lines[0] == "NAME   READY   EXPIRES IN"
    assert screen.words.endswith("Not shown: the columns WAITING, SINCE")


def test_no_color_is_respected(terminal: OpenTerminal, shop: Place, corrupt: Corrupt) -> None:
    corrupt()
    screen = terminal("status", "-n", shop.ns, "-o", "wide", columns=200, NO_COLOR="1")
    assert (screen.finish(), b"\x1b[3" in screen.raw) == (0, False)
    assert CORRUPT in screen.text


def test_no_fault_is_said_on_stderr_with_the_namespace(command: Run, shop: Place) -> None:
    done = command("status", "-n", shop.ns)
    assert (done.code, done.out, done.err) == (0, "", f"No faults found in namespace {shop.ns}.\n")
    hint = "To find records of operator-chaos, too: --unlabelled"
    assert command("status", "-l", f"app={shop.ns}").err == f"No faults found in any namespace. {hint}\n"
    assert command("status", "-n", shop.ns, "-o", "json").json == []


@pytest.mark.parametrize("output", ["text", "json"])
def test_beside_other_faults_it_says_how_to_find_records_of_operator_chaos(
    command: Run, shop: Place, corrupt: Corrupt, output: str
) -> None:
    corrupt()
    assert command("status", "-A", "-o", output).err == "To find records of operator-chaos, too: --unlabelled\n"
    assert command("status", "-n", shop.ns, "-o", output).err == ""


@pytest.mark.parametrize("options", [["-n"], ["--unlabelled", "-n"], ["--unlabelled", "-A", "-n"]], ids=str)
def test_a_record_of_operator_chaos_is_found_where_every_deployment_is_read(
    command: Run, shop: Place, of_operator_chaos: Corrupt, options: list[str]
) -> None:
    of_operator_chaos("theirs")
    *_, last = command("status", *options, shop.ns).out.splitlines()
    assert last == f"Made by operator-chaos, which may still run: {shop.ns}/theirs"


def test_watch_does_not_read_every_deployment_each_second_and_says_how_to_find_the_others(
    start: Start, shop: Place, of_operator_chaos: Corrupt
) -> None:
    of_operator_chaos("theirs")
    process = start("status", "--watch", "-n", shop.ns)
    assert process.stderr.readline().endswith("To find records of operator-chaos, too: --unlabelled\n")


def test_all_namespaces_beats_the_namespace_as_in_kubectl(command: Run, shop: Place, corrupt: Corrupt) -> None:
    corrupt()
    out = command("status", "-A", "-n", "not-this-one").out
    assert out.startswith("NAMESPACE   ") and f"\n{shop.ns}   web   " in out
    assert command("status").out.splitlines()[0] == out.splitlines()[0]


def test_a_namespace_that_is_not_there_is_an_error(command: Run, shop: Place) -> None:
    assert 'namespace "nope" does not exist' in command("status", "-n", "nope").error


@pytest.mark.parametrize("selector", ["a==b==c", "a in (", "=", "a=b,,c", "a in (\x1b[31m"])
def test_a_selector_that_does_not_parse_is_one_line(command: Run, shop: Place, selector: str) -> None:
    error = command("status", "-l", selector).usage_error
    assert "-l: " in error and "is not a label selector: could not list deployments.apps: 400" in error
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
    _, row, _, note = command("status", "-n", shop.ns).out.splitlines()
    assert "   <unknown>   " in row
    assert note.startswith("WAITING is not known: ") and "the role does not allow to list pods" in note


def test_hostile_values_cannot_move_the_cursor(command: Run, shop: Place) -> None:
    shop.deploy()
    record = '{"app": {"image": "a\\u001b[2J[red]", "id": "x", "by": "\\u001b[31m", "at": "soon", "expires": "never"}}'
    annotations = {
        "chaos.operatorchaos.io/image-corrupt": record,
        "chaos.operatorchaos.io/original-image-app": "b[/red]",
    }
    labels = {"chaos.operatorchaos.io/type": "ImageCorrupt"}
    shop.api.patch(shop.ns, "web", {"metadata": {"annotations": annotations, "labels": labels}})
    out = command("status", "-n", shop.ns, "-o", "wide").out
    assert "\x1b" not in out and "[red]" in out and "b[/red]" in out


def test_watch_shows_on_a_terminal_what_changes_until_ctrl_c(
    terminal: OpenTerminal, shop: Place, corrupt: Corrupt, simulator: FaultySimulator
) -> None:
    corrupt()
    screen = terminal("status", "--watch", "-n", shop.ns)
    assert screen.shows("ErrImagePull")
    simulator.faults.refuse()
    assert screen.shows("is not reachable") and "The last state:" in screen.words and "\nweb    " in screen.text
    simulator.faults.accept()
    restore_image("web", shop.ns)
    assert screen.shows(f"No faults found in namespace {shop.ns}.")
    assert "not reachable" not in screen.words
    screen.interrupt()
    assert (screen.finish(), "Traceback" in screen.text) == (130, False)


def with_record(shop: Place, name: str, expires: float) -> None:
    """Create a Deployment that looks as it does some time after it was corrupted."""
    record = {"app": {"image": CORRUPT, "id": "x", "at": rfc3339(time.time()), "expires": rfc3339(expires)}}
    annotations = {"chaos.operatorchaos.io/image-corrupt": json.dumps(record)}
    labels = {"chaos.operatorchaos.io/type": "ImageCorrupt", "shop": shop.ns}
    metadata = {"annotations": annotations, "labels": labels}
    pod = {"containers": [{"name": "app", "image": CORRUPT}]}
    shop.deploy(name, settled=False, replicas=1, metadata=metadata, pod=pod)


def test_of_30_faults_watch_shows_as_many_as_the_terminal_has_rows_the_worst_first(
    terminal: OpenTerminal, shop: Place
) -> None:
    for number in range(30):
        with_record(shop, f"web-{number:02}", time.time() + (3600 - 60 * number if number != 13 else -60))
    screen = terminal("status", "--watch", "-A", "-l", f"shop={shop.ns}", columns=120, rows=30)
    assert screen.shows("ErrImagePull") and screen.shows("Not shown: 4 faults")
    assert screen.words.startswith("NAMESPACE NAME READY WAITING SINCE EXPIRES IN ")
    assert screen.lines[1].split()[1:3] == ["web-13", "0/1"] and screen.lines[1].endswith("   expired")
    assert [line.split()[1] for line in screen.lines[2:4]] == ["web-29", "web-28"]
    assert (screen.lines[-2], len(screen.lines)) == ("30 faults in 1 namespace: 1 expired, 29 in place", 29)
    screen.resize(60, 20)
    assert screen.shows("Not shown: 14 faults; the column WAITING")
    assert screen.words.startswith("NAMESPACE NAME READY SINCE EXPIRES IN ")
    assert (screen.lines[1].split()[1], len(screen.lines)) == ("web-13", 19)
    screen.interrupt()
    assert (screen.finish(), "Traceback" in screen.text) == (130, False)


def test_watch_without_a_terminal_is_a_row_for_each_change(
    start: Start, shop: Place, corrupt: Corrupt, simulator: FaultySimulator
) -> None:
    process = start("status", "--watch", "-n", shop.ns)
    assert process.stderr.readline().startswith(f"No faults found in namespace {shop.ns}.")
    corrupt()
    assert process.stdout.readline().split() == ["NAME", "READY", "WAITING", "SINCE", "EXPIRES", "IN"]
    lines = iter(process.stdout.readline, "")
    assert any(line.startswith("web    2/2     ErrImagePull") for line in lines)
    simulator.faults.refuse()
    assert any("is not reachable" in line and line.endswith("; trying again\n") for line in lines)
    simulator.faults.accept()
    restore_image("web", shop.ns)
    assert any(line.startswith("web    2/2 ") and line.endswith(" gone\n") for line in lines)
    process.send_signal(signal.SIGINT)
    assert (process.wait(60), process.stderr.read()) == (130, "")


def test_watch_as_json_is_a_line_for_each_change(
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
