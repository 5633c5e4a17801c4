"""`chaos image-corrupt sweep`: restore what has expired, for a CronJob."""

import json
import signal
from collections.abc import Callable

import pytest

from tests.cluster.simulated import Place

from ..faulty_simulator import FaultySimulator
from .conftest import Corrupt, Run, Start

RECORD, EXPIRES = "chaos.operatorchaos.io/image-corrupt", "chaos.operatorchaos.io/expires"


@pytest.fixture
def expired(shop: Place, corrupt: Corrupt) -> Callable[[str], None]:
    """Return what creates a corrupted Deployment whose ttl is over."""

    def make(name: str) -> None:
        corrupt(name)
        found = shop.record(name)
        record = found[RECORD].replace(found[EXPIRES], "2020-01-01T00:00:00Z")
        shop.api.patch(shop.ns, name, {"metadata": {"annotations": {RECORD: record}}})

    return make


def test_what_has_expired_is_a_line_each_and_what_has_not_stays(
    chaos: Run, shop: Place, corrupt: Corrupt, expired: Callable[[str], None]
) -> None:
    expired("old")
    corrupt("new")
    done = chaos("sweep", "-n", shop.ns)
    assert (done.code, done.err) == (0, "")
    assert [(r["deployment"], r["outcome"]) for r in done.lines] == [("old", "restored")]
    assert (shop.record("old"), bool(shop.record("new"))) == ({}, True)


def test_a_record_of_operator_chaos_is_reported_as_its_own_and_left(
    command: Run, shop: Place, of_operator_chaos: Corrupt, expired: Callable[[str], None]
) -> None:
    of_operator_chaos("theirs")
    expired("ours")
    assert [r["deployment"] for r in command("sweep", "-n", shop.ns).lines] == ["ours"]
    done = command("sweep", "-n", shop.ns, "--unlabelled")
    (left,) = done.lines
    assert (done.code, left.pop("reason")) == (
        0,
        f"the record has no ttl; to undo it: chaos image-corrupt restore theirs -n {shop.ns}",
    )
    named = {"namespace": shop.ns, "deployment": "theirs", "by": "operator-chaos"}
    assert left == {**named, "outcome": "left", "containers": ["app"]}
    assert shop.image(name="theirs") == "registry.invalid/theirs:1"


@pytest.mark.parametrize("json_text", [None, "{"], ids=["gone", "broken"])
def test_a_record_of_which_only_the_image_and_the_expiry_are_left_is_undone(
    command: Run, shop: Place, corrupt: Corrupt, json_text: str | None
) -> None:
    corrupt("damaged")
    [original] = (v for k, v in shop.record("damaged").items() if "original-image" in k)
    annotations = {RECORD: json_text, EXPIRES: "2020-01-01T00:00:00Z"}
    shop.api.patch(shop.ns, "damaged", {"metadata": {"annotations": annotations}})
    done = command("sweep", "-n", shop.ns)
    assert (done.code, [r["outcome"] for r in done.lines]) == (0, ["restored"])
    assert (shop.image(name="damaged"), shop.record("damaged")) == (original, {})


def test_nothing_to_do_prints_nothing(command: Run, shop: Place) -> None:
    done = command("sweep", "-n", shop.ns)
    assert (done.code, done.out, done.err) == (0, "", "")


def test_one_that_cannot_be_restored_is_exit_code_1(
    command: Run, shop: Place, expired: Callable[[str], None], simulator: FaultySimulator, impatient: None
) -> None:
    expired("old")
    simulator.faults.answer(500, "PATCH", times=None)
    done = command("sweep", "-n", shop.ns)
    assert (done.code, [r["outcome"] for r in done.lines]) == (1, ["failed"])


def test_without_an_api_server_it_is_one_line(
    command: Run, shop: Place, simulator: FaultySimulator, impatient: None
) -> None:
    simulator.faults.refuse()
    assert "is not reachable" in command("sweep").error


def test_staying_it_says_that_the_api_server_is_away_and_goes_on(
    start: Start, shop: Place, expired: Callable[[str], None], simulator: FaultySimulator
) -> None:
    simulator.faults.refuse()
    process = start("sweep", "-n", shop.ns, "--interval", "1s")
    away = json.loads(process.stdout.readline())
    assert away["outcome"] == "failed" and "is not reachable" in away["error"]
    simulator.faults.accept()
    expired("old")
    lines = iter(process.stdout.readline, "")
    assert any((found := json.loads(line)).get("deployment") == "old" for line in lines)
    assert found["outcome"] == "restored"
    process.send_signal(signal.SIGINT)
    assert (process.wait(60), "Traceback" in process.stderr.read()) == (130, False)


@pytest.mark.parametrize("interval", ["0", "-1s", "often", "1e400", ""])
def test_an_interval_that_is_none_is_refused(command: Run, shop: Place, interval: str) -> None:
    assert command("sweep", "--interval", interval).usage_error.startswith("--interval: ")


def test_metrics_that_node_exporter_does_not_read_are_refused(command: Run, shop: Place) -> None:
    with shop.no_request():
        assert command("sweep", "--metrics", "faults.txt").usage_error.endswith("node_exporter ignores it")
