"""What the checks of the hypothesis came to, as Chaos Toolkit's journal has them."""

from typing import Any

from chaoslib.hypothesis import run_steady_state_hypothesis
from chaoslib.run import EventHandlerRegistry

from chaosimagecorrupt.control.steady_states import answer, hypothesis_of
from chaosimagecorrupt.errors import Unreachable

Json = dict[str, Any]


def probe(name: str, *command: str, tolerance: Any = 0) -> Json:
    provider = {"type": "process", "path": command[0], "arguments": list(command[1:])}
    return {"type": "probe", "name": name, "tolerance": tolerance, "provider": provider}


def check(*probes: Json) -> Json:
    """Return what Chaos Toolkit itself keeps of a check."""
    experiment = {"steady-state-hypothesis": {"title": "test", "probes": list(probes)}}
    return dict(run_steady_state_hypothesis(experiment, {}, {}, None, EventHandlerRegistry()))


def unreachable() -> bool:
    """A probe that cannot reach the API server."""
    raise Unreachable("the API server is not reachable: refused")


def absent(**arguments: Any) -> Json:
    provider = {
        "type": "python",
        "module": "chaosimagecorrupt.probes",
        "func": "pods_ready",
        "arguments": {"name": "web", **arguments},
    }
    return {"type": "probe", "name": "ready", "tolerance": True, "provider": provider}


def test_a_phase_without_checks_is_none() -> None:
    found = hypothesis_of({"steady_states": {"before": None, "after": None, "during": []}})
    assert (found.before, found.during, found.after) == (None, None, None)
    assert hypothesis_of({}).before is None


def test_a_check_that_is_met_has_no_failed_probe() -> None:
    found = hypothesis_of({"steady_states": {"before": check(probe("ok", "true"))}}).before
    assert found is not None and (found.number, found.unmet, found.failed) == (1, 0, ())


def test_a_probe_that_is_not_within_its_tolerance_says_what_it_answered() -> None:
    found = hypothesis_of({"steady_states": {"after": check(probe("ok", "true"), probe("no", "false"))}}).after
    assert found is not None and found.unmet == 1
    assert [str(p) for p in found.deviations] == ['no answered {"status": 1, "stdout": "", "stderr": ""}, expected 0']
    assert found.errors == [] and found.failed[0].at


def test_a_probe_that_raises_says_its_error() -> None:
    found = hypothesis_of({"steady_states": {"before": check(absent(ns="../x"))}}).before
    assert found is not None and found.deviations == []
    assert str(found.errors[0]).startswith("ready raised Refused: ns: '../x' is not the name of a namespace")
    assert not found.errors[0].unreachable


def test_an_api_server_that_is_away_is_told_from_other_errors() -> None:
    provider = {"type": "python", "module": __name__, "func": "unreachable", "arguments": {}}
    failed = check({**absent(), "provider": provider})
    found = hypothesis_of({"steady_states": {"before": failed}}).before
    assert found is not None and found.errors[0].unreachable
    assert str(found.errors[0]) == "ready raised Unreachable: the API server is not reachable: refused"


def test_each_probe_that_fails_during_the_method_is_kept_once() -> None:
    states = [check(probe("ok", "true")), *(check(probe("no", "false")) for _ in range(3)), None]
    found = hypothesis_of({"steady_states": {"during": states}}).during
    assert found is not None and (found.number, found.unmet, len(found.failed)) == (4, 3, 1)


def test_text_of_a_probe_is_one_short_line() -> None:
    noisy = probe("noisy\x1b[2J", "bash", "-c", "printf '\\033[31m%01000d\\n' 1", tolerance=1)
    found = hypothesis_of({"steady_states": {"before": check(noisy)}}).before
    assert found is not None and len(str(found.failed[0])) < 300 and str(found.failed[0]).isprintable()


def test_an_http_answer_is_told_without_its_headers() -> None:
    run = {
        "status": "succeeded",
        "activity": {"provider": {"type": "http", "url": "http://shop/healthz"}, "tolerance": 200},
        "output": {"status": 503, "headers": {"Date": "x" * 100}, "body": "no database"},
    }
    assert answer(run) == 'answered {"status": 503, "body": "no database"}, expected 200'
