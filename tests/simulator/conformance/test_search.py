"""The simulator against recordings of a real cluster, and the comparison itself."""

import copy
from collections.abc import Callable
from dataclasses import replace

import pytest

from chaosimagecorrupt.simulator.conformance import Recording, conform
from chaosimagecorrupt.simulator.conformance.compare import TOLERANCE
from chaosimagecorrupt.simulator.conformance.recording import Observation
from chaosimagecorrupt.simulator.types import Object

from .recorded import FEW, RECORDINGS, SCENARIOS


def recording(scenario: str) -> Recording:
    return Recording.load(RECORDINGS / f"{scenario}.jsonl")


def changed(scenario: str, change: Callable[[list[Observation]], object]) -> Recording:
    """Return a recording after a change of its events."""
    loaded = recording(scenario)
    observations = list(loaded.observations)
    change(observations)
    return replace(loaded, observations=observations)


def index_of(observations: list[Observation], kind: str, text: str, nth: int = 0) -> int:
    """Return the index of the nth event of a kind that contains a text."""
    return [i for i, seen in enumerate(observations) if seen.kind == kind and text in str(seen.object)][nth]


def left_out(kind: str, text: str, nth: int = 0) -> Callable[[list[Observation]], object]:
    return lambda observations: observations.pop(index_of(observations, kind, text, nth))


def altered(kind: str, text: str, change: Callable[[Object], object]) -> Callable[[list[Observation]], None]:
    def alter(observations: list[Observation]) -> None:
        index = index_of(observations, kind, text)
        obj = copy.deepcopy(observations[index].object)
        change(obj)
        observations[index] = replace(observations[index], object=obj)

    return alter


def swapped(kind: str, text: str) -> Callable[[list[Observation]], None]:
    """Swap an event with the next one of its object."""

    def swap(observations: list[Observation]) -> None:
        first = index_of(observations, kind, text)
        name = observations[first].name
        later = [i for i, seen in enumerate(observations) if i > first and (seen.kind, seen.name) == (kind, name)]
        one, two = observations[first], observations[later[0]]
        observations[first], observations[later[0]] = replace(two, t=one.t), replace(one, t=two.t)

    return swap


def delayed(seconds: float, since: float) -> Callable[[list[Observation]], None]:
    """Have the Pods' events after some time come later."""

    def delay(observations: list[Observation]) -> None:
        for index, seen in enumerate(observations):
            if seen.kind == "Pod" and seen.t > since:
                observations[index] = replace(seen, t=seen.t + seconds)

    return delay


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_the_simulator_does_what_the_real_cluster_did(scenario: str) -> None:
    result = conform(recording(scenario))
    assert result.difference is None, str(result.difference)
    assert result.states > result.objects


