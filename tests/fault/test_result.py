"""What the activities that corrupt images return."""

from typing import Any

from chaosimagecorrupt.fault.decide import InjectionPlan
from chaosimagecorrupt.fault.result import injection_result, with_guard
from chaosimagecorrupt.record.entry import Entry

from ..manifests import a_deployment

PLAN = InjectionPlan(None, Entry("app", "localhost/app:v1", "registry.invalid/x:1"), ["short ttl"])


def test_a_deployment_without_a_strategy_has_the_default_one_of_kubernetes() -> None:
    after: Any = a_deployment()
    after["spec"]["strategy"] = None
    assert injection_result(PLAN, after)["strategy"] == "RollingUpdate"


def test_the_warnings_of_the_guard_come_after_those_of_the_injection() -> None:
    found = with_guard(injection_result(PLAN, a_deployment()), {"guard_log": "/tmp/log", "warnings": ["in a pod"]})
    assert (found["warnings"], found["guard_log"]) == (["short ttl", "in a pod"], "/tmp/log")
