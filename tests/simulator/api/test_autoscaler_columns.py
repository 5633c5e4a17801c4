"""The cells of HorizontalPodAutoscalers."""

import pytest

from chaosimagecorrupt.simulator.types import Object

from .cells import cell

CPU = {"type": "Resource", "resource": {"name": "cpu", "target": {"averageUtilization": 80}}}
MEMORY = {"type": "Resource", "resource": {"name": "memory", "target": {"averageValue": "1Gi"}}}
QUEUE = {"type": "External", "external": {"target": {"averageValue": "30"}}}
RATE = {"type": "Pods", "pods": {"target": {"averageValue": "5"}}}
DEPTH = {"type": "Object", "object": {"target": {"value": "2k"}}}


@pytest.mark.parametrize(
    ("metrics", "seen", "shown"),
    [
        ([], [], "<none>"),
        ([CPU], [], "cpu: <unknown>/80%"),
        ([CPU], [{"resource": {"current": {"averageUtilization": 0}}}], "cpu: 0%/80%"),
        ([MEMORY], [{"resource": {"current": {"averageValue": "9Mi"}}}], "memory: 9Mi/1Gi"),
        ([QUEUE, DEPTH], [{"external": {"current": {"averageValue": "7"}}}], "7/30 (avg), <unknown>/2k"),
        ([RATE, CPU, MEMORY], [], "<unknown>/5, cpu: <unknown>/80% + 1 more..."),
    ],
)
def test_the_targets_of_an_autoscaler(metrics: list[Object], seen: list[Object], shown: str) -> None:
    told = cell(
        "horizontalpodautoscalers.autoscaling", "Targets", spec={"metrics": metrics}, status={"currentMetrics": seen}
    )
    assert told == shown
