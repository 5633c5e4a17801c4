"""Objects of two runs correspond by the order of their creation."""

from chaosimagecorrupt.simulator.conformance.ordinals import Ordinals
from chaosimagecorrupt.simulator.conformance.recording import Observation


def added(kind: str, name: str, owner: str | None = None, type_: str = "ADDED") -> Observation:
    owners = [{"uid": owner}] if owner else []
    return Observation(0, kind, type_, {"metadata": {"name": name, "uid": f"uid-{name}", "ownerReferences": owners}})


def test_pods_are_counted_by_their_replica_set() -> None:
    ordinals = Ordinals([
        added("ReplicaSet", "a"),
        added("Pod", "a1", "uid-a"),
        added("ReplicaSet", "b"),
        added("Pod", "b1", "uid-b"),
        added("Pod", "a2", "uid-a"),
    ])  # fmt: skip
    assert [ordinals.of(name) for name in ("a", "b", "a1", "a2", "b1")] == [
        (0, None),
        (1, None),
        (0, 0),
        (0, 1),
        (1, 0),
    ]
    assert ordinals.name_at((0, 1)) == "a2" and ordinals.name_at((1, 1)) is None


def test_a_pod_without_a_replica_set_is_counted_apart() -> None:
    assert Ordinals([added("Pod", "lonely")]).of("lonely") == (-1, 0)


def test_what_was_not_seen_to_be_created_has_no_ordinal() -> None:
    assert Ordinals([added("Pod", "old", type_="MODIFIED")]).of("old") is None


def test_a_second_creation_of_a_name_changes_nothing() -> None:
    ordinals = Ordinals([added("ReplicaSet", "a"), added("ReplicaSet", "a"), added("ReplicaSet", "b")])
    assert (ordinals.of("a"), ordinals.of("b")) == ((0, None), (1, None))
