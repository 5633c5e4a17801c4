"""A control that is declared in the settings and in the experiment judges once."""

from typing import Any

import pytest

from chaosimagecorrupt.actions import corrupt_image
from chaosimagecorrupt.control import (
    after_activity_control,
    after_experiment_control,
    before_activity_control,
    before_experiment_control,
    cleanup_control,
)
from chaosimagecorrupt.probes import image_pull_failing
from chaosimagecorrupt.record.memory import MEMORY
from chaosimagecorrupt.rollbacks import restore_image

from ..fixtures_http import NS, Shop

Object = dict[str, Any]


def run(shop: Shop, *calls: Object) -> Object:
    """Return the journal of a run on a Deployment, in which the control is called once for each of its arguments."""
    provider = {"module": "chaosimagecorrupt.actions", "func": "corrupt_image"}
    arguments = {"name": shop.name, "ns": NS}
    activity = {"type": "action", "name": "corrupt", "provider": {**provider, "arguments": arguments}}
    experiment = {"method": [activity]}
    journal: Object = {"status": "completed", "steady_states": {}}
    for given in calls:
        before_experiment_control(experiment, **given)
    for given in calls:
        before_activity_control(activity, **given)
    corrupt_image(shop.name, NS, guard=False)
    shop.simulator.advance(3)
    assert image_pull_failing(shop.name, NS, timeout=5)
    for given in calls:
        after_activity_control(activity, **given)
    shop.second_after_patches()
    restore_image(shop.name, NS)
    for given in calls:
        after_experiment_control(experiment, journal, **given)
    for _ in calls:
        cleanup_control()
    return journal


@pytest.fixture(autouse=True)
def only_this_run(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """The memory holds no faults of other tests."""
    monkeypatch.setenv("KUBECONFIG", str(shop.simulator.kubeconfig))
    MEMORY.forget()


@pytest.mark.parametrize("times", [1, 2, 3])
def test_the_verdict_is_the_same_however_often_the_control_is_declared(shop: Shop, times: int) -> None:
    journal = run(shop, *[{}] * times)
    section = journal["image-corrupt"]
    assert (section["verdict"], section["problems"], journal["status"]) == ("Resilient", [], "completed")
    assert len(section["targets"]) == 1


def test_the_arguments_of_the_experiment_count_before_those_of_the_settings(shop: Shop) -> None:
    settings, experiment = {"fail_on": ["Resilient"], "max_reconcile_cycles": 3}, {"fail_on": [], "recovery_within": 9}
    journal = run(shop, settings, experiment)
    assert journal["image-corrupt"]["thresholds"] == {
        "recovery_within": 9,
        "give_up_after": 180,
        "max_reconcile_cycles": 3,
        "fail_on": [],
    }
    assert journal["status"] == "completed"


def test_arguments_of_the_settings_count_when_the_experiment_has_none(shop: Shop) -> None:
    assert run(shop, {"fail_on": ["Resilient"]}, {})["status"] == "failed"