CHANGES: dict[str, tuple[str, Callable[[list[Observation]], object], str]] = {
    "the corruption left out": ("rolling-update", left_out("Deployment", "nonexistent:chaos"), "Deployment"),
    "a pull that fails left out": ("init-container", left_out("Pod", "'reason': 'ErrImagePull'"), "Pod"),
    "a back-off left out": ("long-hold", left_out("Pod", "'reason': 'ImagePullBackOff'", 1), "Pod"),
    "the deadline left out": ("deadline", left_out("Deployment", "ProgressDeadlineExceeded"), "Deployment"),
    "the replica failure left out": ("whitespace-image", left_out("ReplicaSet", "FailedCreate"), "ReplicaSet"),
    "a final state left out": ("invalid-reference", left_out("Pod", "'reason': 'InvalidImageName'"), "Pod"),
    "a Pod's end left out": ("recreate", left_out("Pod", "'phase': 'Failed'", -1), "Pod"),
    "the pause left out": ("paused", left_out("Deployment", "DeploymentPaused"), "Deployment"),
    "ready replicas miscounted": (
        "rolling-update",
        altered("Deployment", "'observedGeneration': 2", lambda obj: obj["status"].update(readyReplicas=1)),
        "Deployment",
    ),
    "replicas of a ReplicaSet miscounted": (
        "surge-zero",
        altered("ReplicaSet", "'terminatingReplicas': 1", lambda obj: obj["status"].update(replicas=3)),
        "ReplicaSet",
    ),
    "a rollout to no other revision": (
        "quick-restore",
        altered("ReplicaSet", "'deployment.kubernetes.io/revision': '3'", lambda obj: obj["metadata"]["annotations"].
                update({"deployment.kubernetes.io/revision": "4"})),
        "ReplicaSet",
    ),
    "another reason": (
        "sidecar",
        altered("Deployment", "ReplicaSetUpdated", lambda obj: obj["status"]["conditions"][-1].update(reason="Odd")),
        "Deployment",
    ),
    "a renumbering left out": ("sts-parallel", left_out("ControllerRevision", "'revision': 3"), "ControllerRevision"),
    "updated replicas miscounted": (
        "sts-ondelete",
        altered("StatefulSet", "'observedGeneration': 3", lambda obj: obj["status"].update(updatedReplicas=2)),
        "StatefulSet",
    ),
    "another revision": (
        "sts-rolling",
        altered("StatefulSet", "'observedGeneration': 2", lambda obj: obj["status"].update(
            updateRevision=obj["status"]["currentRevision"])),
        "StatefulSet",
    ),
    "an unavailable node left out": (
        "ds-rolling",
        altered("DaemonSet", "'numberUnavailable': 1", lambda obj: obj["status"].pop("numberUnavailable")),
        "DaemonSet",
    ),
    "states of a Pod swapped": ("init-container", swapped("Pod", "'reason': 'ErrImagePull'"), "Pod"),
    "states of a Deployment swapped": ("recreate", swapped("Deployment", "'updatedReplicas': 2"), "Deployment"),
    "a state too late": ("reverted-by-operator", delayed(4.0, since=4.5), "Pod"),
}  # fmt: skip


@pytest.mark.parametrize("name", CHANGES)
def test_a_recording_that_is_changed_on_purpose_is_reported(name: str) -> None:
    scenario, change, kind = CHANGES[name]
    original, other = recording(scenario), changed(scenario, change)
    where = next(a.t for a, b in zip(original.observations, other.observations, strict=False) if a is not b)
    difference = conform(other, FEW).difference
    assert difference is not None
    assert difference.object.startswith(kind) and difference.t > where - TOLERANCE


def test_an_object_that_was_never_recorded_is_reported() -> None:
    def without_second_pod(observations: list[Observation]) -> None:
        name = observations[index_of(observations, "Pod", "Pending", -1)].name
        observations[:] = [seen for seen in observations if seen.name != name]

    difference = conform(changed("rolling-update", without_second_pod), FEW).difference
    assert "(not recorded)" in str(difference) or "expected" in str(difference)


def test_an_object_that_the_simulator_does_not_make_is_reported() -> None:
    def twins(observations: list[Observation]) -> None:
        for seen in [each for each in observations if each.kind == "Pod"]:
            twin = copy.deepcopy(seen.object)
            twin["metadata"] |= {"uid": f"{twin['metadata']['uid']}-2", "name": f"{seen.name}-2"}
            observations.append(replace(seen, object=twin))
        observations.sort(key=lambda seen: seen.t)

    assert "never created by the simulator" in str(conform(changed("rolling-update", twins), FEW).difference)


def test_which_pod_is_which_and_in_what_order_they_change_does_not_matter() -> None:
    def renamed(observations: list[Observation]) -> None:
        for index, seen in enumerate(observations):
            if seen.kind == "Pod":
                obj = copy.deepcopy(seen.object)
                obj["metadata"]["name"] = seen.name[::-1]
                observations[index] = replace(seen, object=obj)

    assert conform(changed("zero-replicas", renamed)).difference is None
    assert conform(changed("quick-restore", renamed)).difference is None


def test_repeats_do_not_matter() -> None:
    def doubled(observations: list[Observation]) -> None:
        observations[:] = [seen for each in observations for seen in (each, each)]

    assert conform(changed("paused", doubled)).difference is None


@pytest.mark.parametrize("end", [0.75, 4.25, 6.3, 8.0, 50.3])
def test_a_recording_may_end_at_any_time(end: float) -> None:
    loaded = recording("recreate")
    cut = replace(loaded, observations=[seen for seen in loaded.observations if seen.t <= end], end=end)
    assert conform(cut).difference is None
