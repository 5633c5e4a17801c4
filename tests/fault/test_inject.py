"""Putting the fault in place, and what the guard hears of it."""

from typing import Any

import pytest

from chaosimagecorrupt.errors import Refused
from chaosimagecorrupt.fault.inject import GuardHandle, Injection
from chaosimagecorrupt.fault.spec import FaultSpec
from chaosimagecorrupt.guard.report import GuardProcess
from chaosimagecorrupt.kube.settings import Settings
from chaosimagecorrupt.record.annotations import read_record
from chaosimagecorrupt.record.entry import Entry
from chaosimagecorrupt.record.memory import MEMORY
from chaosimagecorrupt.workload.target import Target

from ..in_process_client import InProcessClient, Place, web_place
from ..simulated_cluster import CORRUPT, IMAGE, NS
from ..traces import images

PATH = f"/apis/apps/v1/namespaces/{NS}/deployments/web"


class ReportedGuard(GuardProcess):
    """Keeps the reports instead of writing them to a pipe."""

    def __init__(self) -> None:
        self.log, self.reports = "", list[str]()

    def decided(self, entry: Entry) -> None:
        self.reports.append(f"decided {entry.original}")

    def injected(self, injection_id: str) -> None:
        self.reports.append("injected")

    def undone(self, injection_id: str) -> None:
        self.reports.append("undone")

    def release(self, injection_id: str) -> None:
        self.reports.append("released")

    def leave(self, injection_id: str) -> None:
        self.reports.append("nothing")


def patched(place: Place, patch: dict[str, Any]) -> None:
    """Change the Deployment as another client does."""
    place.ask("PATCH", PATH, patch, "application/strategic-merge-patch+json", fieldManager="someone")


def test_the_image_and_the_record_are_in_place_and_the_guard_knows() -> None:
    place, guard = web_place(), ReportedGuard()
    process = InProcessClient(place, "plain")
    injection = Injection(
        Target("web", NS, process), FaultSpec(None, CORRUPT, 60.0), GuardHandle(Settings(), lambda *_: guard)
    )
    plan, after = injection.inject()
    stored = place.ask("GET", PATH).body
    assert images(stored) == images(after) == {"app": CORRUPT}
    assert read_record(stored) == {"app": plan.entry} and plan.entry.original == IMAGE
    assert guard.reports == ["injected"]
    fault = MEMORY.fault(Target("web", NS, process))
    assert fault is not None and fault.confirmed and fault.left == [plan.entry]


def test_a_dry_run_stores_nothing_and_starts_no_guard() -> None:
    place, handle = web_place(), GuardHandle(Settings(), lambda *_: pytest.fail("a guard was started"))
    injection = Injection(Target("web", NS, InProcessClient(place, "dry")), FaultSpec(None, CORRUPT, 60.0), handle)
    _, after = injection.dry_run()
    assert images(after) == {"app": CORRUPT}
    assert images(place.ask("GET", PATH).body) == {"app": IMAGE}


@pytest.mark.parametrize(("trouble", "report"), [("lose", "nothing"), (None, "released")])
def test_the_guard_is_released_only_when_nothing_can_have_been_stored(trouble: str | None, report: str) -> None:
    """Someone writes at the same time; then the Deployment is looked at again, and is refused."""
    place, guard = web_place(), ReportedGuard()
    process = InProcessClient(place, "injector")
    process.troubles = [None, trouble]
    # at the patch, whose version is then too old, or at its repetition, of which that is known already
    other = {"metadata": {"annotations": None, "labels": {"chaos.operatorchaos.io/type": "AnotherFault"}}}
    process.meanwhile = {3 if trouble else 2: lambda: patched(place, other)}
    injection = Injection(
        Target("web", NS, process), FaultSpec(None, CORRUPT, 60.0), GuardHandle(Settings(), lambda *_: guard)
    )
    with pytest.raises(Refused):
        injection.inject()
    assert guard.reports == [report]


def test_the_guard_gets_the_original_that_was_decided_last() -> None:
    place, guard = web_place(), ReportedGuard()
    process = InProcessClient(place, "injector")
    deployed = {"spec": {"template": {"spec": {"containers": [{"name": "app", "image": "localhost/app:v2"}]}}}}
    process.meanwhile = {2: lambda: patched(place, deployed)}
    guard_handle = GuardHandle(Settings(), lambda *_: guard)
    Injection(Target("web", NS, process), FaultSpec(None, CORRUPT, 60.0), guard_handle).inject()
    assert (set(guard.reports[:-1]), guard.reports[-1]) == ({"decided localhost/app:v2"}, "injected")
