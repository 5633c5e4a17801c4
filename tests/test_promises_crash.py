"""A process that is killed at any step, from the beginning of the corruption to the end of the restore."""

import os
import signal
import time
from collections.abc import Iterator
from functools import partial
from itertools import islice

from .crashing import CORRUPTED
from .faulty_simulator import FaultySimulator
from .fixtures_http import soon
from .simulated_cluster import NS, SimulatedCluster
from .simulator_faults import Moment

pytest_plugins = ["tests.fixtures_simulated_cluster"]

# Seconds; promised is to be healed 5 after the expiry, and the rest is for a slow machine with much else to do
TTL, IN_TIME = 3.0, float(os.environ.get("IN_TIME", "20"))
LONG_TTL, OUTAGE = 5.0, float(os.environ.get("OUTAGE", "2"))  # seconds, the latter after the expiry
# How many processes are killed, each at another line until all lines had their turn, and how many of them in one go
KILLS, BATCH = int(os.environ.get("KILLS", "40")), 100
WHOLE = 5  # how many of them live to their end before


def kill(simulated_cluster: SimulatedCluster, name: str, request: object) -> None:
    """Kill the process that corrupts a Deployment; as a hook of the simulator."""
    simulated_cluster.kill(name)


def assert_promised(simulated_cluster: SimulatedCluster, names: list[str]) -> None:
    """All are healed in time, nothing was lost, and neither a trace nor a process is left."""
    corrupted = [n for n in names if n in simulated_cluster.corrupted]
    last = max((simulated_cluster.corrupted[n] for n in corrupted), default=0.0) + TTL + IN_TIME
    soon(lambda: all(n in simulated_cluster.healed for n in corrupted), last - time.time())
    late = {n: simulated_cluster.healed.get(n, 0.0) - simulated_cluster.corrupted[n] for n in corrupted}
    assert {n: s for n, s in late.items() if not 0 <= s <= TTL + IN_TIME} == {}
    assert set(simulated_cluster.lost).isdisjoint(names)
    assert soon(lambda: not any(map(simulated_cluster.left, names))), {n: simulated_cluster.left(n) for n in names}
    # not knowing whether a patch is still on its way, a guard stays a while: it ends on SIGTERM
    for pid in [p for n in names if n not in corrupted for p in simulated_cluster.guards(n)]:
        os.kill(pid, signal.SIGTERM)
    assert soon(lambda: not any(map(simulated_cluster.guards, names))), {n: simulated_cluster.guards(n) for n in names}
    assert not any(map(simulated_cluster.left, names))


