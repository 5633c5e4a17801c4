"""What the API server refuses in an Event; kubernetes/pkg/apis/core/validation/events.go."""

import pytest

from chaosimagecorrupt.simulator.types import Object

from ..calls import PureCalls
from .events import ABOUT, CORE, OLDER, created


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"eventTime": None}, "eventTime"),
        ({"type": "Other"}, "type"),
        ({"type": None}, "type"),
        ({"reason": None}, "reason"),
        ({"reason": "x" * 129}, "reason"),
        ({"action": None}, "action"),
        ({"action": "x" * 129}, "action"),
        ({"note": "x" * 1023 + "é"}, "message"),
        ({"reportingController": None}, "reportingController"),
        ({"reportingController": "not/a/name"}, "reportingController"),
        ({"reportingInstance": None}, "reportingInstance"),
        ({"reportingInstance": "x" * 129}, "reportingInstance"),
        ({"deprecatedCount": 1}, "count"),
        ({"deprecatedSource": {"component": "x"}}, "source"),
        ({"deprecatedFirstTimestamp": "2026-11-26T02:00:00Z"}, "firstTimestamp"),
        ({"deprecatedLastTimestamp": "2026-11-26T02:00:00Z"}, "lastTimestamp"),
        ({"series": {"count": 1, "lastObservedTime": "2026-11-26T02:00:00.000000Z"}}, "series.count"),
        ({"series": {"count": 2}}, "series.lastObservedTime"),
        ({"metadata": {"name": "Not_a_name"}}, "metadata.name"),
    ],
)
def test_a_new_event_of_the_group_is_validated_strictly(calls: PureCalls, changes: Object, field: str) -> None:
    answer = created(calls, **changes)
    assert answer.status == 422 and field in answer.fields


def test_an_event_about_what_has_no_namespace_is_in_that_of_the_cluster(calls: PureCalls) -> None:
    assert created(calls, regarding={"kind": "Node", "name": "n"}).status == 201


def test_the_longest_note_is_counted_in_bytes(calls: PureCalls) -> None:
    assert created(calls, note="x" * 1022 + "é").status == 201


def test_an_older_event_is_to_be_in_the_namespace_of_what_it_is_about(calls: PureCalls) -> None:
    answer = calls("POST", CORE, {**OLDER, "involvedObject": {**ABOUT, "namespace": "other"}})
    assert (answer.status, answer.fields) == (422, ["involvedObject.namespace"])
