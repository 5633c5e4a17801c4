"""A process that is killed at any step, from the beginning of the corruption to the end of the restore."""

import os
import signal
import time

from chaosimagecorrupt.simulator import Simulator
from chaosimagecorrupt.simulator.faults import Moment

from .connected import soon
from .crashing import CORRUPTED
from .yard import NS, Yard

pytest_plugins = ["tests.yards"]

# Seconds; promised is to be healed 5 after the expiry, and the rest is for a slow machine with much to do
TTL, IN_TIME = 3.0, 20.0
LONG_TTL, OUTAGE = 5.0, float(os.environ.get("OUTAGE", "2"))  # seconds, the latter after the expiry
# Every so manieth line; all of them: CRASH_STRIDE=1
STRIDE = int(os.environ.get("CRASH_STRIDE", "7"))


def assert_promised(yard: Yard, names: list[str]) -> None:
    """All are healed in time, nothing was lost, and neither a trace nor a process is left."""
    corrupted = [n for n in names if n in yard.corrupted]
    last = max((yard.corrupted[n] for n in corrupted), default=0.0) + TTL + IN_TIME
    soon(lambda: all(n in yard.healed for n in corrupted), last - time.time())
    late = {n: yard.healed.get(n, 0.0) - yard.corrupted[n] for n in corrupted}
    assert {n: s for n, s in late.items() if not 0 <= s <= TTL + IN_TIME} == {}
    assert set(yard.lost).isdisjoint(names)
    assert soon(lambda: not any(map(yard.left, names))), {n: yard.left(n) for n in names}
    # not knowing whether a patch is still on its way, a guard stays a while: it ends when it is told to
    for pid in [p for n in names if n not in corrupted for p in yard.guards(n)]:
        os.kill(pid, signal.SIGTERM)
    assert soon(lambda: not any(map(yard.guards, names))), {n: yard.guards(n) for n in names}
    assert not any(map(yard.left, names))


def test_killed_at_any_line(yard: Yard) -> None:
    yard.live({"whole": 0}, TTL)
    lines = yard.events("whole")
    assert lines > 200
    names = [f"line-{n}" for n in range(1, lines + 1, STRIDE)]
    yard.live(dict(zip(names, range(1, lines + 1, STRIDE), strict=True)), TTL)
    assert len([n for n in names if not yard.events(n)]) > len(names) * 0.9  # how often one waits differs
    assert len([n for n in names if n in yard.corrupted]) > len(names) / 4
    assert len([n for n in names if n not in yard.corrupted]) > len(names) / 4
    assert_promised(yard, ["whole", *names])


def trouble(yard: Yard, how: str, name: str) -> None:
    """Let the API server behave so towards all that concerns a Deployment."""
    faults = yard.simulator.faults
    if how.isdecimal():
        faults.answer(int(how), path=name, times=None, retry_after=1 if how == "429" else None)
    elif how == "slow":
        faults.delay(2.5, path=name, times=None)
    else:
        faults.drop("before" if how == "dropped" else "after", path=name, times=None)


def test_healed_soon_after_the_api_server_is_well_again(yard: Yard) -> None:
    names = {how: f"trouble-{how}" for how in ("500", "503", "429", "slow", "dropped", "lost")}
    yard.live(dict.fromkeys(names.values(), CORRUPTED), LONG_TTL)
    assert set(names.values()) <= set(yard.corrupted)
    assert set(names.values()).isdisjoint(yard.healed)
    for how, name in names.items():
        trouble(yard, how, name)
    time.sleep(LONG_TTL + OUTAGE)
    # an answer that is lost comes after the image is back
    assert {how for how, name in names.items() if name in yard.healed} <= {"lost", "slow"}
    yard.simulator.faults.clear()
    well = time.time()
    assert soon(lambda: all(n in yard.healed for n in names.values()), IN_TIME)
    assert max(yard.healed[n] for n in names.values()) - well < IN_TIME
    assert soon(lambda: not any(map(yard.left, names.values())))
    assert soon(lambda: not any(map(yard.guards, names.values())))


def test_healed_soon_after_the_api_server_is_back(yard: Yard) -> None:
    with Simulator([{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": NS}}]) as simulator:
        away = Yard(simulator, yard.folder / "away")
        away.live({"away": CORRUPTED}, LONG_TTL)
        simulator.faults.refuse()
        time.sleep(LONG_TTL + OUTAGE)
        assert "away" not in away.healed
        back = time.time()
        simulator.faults.accept()
        assert soon(lambda: "away" in away.healed, IN_TIME)
        assert away.healed["away"] - back < IN_TIME
        assert soon(lambda: not away.left("away") and not away.guards("away"))


def test_killed_at_any_request(yard: Yard) -> None:
    """When the request arrives, and after the server has acted but before it answers."""
    moments: list[Moment] = ["before", "after"]
    yard.live({"undisturbed": 0}, TTL)
    requests = sum("undisturbed" in r.path for r in yard.simulator.requests)  # the guard's too
    assert requests > 10
    names = [[f"{moment}-{n}-x" for n in range(1, requests + 1)] for moment in moments]
    for moment, those in zip(moments, names, strict=True):
        for n, name in enumerate(those, start=1):
            yard.simulator.faults.hook(moment, lambda _, name=name: yard.kill(name), path=name, nth=n)
    yard.live(dict.fromkeys(names[0] + names[1], 0), TTL)
    yard.simulator.faults.clear()
    assert_promised(yard, names[0] + names[1])
    assert [bool(yard.events(those[0])) for those in names] == [False, False]
