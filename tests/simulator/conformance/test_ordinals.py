"""Objects of two runs correspond by the order of their creation."""

from chaosimagecorrupt.simulator.conformance.ordinals import UNKNOWN, Ordinals
from chaosimagecorrupt.simulator.conformance.recording import Observation


def added(kind: str, name: str, owner: str | None = None, type_: str = "ADDED", uid: str = "") -> Observation:
    owners = [{"uid": owner}] if owner else []
    metadata = {"name": name, "uid": uid or f"uid-{name}", "ownerReferences": owners}
    return Observation(0, kind, type_, {"metadata": metadata})


def test_pods_are_counted_by_their_replica_set() -> None:
    ordinals = Ordinals([
        added("ReplicaSet", "a"),
        added("Pod", "a1", "uid-a"),
        added("ReplicaSet", "b"),
        added("Pod", "b1", "uid-b"),
        added("Pod", "a2", "uid-a"),
    ])  # fmt: skip
    first, second = "Pod of ReplicaSet 0", "Pod of ReplicaSet 1"
    assert [ordinals.of(f"uid-{name}") for name in ("a", "b", "a1", "a2", "b1")] == [
        ("ReplicaSet", 0),
        ("ReplicaSet", 1),
        (first, 0),
        (first, 1),
        (second, 0),
    ]
    assert ordinals.name_at((first, 1)) == "a2" and ordinals.name_at((second, 1)) is None


def test_the_pods_of_a_stateful_set_are_counted_by_their_name() -> None:
    ordinals = Ordinals([
        added("StatefulSet", "web"),
        added("Pod", "web-1", "uid-web", uid="one"),
        added("Pod", "web-0", "uid-web", uid="zero"),
        added("Pod", "web-1", "uid-web", uid="one again"),
    ])  # fmt: skip
    found = [ordinals.of(uid) for uid in ("zero", "one", "one again")]
    assert found == [
        ("Pod web-0 of StatefulSet 0", 0),
        ("Pod web-1 of StatefulSet 0", 0),
        ("Pod web-1 of StatefulSet 0", 1),
    ]


def test_a_pod_without_an_owner_is_counted_apart() -> None:
    assert Ordinals([added("Pod", "lonely")]).of("uid-lonely") == ("Pod of  -1", 0)


def test_what_was_not_seen_to_be_created_has_no_ordinal() -> None:
    assert Ordinals([added("Pod", "old", type_="MODIFIED")]).of("uid-old") == UNKNOWN


def test_a_second_creation_of_an_object_changes_nothing() -> None:
    ordinals = Ordinals([added("ReplicaSet", "a"), added("ReplicaSet", "a"), added("ReplicaSet", "b")])
    assert (ordinals.of("uid-a"), ordinals.of("uid-b")) == (("ReplicaSet", 0), ("ReplicaSet", 1))