def test_killed_at_any_line(simulated_cluster: SimulatedCluster) -> None:
    whole = [f"whole-{n}" for n in range(WHOLE)]
    lines = fewest_lines(simulated_cluster, whole)
    assert lines > 200
    kills = {f"kill-{n}": 1 + n * lines // KILLS for n in range(KILLS)}
    for batch in batches(list(kills)):
        simulated_cluster.live({name: kills[name] for name in batch}, TTL)
        assert_promised(simulated_cluster, batch)
    assert_promised(simulated_cluster, whole)
    assert len([n for n in kills if not simulated_cluster.events(n)]) > KILLS * 0.9
    assert len([n for n in kills if n in simulated_cluster.corrupted]) > KILLS / 4
    assert len([n for n in kills if n not in simulated_cluster.corrupted]) > KILLS / 4


def test_killed_at_any_line_of_a_second_injection(simulated_cluster: SimulatedCluster) -> None:
    """Its guard is that of the first one, whichever of the two is in place."""
    lines = fewest_lines(simulated_cluster, [f"second-whole-{n}" for n in range(WHOLE)], "first-")
    count = KILLS // 2
    kills = {f"second-{n}": 1 + n * lines // count for n in range(count)}
    for batch in batches(list(kills)):
        simulated_cluster.live({name: kills[name] for name in batch}, TTL, "first-")
        assert_promised(simulated_cluster, [*batch, *(f"first-{name}" for name in batch)])
    assert all(f"first-{name}" in simulated_cluster.corrupted for name in kills)
    assert len([n for n in kills if n in simulated_cluster.corrupted]) > count / 4
    assert len([n for n in kills if n not in simulated_cluster.corrupted]) > count / 4


def fewest_lines(simulated_cluster: SimulatedCluster, names: list[str], before: str = "") -> int:
    """Return how many lines a process has at least that comes to its end: one that waits more often has more."""
    simulated_cluster.live(dict.fromkeys(names, 0), TTL, before)
    return min(map(simulated_cluster.events, names))


def batches(names: list[str]) -> Iterator[list[str]]:
    """Return the names, BATCH at a time: what a guard waits for must not depend on how many others there are."""
    remaining = iter(names)
    while batch := list(islice(remaining, BATCH)):
        yield batch


def trouble(simulated_cluster: SimulatedCluster, how: str, name: str) -> None:
    """Let the API server behave so towards all that concerns a Deployment."""
    faults = simulated_cluster.simulator.faults
    if how.isdecimal():
        faults.answer(int(how), path=name, times=None, retry_after=1 if how == "429" else None)
    elif how == "slow":
        faults.delay(2.5, path=name, times=None)
    else:
        faults.drop("before" if how == "dropped" else "after", path=name, times=None)


def test_healed_soon_after_the_api_server_is_well_again(simulated_cluster: SimulatedCluster) -> None:
    names = {how: f"trouble-{how}" for how in ("500", "503", "429", "slow", "dropped", "lost")}
    simulated_cluster.live(dict.fromkeys(names.values(), CORRUPTED), LONG_TTL)
    assert set(names.values()) <= set(simulated_cluster.corrupted)
    assert set(names.values()).isdisjoint(simulated_cluster.healed)
    for how, name in names.items():
        trouble(simulated_cluster, how, name)
    time.sleep(LONG_TTL + OUTAGE)
    # an answer that is lost comes after the image is back
    assert {how for how, name in names.items() if name in simulated_cluster.healed} <= {"lost", "slow"}
    simulated_cluster.simulator.faults.clear()
    well = time.time()
    assert soon(lambda: all(n in simulated_cluster.healed for n in names.values()), IN_TIME)
    assert max(simulated_cluster.healed[n] for n in names.values()) - well < IN_TIME
    assert soon(lambda: not any(map(simulated_cluster.left, names.values())))
    assert soon(lambda: not any(map(simulated_cluster.guards, names.values())))


def test_healed_soon_after_the_api_server_is_back(simulated_cluster: SimulatedCluster) -> None:
    with FaultySimulator([{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": NS}}]) as simulator:
        away = SimulatedCluster(simulator, simulated_cluster.folder / "away")
        away.live({"away": CORRUPTED}, LONG_TTL)
        simulator.faults.refuse()
        time.sleep(LONG_TTL + OUTAGE)
        assert "away" not in away.healed
        back = time.time()
        simulator.faults.accept()
        assert soon(lambda: "away" in away.healed, IN_TIME)
        assert away.healed["away"] - back < IN_TIME
        assert soon(lambda: not away.left("away") and not away.guards("away"))


def test_killed_at_any_request(simulated_cluster: SimulatedCluster) -> None:
    """When the request arrives, and after the server has acted but before it answers."""
    moments: list[Moment] = ["before", "after"]
    simulated_cluster.live({"undisturbed": 0}, TTL)
    requests = sum("undisturbed" in r.path for r in simulated_cluster.simulator.requests)  # the guard's too
    assert requests > 10
    names = [[f"{moment}-{n}-x" for n in range(1, requests + 1)] for moment in moments]
    for moment, those in zip(moments, names, strict=True):
        for n, name in enumerate(those, start=1):
            simulated_cluster.simulator.faults.hook(moment, partial(kill, simulated_cluster, name), path=name, nth=n)
    simulated_cluster.live(dict.fromkeys(names[0] + names[1], 0), TTL)
    simulated_cluster.simulator.faults.clear()
    assert_promised(simulated_cluster, names[0] + names[1])
    assert [bool(simulated_cluster.events(those[0])) for those in names] == [False, False]
