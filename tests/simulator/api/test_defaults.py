"""Defaults of objects."""

from chaosimagecorrupt.simulator.api.defaults import default
from chaosimagecorrupt.simulator.types import Object

from ..calls import PureCalls


def test_a_secret_is_stored_encoded(calls: PureCalls) -> None:
    secret = {"metadata": {"name": "s"}, "stringData": {"word": "xyz"}}
    made = calls("POST", "/api/v1/namespaces/default/secrets", secret).body
    assert (made["data"], made["type"], "stringData" in made) == ({"word": "eHl6"}, "Opaque", False)


def test_a_limit_range_s_limits_follow_from_its_maximum_and_its_requests_from_them() -> None:
    item: Object = {"type": "Container", "max": {"cpu": "1"}, "min": {"cpu": "100m", "memory": "64Mi"}}
    whole: Object = {"type": "Pod", "max": {"cpu": "1"}}
    obj: Object = {"spec": {"limits": [item, whole]}}
    default("limitranges", obj)
    assert item["default"] == {"cpu": "1"}
    assert item["defaultRequest"] == {"cpu": "1", "memory": "64Mi"}
    assert whole == {"type": "Pod", "max": {"cpu": "1"}}
