"""Which Deployment an object belongs to, of many whose objects come by the same watch."""

import pytest

from chaosimagecorrupt.timeline.ownership import deployment_of

LONG = "a" * 60
NAMES = {"web": 1, "web-api": 2, LONG: 3}
OWNED = {"metadata": {"name": "web-1", "ownerReferences": [{"kind": "Deployment", "name": "web", "controller": True}]}}
OBJECTS = {
    "a Deployment": ("Deployment", {"metadata": {"name": "web"}}, "web"),
    "another Deployment": ("Deployment", {"metadata": {"name": "other"}}, None),
    "a ReplicaSet": ("ReplicaSet", OWNED, "web"),
    "a ReplicaSet without an owner": ("ReplicaSet", {"metadata": {"name": "web-1"}}, None),
    "a pod": ("Pod", {"state": {"replicaSet": "web-api-abc"}}, "web-api"),
    "a pod without an owner": ("Pod", {"state": {}}, None),
    "an event": ("Event", {"state": {"pod": "web-api-abc-1"}}, "web-api"),
    "an event of another pod": ("Event", {"state": {"pod": "other-abc-1"}}, None),
    "an event of a pod whose name is cut": ("Event", {"state": {"pod": "a" * 58 + "xyz12"}}, LONG),
    "an event of a ReplicaSet": ("Event", {"state": {"replicaSet": "web-api-abc"}}, "web-api"),
    "an event of another ReplicaSet": ("Event", {"state": {"replicaSet": "web"}}, None),
    "an event that is not about a pull": ("Event", {"state": None}, None),
}


@pytest.mark.parametrize(("kind", "found", "name"), OBJECTS.values(), ids=list(OBJECTS))
def test_the_deployment_of_an_object(kind: str, found: dict[str, object], name: str | None) -> None:
    assert deployment_of(kind, found, NAMES) == name
