"""`chaos image-corrupt restore`: put it back, with a row for each."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.cluster.simulated import Place
from tests.fixtures_http import soon

from ..faulty_simulator import FaultySimulator
from .conftest import CHAOS, Corrupt, Done, OpenTerminal, Process, Run, Start

CORRUPT = "registry.invalid/nonexistent:chaos"
RECORD = "chaos.operatorchaos.io/image-corrupt"
ORIGINAL = "chaos.operatorchaos.io/original-image-app"
EXPIRES = "chaos.operatorchaos.io/expires"


@pytest.fixture
def of_each_kind(shop: Place, corrupt: Corrupt) -> str:
    """A Deployment for each outcome, and what it is."""
    for name in ("restored", "healed", "superseded", "container-gone"):
        corrupt(name)
    original = str(json.loads(shop.record("restored")[RECORD])["app"]["original"])
    shop.api.set_image(shop.ns, "healed", original, "operator")
    shop.api.set_image(shop.ns, "superseded", "localhost/app:v3", "ci")
    other = [{"name": "app", "$patch": "delete"}, {"name": "other", "image": original}]
    shop.api.patch(shop.ns, "container-gone", {"spec": {"template": {"spec": {"containers": other}}}})
    return original


def outcomes(done: Done) -> dict[str, str]:
    return {r["deployment"]: r["outcome"] for r in done.json}


def test_two_corrupted_deployments_are_seen_and_healed_and_then_there_is_nothing(
    chaos: Run, shop: Place, corrupt: Corrupt
) -> None:
    corrupt("one")
    corrupt("two")
    assert len(chaos("status", "-n", shop.ns, "-o", "json").json) == 2
    first = chaos("restore", "--all", "-n", shop.ns)
    assert (first.code, [line.split()[1:4] for line in first.out.splitlines()[1:]]) == (
        0,
        [["one", "app", "restored"], ["two", "app", "restored"]],
    )
    again = chaos("restore", "--all", "-n", shop.ns)
    assert again.code == 0
    assert again.out.startswith(f'There is nothing to restore in namespace "{shop.ns}" of https://')
    assert (shop.record("one"), shop.record("two")) == ({}, {})


def test_dry_run_previews_what_is_done_and_does_nothing(command: Run, shop: Place, of_each_kind: str) -> None:
    kinds = ["restored", "healed", "superseded", "container-gone"]
    before = shop.writes()
    preview = command("restore", "--all", "-n", shop.ns, "--dry-run", "-o", "json")
    assert shop.writes() == before
    done = command("restore", "--all", "-n", shop.ns, "-o", "json")
    assert (preview.code, done.code) == (0, 0)
    assert outcomes(preview) == outcomes(done) == dict(zip(kinds, kinds, strict=True))


def test_rows_say_who_and_what(command: Run, shop: Place, of_each_kind: str) -> None:
    done = command("restore", "--all", "-n", shop.ns, "--dry-run")
    rows = {line.split()[1]: line for line in done.out.splitlines()}
    assert "WOULD BE" in done.out.splitlines()[0]
    assert f"{of_each_kind}, by operator at 2" in rows["healed"]
    assert "localhost/app:v3, which stays, by ci at 2" in rows["superseded"]
    assert rows["restored"].endswith(of_each_kind)


def test_dry_run_finds_a_corrupt_image_whose_record_is_gone(command: Run, shop: Place, corrupt: Corrupt) -> None:
    corrupt()
    labels = {"chaos.operatorchaos.io/type": None}
    shop.api.patch(
        shop.ns, "web", {"metadata": {"annotations": dict.fromkeys((RECORD, ORIGINAL, EXPIRES)), "labels": labels}}
    )
    (preview,) = command("restore", "web", "-n", shop.ns, "--dry-run", "-o", "json").json
    (done,) = command("restore", "web", "-n", shop.ns, "-o", "json").json
    assert preview["outcome"] == done["outcome"] == "restored"
    assert shop.image() != CORRUPT


@pytest.mark.parametrize("options", [[], ["--dry-run"], ["-l", "app=theirs"]], ids=str)
def test_a_record_of_operator_chaos_in_the_namespace_is_named_and_left(
    command: Run, shop: Place, of_operator_chaos: Corrupt, options: list[str]
) -> None:
    of_operator_chaos("theirs")
    note = "Left, made by operator-chaos, which may still run"
    left = f"{note}: Deployment {shop.ns}/theirs. To restore it, too: --unlabelled\n"
    everything = ["restore", "--all", "-n", shop.ns, *options]
    done, as_json = command(*everything), command(*everything, "-o", "json")
    assert (done.code, done.out, done.err) == (0, "", left)
    assert (as_json.code, as_json.json, as_json.err) == (0, [], left)
    assert shop.image(name="theirs") == "registry.invalid/theirs:1"


def test_beside_a_record_of_operator_chaos_the_others_are_restored(
    command: Run, shop: Place, corrupt: Corrupt, of_operator_chaos: Corrupt
) -> None:
    of_operator_chaos("theirs")
    corrupt("ours")
    done = command("restore", "--all", "-n", shop.ns, "-o", "json")
    assert (done.code, outcomes(done)) == (0, {"ours": "restored"})
    assert done.err.splitlines()[-1].startswith(
        f"Left, made by operator-chaos, which may still run: Deployment {shop.ns}"
    )
    assert shop.image(name="theirs") == "registry.invalid/theirs:1"


def test_what_only_lost_its_label_is_restored_in_its_namespace(command: Run, shop: Place, corrupt: Corrupt) -> None:
    corrupt()
    shop.api.patch(shop.ns, "web", {"metadata": {"labels": {"chaos.operatorchaos.io/type": None}}})
    done = command("restore", "--all", "-n", shop.ns, "-o", "json")
    assert (outcomes(done), shop.record()) == ({"web": "restored"}, {})


@pytest.mark.parametrize("output", ["text", "json"])
def test_where_not_every_deployment_is_read_it_says_how_to_find_records_of_operator_chaos(
    command: Run, shop: Place, corrupt: Corrupt, output: str
) -> None:
    nothing = ("restore", "-l", f"app={shop.ns}", "-o", output)
    done = command(*nothing)
    assert (done.code, done.err) == (0, "To find records of operator-chaos, too: --unlabelled\n")
    assert done.out.startswith(
        {"text": "There is nothing to restore in any namespace of https://", "json": "[]"}[output]
    )
    corrupt()
    shop.api.patch(shop.ns, "web", {"metadata": {"labels": {"app": shop.ns}}})
    done = command(*nothing)
    assert (shop.record(), done.err) == ({}, "To find records of operator-chaos, too: --unlabelled\n")
    for read_or_without_a_ttl in (["--unlabelled"], ["-n", shop.ns], ["--expired"]):
        assert command(*nothing, *read_or_without_a_ttl).err == ""


def test_a_record_of_operator_chaos_is_restored_when_that_is_asked_for_and_said_to_be_its_own(
    command: Run, shop: Place, of_operator_chaos: Corrupt
) -> None:
    original = of_operator_chaos()
    everything = ("restore", "--all", "-n", shop.ns, "-o", "json")
    for expired in (["--expired"], ["--expired", "--unlabelled"]):
        done = command(*everything, *expired)
        assert (done.json, done.err) == ([], "")
    (done,) = command(*everything, "--unlabelled").json
    assert (done["outcome"], shop.image(), shop.record()) == ("restored", original, {})
    assert done["warnings"] == ["the fault in container app is one of operator-chaos, which may still run"]


def test_only_what_has_expired(command: Run, shop: Place, corrupt: Corrupt) -> None:
    corrupt("old")
    corrupt("new")
    record = shop.record("old")[RECORD].replace(shop.record("old")[EXPIRES], "2020-01-01T00:00:00Z")
    shop.api.patch(shop.ns, "old", {"metadata": {"annotations": {RECORD: record}}})
    assert outcomes(command("restore", "--expired", "-n", shop.ns, "-o", "json")) == {"old": "restored"}


def test_only_what_the_selector_matches(command: Run, shop: Place, corrupt: Corrupt) -> None:
    corrupt("one")
    corrupt("two")
    assert outcomes(command("restore", "-l", "app=two", "-n", shop.ns, "-o", "json")) == {"two": "restored"}


def test_what_was_named_and_is_not_there_is_exit_code_1(command: Run, shop: Place) -> None:
    gone = command("restore", "web", "-n", shop.ns, "-o", "json")
    assert (gone.code, gone.json[0]["outcome"]) == (1, "deployment-gone")
    assert "found there: no Deployment at all" in gone.json[0]["error"]
    shop.deploy()
    assert command("restore", "web", "-n", shop.ns).code == 0
    without = command("restore", "web", "-n", shop.ns, "--container", "no")
    assert (without.code, "has no container 'no'; it has app" in without.out) == (1, True)


def test_a_namespace_that_is_not_there_is_an_error(command: Run, shop: Place) -> None:
    assert 'namespace "nope" does not exist' in command("restore", "--all", "-n", "nope").error


def test_one_that_cannot_be_restored_does_not_stop_the_others(
    command: Run, shop: Place, corrupt: Corrupt, simulator: FaultySimulator, impatient: None
) -> None:
    for name in ("one", "two", "three"):
        corrupt(name)
    simulator.faults.answer(500, "PATCH", f"{shop.ns}/deployments/two", times=None)
    done = command("restore", "--all", "-n", shop.ns, "-o", "json")
    assert (done.code, outcomes(done)) == (1, {"one": "restored", "two": "failed", "three": "restored"})


def test_many_have_a_progress_bar_that_does_not_stay(terminal: OpenTerminal, shop: Place, corrupt: Corrupt) -> None:
    corrupt("one")
    corrupt("two")
    screen = terminal("restore", "--all", "-n", shop.ns)
    assert screen.finish() == 0
    assert "━" in screen.raw.decode() and "━" not in screen.text
    assert screen.text.count("  restored  ") == 2


def test_a_cluster_that_goes_away_in_the_middle_leaves_a_row_for_each(
    start: Start, shop: Place, corrupt: Corrupt, simulator: FaultySimulator
) -> None:
    for name in ("one", "two", "three"):
        corrupt(name)
    held = simulator.faults.hold("before", "PATCH", f"{shop.ns}/deployments/t", times=None)
    process = start("restore", "--all", "-n", shop.ns, "-o", "json")
    assert soon(lambda: held.struck == 2 and shop.record("one") == {}, 60)
    simulator.faults.refuse()
    out, err = process.communicate(timeout=120)
    assert (process.returncode, "Traceback" in err) == (1, False)
    found = {r["deployment"]: r["outcome"] for r in json.loads(out)}
    assert set(found) == {"one", "two", "three"} and "failed" in found.values()
    assert all("is not reachable" in r["error"] for r in json.loads(out) if r["outcome"] == "failed")


def test_ctrl_c_says_what_is_done_and_what_is_not(
    terminal: OpenTerminal, shop: Place, corrupt: Corrupt, simulator: FaultySimulator
) -> None:
    corrupt("one")
    corrupt("two")
    simulator.faults.delay(3, "PATCH", f"{shop.ns}/deployments/two")
    screen = terminal("restore", "--all", "-n", shop.ns)
    assert screen.shows("restored app to")
    screen.interrupt()
    assert screen.finish() == 130
    assert "Interrupted: " in screen.text and "Traceback" not in screen.text


def test_a_reader_that_goes_away_ends_it_quietly(shop: Place, corrupt: Corrupt, tmp_path: Path) -> None:
    corrupt()
    quoted = " ".join(CHAOS)
    piped = f"{quoted} watch web -n {shop.ns} | head -n 1; echo ${{PIPESTATUS[0]}}"
    done = Process(["bash", "-c", piped], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert "corrupted" in done.stdout.readline()
    shop.api.set_image(shop.ns, "web", "localhost/app:v9")
    out, err = done.communicate(timeout=60)
    assert (out, err) == ("141\n", "")
