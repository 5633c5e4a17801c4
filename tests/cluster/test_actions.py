"""What corrupt_image does to a Deployment, also when others write at the same time."""

import copy
import json
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

import pytest

from chaosimagecorrupt.actions import corrupt_image
from chaosimagecorrupt.errors import Refused
from chaosimagecorrupt.probes import image_pull_failing, reconcile_cycles
from chaosimagecorrupt.record.annotations import original_image_key
from chaosimagecorrupt.rollbacks import restore_image

from ..fixtures_http import soon
from .conftest import IMAGE, OTHER_IMAGE

CORRUPT = "registry.invalid/nonexistent:chaos"
DIGEST = "sha256:" + "0123456789abcdef" * 4
LONG = "c" + "-2345678" * 7 + "-23456"
KEYS = {
    "id", "cluster", "namespace", "deployment", "container", "original_image", "corrupt_image", "injected", "expires",
    "strategy", "replicas", "guard_log", "warnings", "cause",
}  # fmt: skip


def containers(**images: Any) -> Any:
    return [{"name": name, "image": image} for name, image in images.items()]


class Bare(NamedTuple):
    """What a restore must give back."""

    metadata: Any
    spec: Any


def bare(deployment: Any) -> Bare:
    """What a restore must give back: metadata and spec, without what the API server counts."""
    counted = ("generation", "resourceVersion", "managedFields")
    metadata = {k: v for k, v in deployment["metadata"].items() if k not in counted}
    return Bare(metadata, deployment["spec"])


@pytest.mark.parametrize("named", [None, "", "app"])
def test_first_container_is_the_default(place: Any, named: Any) -> None:
    place.deploy(pod={"containers": containers(app=IMAGE, sidecar=IMAGE)}, settled=False)
    result = corrupt_image("web", place.ns, container_name=named, guard=False)
    assert (result["container"], result["original_image"], result["corrupt_image"]) == ("app", IMAGE, CORRUPT)
    assert (place.image("app"), place.image("sidecar")) == (CORRUPT, IMAGE)


@pytest.mark.parametrize("named", ["sidecar", "setup"])
def test_sidecar_and_init_container_are_corrupted_by_name(place: Any, named: Any) -> None:
    init = [{"name": "setup", "image": IMAGE, "restartPolicy": "Always"}]
    place.deploy(pod={"containers": containers(app=IMAGE, sidecar=IMAGE), "initContainers": init})
    before = place.get()
    corrupt_image("web", place.ns, container_name=named, guard=False)
    assert {c: place.image(c) for c in ("app", "sidecar", "setup")} == {
        **dict.fromkeys(("app", "sidecar", "setup"), IMAGE),
        named: CORRUPT,
    }
    assert image_pull_failing("web", place.ns)
    assert restore_image("web", place.ns)["outcome"] == "restored"
    assert bare(place.get()).spec == before["spec"]


@pytest.mark.parametrize("original", [f"localhost:5000/a/b@{DIGEST}", f"localhost:5000/a:v1@{DIGEST}", "localhost:1/a"])
@pytest.mark.parametrize("corrupt", [f"registry.invalid:5000/a@{DIGEST}", "registry.invalid/a:" + "t" * 128])
def test_digests_and_ports_come_back_as_they_were(place: Any, original: Any, corrupt: Any) -> None:
    place.deploy(pod={"containers": containers(app=original)}, settled=False)
    result = corrupt_image("web", place.ns, image=corrupt, guard=False)
    assert (result["original_image"], result["corrupt_image"], place.image()) == (original, corrupt, corrupt)
    restore_image("web", place.ns, clean_history=False)  # the original cannot be pulled either, so no rollout ends
    assert (place.image(), place.record()) == (original, {})


def test_container_name_of_63_characters_is_recorded_and_restored(place: Any) -> None:
    other = LONG[:-1] + "x"  # the same up to where the key is cut
    assert len(LONG) == 63
    place.deploy(pod={"containers": containers(**{LONG: IMAGE, other: OTHER_IMAGE})}, settled=False)
    for name in (LONG, other):
        corrupt_image("web", place.ns, container_name=name, guard=False)
    record = place.record()
    assert (record[original_image_key(LONG)], record[original_image_key(other)]) == (IMAGE, OTHER_IMAGE)
    restore_image("web", place.ns)
    assert (place.image(LONG), place.image(other), place.record()) == (IMAGE, OTHER_IMAGE, {})


