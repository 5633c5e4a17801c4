"""What kubectl prints in its columns."""

from chaosimagecorrupt.simulator.api.columns import BUILTIN_COLUMNS

from .cells import cell


def test_an_event_that_came_again_says_how_often() -> None:
    column = BUILTIN_COLUMNS["events"][0]
    times = {"firstTimestamp": "1970-01-01T00:00:00Z", "lastTimestamp": "1970-01-01T00:01:00Z"}
    assert column.show({**times, "count": 3}, 90.0) == "30s (x3 over 90s)"
    assert column.show({**times, "count": 1}, 90.0) == "30s"


def test_what_a_claim_was_given() -> None:
    status = {"accessModes": ["ReadWriteMany", "ReadWriteOnce"], "capacity": {"storage": "1Gi"}}
    assert cell("persistentvolumeclaims", "Access Modes", status=status) == "RWO,RWX"
    assert cell("persistentvolumeclaims", "Capacity", status=status) == "1Gi"
