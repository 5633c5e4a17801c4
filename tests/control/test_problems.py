"""What went wrong with the run itself is said in one sentence each."""

from typing import Any

import pytest

from chaosimagecorrupt.control.judging import Judging
from chaosimagecorrupt.control.problems import problems_of
from chaosimagecorrupt.record.fault import Fault

INJECTION = {"provider": {"module": "chaosimagecorrupt.actions", "func": "corrupt_image", "arguments": {"name": "web"}}}
NO_EFFECT = "the fault did not take effect: no pod of Deployment shop/web was observed that could not pull the image"


CLUSTER: Any = None  # no problem depends on the connection


def fault(**changed: Any) -> Fault:
    return Fault(CLUSTER, "shop", "web", "uid", 2, **{"confirmed": True, "pull_failed_at": 1.0, **changed})


def problems(
    *faults: Fault, method: Any = (INJECTION,), errors: Any = None, targets: Any = (), **journal: Any
) -> list[str]:
    experiment = {"method": list(method)}
    return problems_of(experiment, Judging({}, None, None), journal, faults, errors or {}, targets)


def test_a_fault_that_bit_and_was_restored_is_no_problem() -> None:
    assert problems(fault()) == []


def test_a_method_that_injects_and_did_not_is_a_problem() -> None:
    assert problems() == ["the fault was not injected"] == problems(fault(confirmed=False))


@pytest.mark.parametrize("method", [(), ({"ref": "x"},), ("odd",)])
def test_a_method_that_does_not_inject_has_nothing_to_miss(method: Any) -> None:
    assert problems(method=method) == []


@pytest.mark.parametrize(("met", "found"), [(True, ["the fault was not injected"]), (False, [])])
def test_nothing_is_injected_when_the_steady_state_is_not_met_before(met: bool, found: list[str]) -> None:
    assert problems(steady_states={"before": {"steady_state_met": met}}) == found


def test_a_fault_without_a_proof_did_not_take_effect() -> None:
    assert problems(fault(pull_failed_at=None)) == [NO_EFFECT]


@pytest.mark.parametrize(("verdict", "found"), [("Resilient", []), ("Degraded", []), ("Inconclusive", [NO_EFFECT])])
def test_an_owner_that_undid_the_fault_explains_the_missing_proof(verdict: str, found: list[str]) -> None:
    targets = [{"namespace": "shop", "deployment": "web", "verdict": verdict}]
    assert problems(fault(pull_failed_at=None), targets=targets) == found


def test_what_could_not_be_restored_is_said_once() -> None:
    assert problems(fault(pull_failed_at=None), errors={"Deployment shop/web": "forbidden"}) == [
        "Deployment shop/web is not restored: forbidden; restore it: chaos image-corrupt restore web -n shop"
    ]


def test_arguments_that_make_no_sense_are_a_problem() -> None:
    judging = Judging({}, None, None)
    judging.refused = "fail_on: 'Odd' is no verdict"
    assert problems_of({}, judging, {}, [], {}, []) == ["fail_on: 'Odd' is no verdict"]
