"""What kubectl prints in its columns."""

from typing import Any

import pytest

from chaosimagecorrupt.simulator.api.columns import BUILTIN_COLUMNS
from chaosimagecorrupt.simulator.api.human_duration import duration
from chaosimagecorrupt.simulator.api.jsonpath import find
from chaosimagecorrupt.simulator.types import Json

PENDING = {"phase": "Pending"}


def waiting(reason: str) -> Json:
    return {"state": {"waiting": {"reason": reason}}}


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (-5, "<invalid>"),
        (-1, "0s"),
        (0, "0s"),
        (119, "119s"),
        (120, "2m"),
        (190, "3m10s"),
        (3600, "60m"),
        (10800, "3h"),
        (12000, "3h20m"),
        (30000, "8h"),
        (180000, "2d2h"),
        (864000, "10d"),
        (86400 * 800, "2y70d"),
        (86400 * 365 * 9, "9y"),
    ],
)
def test_spans_of_time(seconds: int, text: str) -> None:
    assert duration(seconds) == text


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
def test_the_status_of_a_pod(status: Json, metadata: Json, shown: str) -> None:
    column = next(column for column in BUILTIN_COLUMNS["pods"] if column.name == "Status")
    pod = {"metadata": metadata, "spec": {"containers": [{}], "initContainers": [{}]}, "status": status}
    assert column.show(pod, 0.0) == shown


def test_an_event_that_came_again_says_how_often() -> None:
    column = BUILTIN_COLUMNS["events"][0]
    times = {"firstTimestamp": "1970-01-01T00:00:00Z", "lastTimestamp": "1970-01-01T00:01:00Z"}
    assert column.show({**times, "count": 3}, 90.0) == "30s (x3 over 90s)"
    assert column.show({**times, "count": 1}, 90.0) == "30s"


@pytest.mark.parametrize(
    ("path", "found"),
    [
        (".a.b", [1]),
        (".list[0].x", [1]),
        (".list[*].x", [1, 2]),
        (".list[-1].x", [2]),
        (".list[9].x", []),
        ('.list[?(@.name=="two")].x', [2]),
        (".dotted\\.name", [7]),
        (".a['b']", [1]),
        (".nothing.here", []),
        (".a{broken", []),
    ],
)
def test_json_paths(path: str, found: list[Any]) -> None:
    value = {"a": {"b": 1}, "list": [{"name": "one", "x": 1}, {"name": "two", "x": 2}], "dotted.name": 7}
    assert find(value, path) == found
