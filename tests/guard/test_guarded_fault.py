"""Whether a fault is in place, and its stop condition is met, as the API's JSON shows it."""

from dataclasses import replace
from typing import Any

from chaosimagecorrupt.guard.guarded_fault import GuardedFault
from chaosimagecorrupt.record.annotations import read_record
from chaosimagecorrupt.record.entry import Entry

from ..manifests import a_deployment, corrupted

Object = Any


def a_fault() -> tuple[Object, Entry]:
    """A Deployment with a fault, and its injection as the record has it."""
    deployment = corrupted(a_deployment())
    [entry] = read_record(deployment).values()
    return deployment, entry


def without_record(deployment: Object) -> Object:
    return {**deployment, "metadata": {**deployment["metadata"], "annotations": {}}}


def test_a_deployment_that_is_gone_has_no_fault() -> None:
    assert GuardedFault(a_fault()[1]).look(None) == (False, "")


def test_its_record_tells_what_was_sent_and_not_what_was_planned() -> None:
    deployment, entry = a_fault()
    fault = GuardedFault(replace(entry, original="planned:before"))
    assert fault.look(deployment) == (True, "")
    assert fault.entry == entry


def test_the_image_tells_it_when_the_record_is_gone() -> None:
    deployment, entry = a_fault()
    assert GuardedFault(entry).look(without_record(deployment)) == (True, "")
    assert GuardedFault(entry).look(a_deployment()) == (False, "")


def test_the_fault_of_another_injection_is_another() -> None:
    deployment, entry = a_fault()
    assert GuardedFault(replace(entry, id="another")).look(deployment) == (False, "")


def test_too_few_ready_pods_meet_the_stop_condition() -> None:
    deployment, entry = a_fault()
    fault = GuardedFault(replace(entry, stop_below="2"))
    assert fault.look(without_record(deployment))[1] == ""
    status = {**deployment["status"], "readyReplicas": 1}
    losing: Object = {**without_record(deployment), "status": status}
    assert "1 of 2 pods are ready" in fault.look(losing)[1]