def test_restore_gives_back_the_deployment_as_it_was(place: Any) -> None:
    place.deploy(metadata={"annotations": {"example.com/of-others": "stays"}, "labels": {"team": "shop"}})
    before = place.get()
    corrupt_image("web", place.ns, progress_deadline=60, guard=False)
    assert image_pull_failing("web", place.ns)
    restore_image("web", place.ns)
    place.settle()
    after = place.get()
    revisions = [d["metadata"]["annotations"].pop("deployment.kubernetes.io/revision") for d in (before, after)]
    assert bare(after) == bare(before)
    assert int(revisions[1]) > int(revisions[0])
    assert [e["manager"] for e in after["metadata"]["managedFields"] if e["manager"] == "chaosimagecorrupt"] == []


def test_progress_deadline_is_set_with_the_image_and_put_back_with_it(place: Any) -> None:
    place.deploy(progressDeadlineSeconds=120)
    result = corrupt_image("web", place.ns, progress_deadline=7, guard=False)
    assert (place.get()["spec"]["progressDeadlineSeconds"], result["warnings"]) == (7, [])
    restore_image("web", place.ns)
    assert place.get()["spec"]["progressDeadlineSeconds"] == 120


def test_progress_deadline_that_is_longer_than_the_present_one_is_left_out(place: Any) -> None:
    place.deploy(progressDeadlineSeconds=60)
    result = corrupt_image("web", place.ns, progress_deadline=120, guard=False)
    assert "not shorter than the present 60 s, which stays" in result["warnings"][0]
    assert place.get()["spec"]["progressDeadlineSeconds"] == 60


def test_dry_run_stores_nothing_and_returns_the_same_keys(place: Any) -> None:
    place.deploy()
    before = place.get()
    would = corrupt_image("web", place.ns, dry_run=True)
    assert (place.get(), place.guard_logs()) == (before, [])
    done = corrupt_image("web", place.ns, guard=False)
    assert set(would) == set(done) == KEYS
    changing = ("id", "injected", "expires")
    assert {k: v for k, v in would.items() if k not in changing} == {k: v for k, v in done.items() if k not in changing}


def test_dry_run_is_not_remembered(place: Any) -> None:
    place.deploy()
    corrupt_image("web", place.ns, dry_run=True)
    with pytest.raises(Exception, match="nothing to count from"):
        reconcile_cycles("web", place.ns)


def test_results_are_json(place: Any) -> None:
    place.deploy(settled=False)
    done = [corrupt_image("web", place.ns, guard=False), restore_image("web", place.ns)]
    assert json.loads(json.dumps(done, allow_nan=False)) == done


def test_two_containers_are_corrupted_and_restored_one_by_one(place: Any) -> None:
    place.deploy(pod={"containers": containers(app=IMAGE, sidecar=OTHER_IMAGE)}, settled=False)
    ids = {corrupt_image("web", place.ns, container_name=c, guard=False)["id"] for c in ("app", "sidecar")}
    first = restore_image("web", place.ns, container_name="app")
    assert [c["container"] for c in first["containers"]] == ["app"]
    assert (place.image("app"), place.image("sidecar")) == (IMAGE, CORRUPT)
    assert list(json.loads(place.record()["chaos.operatorchaos.io/image-corrupt"])) == ["sidecar"]
    second = restore_image("web", place.ns)
    assert {c["id"] for r in (first, second) for c in r["containers"]} == ids
    assert (place.image("sidecar"), place.record()) == (OTHER_IMAGE, {})


def test_two_containers_are_restored_at_once(place: Any) -> None:
    place.deploy(pod={"containers": containers(app=IMAGE, sidecar=OTHER_IMAGE)}, settled=False)
    for container in ("app", "sidecar"):
        corrupt_image("web", place.ns, container_name=container, guard=False)
    done = restore_image("web", place.ns)
    assert {c["container"]: c["outcome"] for c in done["containers"]} == {"app": "restored", "sidecar": "restored"}
    assert (place.image("app"), place.image("sidecar"), place.record()) == (IMAGE, OTHER_IMAGE, {})


def write_before_the_patch(simulator: Any, place: Any, change: Any) -> None:
    """Have someone else change the Deployment after it was read and before the patch arrives."""

    def write(request: pytest.FixtureRequest) -> None:
        deployment = copy.deepcopy(simulator.world.store.get("deployments.apps", place.ns, "web"))
        change(deployment)
        simulator.world.store.update("deployments.apps", deployment, manager="someone")

    simulator.faults.hook("before", write, method="PATCH", path=f"{place.ns}/deployments/web")


