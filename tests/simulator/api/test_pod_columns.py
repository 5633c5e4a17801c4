"""The cells of a Pod."""

import pytest

from chaosimagecorrupt.simulator.api.columns import BUILTIN_COLUMNS
from chaosimagecorrupt.simulator.types import Object

PENDING = {"phase": "Pending"}


def waiting(reason: str) -> Object:
    return {"state": {"waiting": {"reason": reason}}}


@pytest.mark.parametrize(
    ("status", "metadata", "shown"),
    [
        (PENDING, {}, "Pending"),
        ({"phase": "Failed", "reason": "Evicted"}, {}, "Evicted"),
        (PENDING, {"deletionTimestamp": "2026-01-01T00:00:00Z"}, "Terminating"),
        ({**PENDING, "containerStatuses": [waiting("ImagePullBackOff")]}, {}, "ImagePullBackOff"),
        ({**PENDING, "initContainerStatuses": [waiting("ErrImagePull")]}, {}, "Init:ErrImagePull"),
        ({**PENDING, "initContainerStatuses": [{"state": {"running": {}}}]}, {}, "Init:0/1"),
        ({"phase": "Failed", "containerStatuses": [{"state": {"terminated": {"exitCode": 3}}}]}, {}, "ExitCode:3"),
        ({"phase": "Running", "containerStatuses": [{"state": {"running": {}}}]}, {}, "Running"),
    ],
)
def test_the_status_of_a_pod(status: Object, metadata: Object, shown: str) -> None:
    column = next(column for column in BUILTIN_COLUMNS["pods"] if column.name == "Status")
    pod = {"metadata": metadata, "spec": {"containers": [{}], "initContainers": [{}]}, "status": status}
    assert column.show(pod, 0.0) == shown
