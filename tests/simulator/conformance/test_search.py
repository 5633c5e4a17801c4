"""The simulator against recordings of a real cluster, and the comparison itself."""

import copy
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from chaosimagecorrupt.simulator.conformance import Recording, UnusableRecording, conform
from chaosimagecorrupt.simulator.conformance.__main__ import main
from chaosimagecorrupt.simulator.conformance.compare import TOLERANCE
from chaosimagecorrupt.simulator.conformance.recording import Observation
from chaosimagecorrupt.simulator.types import Json

RECORDINGS = Path(__file__).parent.parent.parent / "recordings"
SCENARIOS = sorted(path.stem for path in RECORDINGS.glob("*.jsonl") if path.stem != "api")

FEW = 15
"""Runs that may get no further, where a difference is expected: more would only take longer."""


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


def altered(kind: str, text: str, change: Callable[[Json], object]) -> Callable[[list[Observation]], None]:
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
    "another revision": (
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


def test_the_tool_runs_as_a_process_over_all_recordings() -> None:
    paths = [str(RECORDINGS / f"{scenario}.jsonl") for scenario in SCENARIOS]
    command = [sys.executable, "-m", "chaosimagecorrupt.simulator.conformance", *paths]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    print(done.stdout)
    assert done.returncode == 0, done.stdout + done.stderr
    assert [line.split(":")[0] for line in done.stdout.splitlines()] == SCENARIOS
    assert all(": agree (" in line for line in done.stdout.splitlines())


def test_the_tool_says_where_a_recording_differs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = (RECORDINGS / "zero-replicas.jsonl").read_text().splitlines()
    path = tmp_path / "changed.jsonl"
    dropped = [line for line in lines if '"kind":"Deployment"' in line and "NewReplicaSetCreated" in line][-1]
    path.write_text("\n".join(line for line in lines if line is not dropped))
    assert main([str(path), "--patience", str(FEW)]) == 1
    assert capsys.readouterr().out.startswith(
        "zero-replicas: differs: Deployment web: expected observedGeneration 2, revision 2 at 3.83 s, "
        "found revision 2, Progressing True/NewReplicaSetCreated at 3.8"
    )


UNUSABLE = [
    ("", "the first line is no header with a scenario"),
    ("not JSON", "cannot be read"),
    ('{"scenario": "s"}', "no Deployment is created in it: there is nothing to replay"),
    ('{"scenario": "s"}\n{"step": "create"}', "line 2 has no time"),
    ('{"scenario": "s"}\n{"t": 1, "kind": "Pod", "type": "ADDED"}', "line 2 has no object"),
    (
        '{"scenario": "s"}\n{"t": 1, "kind": "Pod", "type": "ADDED", "object": {"metadata": {"name": "a"}}}',
        "line 2: the object has no namespace, uid, creationTimestamp",
    ),
]


@pytest.mark.parametrize(("text", "message"), UNUSABLE)
def test_what_cannot_be_replayed_is_refused_with_a_reason(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, message: str
) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_text(text)
    assert main([str(path)]) == 2
    assert capsys.readouterr().out.startswith(f"bad.jsonl: cannot be replayed: {message}")


def test_a_file_that_is_not_there_cannot_be_replayed(tmp_path: Path) -> None:
    with pytest.raises(UnusableRecording, match="cannot be read"):
        Recording.load(tmp_path / "none.jsonl")


def test_one_bad_recording_does_not_keep_the_others_from_being_compared(capsys: pytest.CaptureFixture[str]) -> None:
    code = main([str(RECORDINGS / "api.jsonl"), str(RECORDINGS / "paused.jsonl")])
    assert code == 2
    assert "paused: agree" in capsys.readouterr().out


@pytest.mark.parametrize("end", [0.75, 4.25, 6.3, 8.0, 50.3])
def test_a_recording_may_end_at_any_time(end: float) -> None:
    loaded = recording("recreate")
    cut = replace(loaded, observations=[seen for seen in loaded.observations if seen.t <= end], end=end)
    assert conform(cut).difference is None