def test_write_between_read_and_patch_is_kept_and_the_original_is_the_newer_one(place: Any, simulator: Any) -> None:
    place.deploy(replicas=1, settled=False)

    def new_image(deployment: Any) -> None:
        deployment["spec"]["template"]["spec"]["containers"][0]["image"] = OTHER_IMAGE
        deployment["metadata"]["annotations"]["example.com/release"] = "2"

    write_before_the_patch(simulator, place, new_image)
    assert corrupt_image("web", place.ns, guard=False)["original_image"] == OTHER_IMAGE
    assert place.get()["metadata"]["annotations"]["example.com/release"] == "2"
    restore_image("web", place.ns)
    assert place.image() == OTHER_IMAGE


def test_pause_between_read_and_patch_is_refused_and_its_guard_ends(place: Any, simulator: Any) -> None:
    place.deploy(replicas=1, settled=False)
    write_before_the_patch(simulator, place, lambda deployment: deployment["spec"].update(paused=True))
    with pytest.raises(Refused, match="is paused"):
        corrupt_image("web", place.ns)
    assert (place.image(), place.record()) == (IMAGE, {})
    assert place.guards_ended()


def test_lost_answer_to_the_patch_is_found_out_and_is_no_second_injection(place: Any, simulator: Any) -> None:
    place.deploy(replicas=1, settled=False)
    simulator.faults.drop("after", method="PATCH", path=f"{place.ns}/deployments/web")
    result = corrupt_image("web", place.ns, guard=False)
    assert json.loads(place.record()["chaos.operatorchaos.io/image-corrupt"])["app"]["id"] == result["id"]
    assert (place.image(), result["original_image"]) == (CORRUPT, IMAGE)


def test_busy_deployment_is_corrupted_and_restored_and_nobody_elses_write_is_lost(place: Any) -> None:
    place.deploy(replicas=1, settled=False)

    def annotate(number: Any) -> None:
        for turn in range(5):
            place.api.patch(place.ns, "web", {"metadata": {"annotations": {f"example.com/{number}": str(turn)}}})

    with ThreadPoolExecutor(20) as writers:
        busy = [writers.submit(annotate, number) for number in range(20)]
        assert corrupt_image("web", place.ns, guard=False)["original_image"] == IMAGE
        assert restore_image("web", place.ns)["outcome"] == "restored"
        for writer in busy:
            writer.result()
    annotations = place.get()["metadata"]["annotations"]
    assert [annotations[f"example.com/{number}"] for number in range(20)] == ["4"] * 20
    assert (place.image(), place.record()) == (IMAGE, {})


def corrupt_both(place: Any, *images: Any) -> Any:
    """Corrupt the same container with each of the images at the same time; the one result, and the other's refusal."""
    together = threading.Barrier(2)

    def corrupt(image: Any) -> Any:
        together.wait()
        try:
            return corrupt_image("web", place.ns, image=image, guard=False)
        except Refused as x:
            return x

    with ThreadPoolExecutor(2) as both:
        won, lost = sorted(both.map(corrupt, images), key=lambda r: isinstance(r, Refused))
    return won, str(lost)


def test_of_two_at_the_same_time_exactly_one_wins_and_the_original_survives(place: Any) -> None:
    place.deploy(replicas=1, settled=False)
    for _ in range(5):
        won, lost = corrupt_both(place, "registry.invalid/one:1", "registry.invalid/two:1")
        assert f"already corrupted since {won['injected']}" in lost and won["id"] in lost
        assert (place.image(), place.record()[original_image_key("app")]) == (won["corrupt_image"], IMAGE)
        assert restore_image("web", place.ns)["containers"][0]["id"] == won["id"]


def test_loser_of_two_does_not_make_the_run_forget_the_winner(place: Any, simulator: Any) -> None:
    place.deploy(replicas=1)
    patch = {"method": "PATCH", "path": f"{place.ns}/deployments/web"}
    late = simulator.faults.hold("before", **patch)  # the loser has read, and decided, before the winner writes
    unheard = simulator.faults.hold("after", **patch, nth=2)  # the winner hears of it after the loser was refused
    with ThreadPoolExecutor(2) as both:
        loser = both.submit(corrupt_image, "web", place.ns, image="registry.invalid/lost:1", guard=False)
        assert soon(lambda: late.struck)
        winner = both.submit(corrupt_image, "web", place.ns, guard=False)
        assert soon(lambda: place.image() == CORRUPT)
        late.release()
        refusal = str(loser.exception(60))
        unheard.release()
        assert winner.result(60)["id"] in refusal
    place.api.patch(place.ns, "web", {"metadata": {"annotations": dict.fromkeys(place.record())}})
    assert reconcile_cycles("web", place.ns) == 1
