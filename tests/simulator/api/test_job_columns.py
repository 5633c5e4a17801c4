"""The cells of Jobs and CronJobs."""

import pytest

from chaosimagecorrupt.simulator.types import Object

from .cells import cell


@pytest.mark.parametrize(
    ("conditions", "metadata", "shown"),
    [
        ([], {}, "Running"),
        ([{"type": "Complete", "status": "True"}], {}, "Complete"),
        ([{"type": "Failed", "status": "True"}, {"type": "FailureTarget", "status": "True"}], {}, "Failed"),
        ([{"type": "Complete", "status": "False"}], {}, "Running"),
        ([{"type": "Suspended", "status": "True"}], {}, "Suspended"),
        ([], {"deletionTimestamp": "2026-01-01T00:00:00Z"}, "Terminating"),
    ],
)
def test_the_status_of_a_job(conditions: list[Object], metadata: Object, shown: str) -> None:
    assert cell("jobs.batch", "Status", metadata=metadata, status={"conditions": conditions}) == shown


def test_the_completions_of_a_job() -> None:
    status = {"succeeded": 2}
    assert cell("jobs.batch", "Completions", spec={"completions": 3}, status=status) == "2/3"
    assert cell("jobs.batch", "Completions", spec={"parallelism": 1}) == "0/1"
    assert cell("jobs.batch", "Completions", spec={"parallelism": 4}, status=status) == "2/1 of 4"


def test_how_long_a_job_ran() -> None:
    started = {"startTime": "1970-01-01T00:00:20Z"}
    assert cell("jobs.batch", "Duration") == ""
    assert cell("jobs.batch", "Duration", status=started) == "3m"
    assert cell("jobs.batch", "Duration", status={**started, "completionTime": "1970-01-01T00:00:50Z"}) == "30s"


def test_when_a_cron_job_was_scheduled() -> None:
    status = {"lastScheduleTime": "1970-01-01T00:02:20Z", "active": [{}]}
    assert cell("cronjobs.batch", "Last Schedule", status=status) == "60s"
    assert cell("cronjobs.batch", "Last Schedule") == "<none>"
    assert cell("cronjobs.batch", "Active", status=status) == 1
