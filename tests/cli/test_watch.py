"""`chaos image-corrupt watch`: one rollout, live."""

import json
import signal

from chaosimagecorrupt.actions import corrupt_image
from chaosimagecorrupt.rollbacks import restore_image
from tests.cluster.simulated import Place
from tests.fixtures_http import soon

from ..faulty_simulator import FaultySimulator
from .conftest import Corrupt, OpenTerminal, Run, Start


def test_a_terminal_shows_the_corruption_the_outage_and_the_recovery(
    terminal: OpenTerminal, shop: Place, corrupt: Corrupt, simulator: FaultySimulator
) -> None:
    corrupt()
    screen = terminal("watch", "web", "-n", shop.ns)
    assert screen.shows("ErrImagePull")
    assert f"{shop.ns}/web: CORRUPTED, expires in " in screen.text and "since the corruption" in screen.text
    assert screen.shows("1 pull tried, the next in about ") or "2 pulls tried, the next in about " in screen.text
    assert screen.text.count(f"{shop.ns}/web") == 1
    simulator.faults.refuse()
    assert screen.shows("is not reachable") and "The last state:" in screen.words
    simulator.faults.accept()
    restore_image("web", shop.ns)
    assert screen.shows(f"{shop.ns}/web: recovered ") and " s after the restore" in screen.text
    assert (screen.finish(), "since the restore" in screen.text, "Traceback" in screen.text) == (0, True, False)


def test_a_quota_that_keeps_new_pods_away_is_said_in_its_own_words(terminal: OpenTerminal, shop: Place) -> None:
    shop.deploy()
    quota = {"metadata": {"name": "small"}, "spec": {"hard": {"pods": "2"}}}
    shop.api.core.create_namespaced_resource_quota(shop.ns, quota)

    def is_counted() -> bool:
        status = shop.api.core.read_namespaced_resource_quota("small", shop.ns).status
        return bool(status and status.used)

    assert soon(is_counted, 60)
    corrupt_image("web", shop.ns, ttl="1h", guard=False)
    screen = terminal("watch", "web", "-n", shop.ns, columns=60)
    assert screen.shows("ReplicaFailure: FailedCreate: pods ") and screen.shows("exceeded quota: small")
    screen.resize(100, 20)
    assert screen.shows("PODS IMAGES") and screen.text.count(f"{shop.ns}/web") == 1
    screen.interrupt()
    assert screen.finish() == 130


def test_a_terminal_of_80_columns_keeps_its_lines(terminal: OpenTerminal, shop: Place, corrupt: Corrupt) -> None:
    corrupt()
    screen = terminal("watch", "web", "-n", shop.ns, columns=80)
    assert screen.shows("ErrImagePull")
    screen.interrupt()
    assert screen.finish() == 130
    assert screen.text.count("REPLICASET") == 1


def test_without_a_terminal_each_change_is_a_line(
    start: Start, shop: Place, corrupt: Corrupt, simulator: FaultySimulator
) -> None:
    corrupt()
    process = start("watch", "web", "-n", shop.ns)
    lines = iter(process.stdout.readline, "")
    assert any("ErrImagePull (name does not resolve), corrupted" in line for line in lines)
    simulator.faults.refuse()
    assert any("is not reachable" in line and line.endswith("; trying again\n") for line in lines)
    simulator.faults.accept()
    restore_image("web", shop.ns)
    assert any("recovered " in line and line.endswith(" s after the restore, 1 pull tried\n") for line in lines)
    assert (process.wait(60), process.stderr.read()) == (0, "")


def test_json_is_a_line_for_each_change(start: Start, shop: Place, corrupt: Corrupt) -> None:
    corrupt()
    process = start("watch", "web", "-n", shop.ns, "-o", "json")
    first = json.loads(process.stdout.readline())
    assert (first["corrupted"], first["recovered"], first["error"]) == (True, False, None)
    restore_image("web", shop.ns)
    last = [json.loads(line) for line in process.stdout][-1]
    assert (last["corrupted"], last["recovered"], process.wait(60)) == (False, True, 0)
    assert 3500 < first["expires_in"] < 3601 and last["expires_in"] is None
    assert first["recovery_seconds"] is None and last["recovery_seconds"] == last["seconds_since_restore"]


def test_a_deployment_that_is_deleted_and_made_again_is_followed(start: Start, shop: Place) -> None:
    shop.deploy()
    process = start("watch", "web", "-n", shop.ns, "--stay")
    lines = iter(process.stdout.readline, "")
    assert any("waiting for a fault" in line for line in lines)
    shop.api.apps.delete_namespaced_deployment("web", shop.ns)
    assert any("gone" in line or "is not in namespace" in line for line in lines)
    shop.deploy()
    assert any("waiting for a fault" in line for line in lines)
    process.send_signal(signal.SIGINT)
    assert (process.wait(60), process.stderr.read()) == (130, "")


def test_opened_before_the_fault_it_waits_for_the_fault_and_its_recovery(start: Start, shop: Place) -> None:
    shop.deploy()
    process = start("watch", "web", "-n", shop.ns)
    assert "waiting for a fault" in (first := process.stdout.readline()) and "recovered" not in first
    corrupt_image("web", shop.ns, ttl="1h", guard=False)
    lines = iter(process.stdout.readline, "")
    assert any("corrupted" in line for line in lines)
    restore_image("web", shop.ns)
    assert any("recovered" in line for line in lines)
    assert (process.wait(60), process.stderr.read()) == (0, "")


def test_one_that_is_not_there_is_one_line(command: Run, shop: Place) -> None:
    assert "found there: no Deployment at all" in command("watch", "web", "-n", shop.ns).error
