"""Each row of what a restore finds: what is done, and what it is reported as."""

import copy
import json
import os
import time
from typing import Any

import pytest

from chaosimagecorrupt.actions import corrupt_image
from chaosimagecorrupt.errors import Refused
from chaosimagecorrupt.fault.inject import Injection
from chaosimagecorrupt.fault.spec import FaultSpec
from chaosimagecorrupt.kube.client import Cluster
from chaosimagecorrupt.kube.settings import read_settings
from chaosimagecorrupt.kube.timing import ClientTiming
from chaosimagecorrupt.probes import deployment_recovered, image_corrupted
from chaosimagecorrupt.record.memory import MEMORY
from chaosimagecorrupt.rollbacks import restore_image, restore_images
from chaosimagecorrupt.workload.target import Target
from tests.fixtures_http import soon
from tests.memories import another_memory

from .conftest import IMAGE, OTHER_IMAGE

PREFIX = "chaos.operatorchaos.io/"
CORRUPT = "registry.invalid/nonexistent:chaos"


@pytest.fixture
def corrupted(place: Any) -> Any:
    """A Deployment `web` with a corrupted container `app`."""
    place.deploy(replicas=1, progressDeadlineSeconds=60, settled=False)
    corrupt_image("web", place.ns, progress_deadline=30, guard=False)
    return place


@pytest.fixture
def another_process() -> Any:
    """Return what makes this process forget what it did, as if a new one took over."""
    return MEMORY.forget


def strip(place: Any, *keys: Any) -> None:
    """Remove these annotations of the record, or all of it with its label."""
    metadata = {"annotations": dict.fromkeys(keys or place.record())}
    if not keys:
        metadata["labels"] = {PREFIX + "type": None}
    place.api.patch(place.ns, "web", {"metadata": metadata})


def assert_nothing_is_left(place: Any, image: Any = IMAGE, deadline: Any = 60) -> None:
    deployment = place.get()
    assert (place.image(), place.record(), deployment["spec"]["progressDeadlineSeconds"]) == (image, {}, deadline)
    assert "chaosimagecorrupt" not in json.dumps(deployment["metadata"]["managedFields"])
    sets = [s for s in place.api.replica_sets(place.ns) if s["metadata"]["ownerReferences"][0]["name"] == "web"]
    assert CORRUPT not in json.dumps([s["spec"] for s in sets])
    assert PREFIX not in json.dumps([s["metadata"] for s in sets])


def only(result: Any) -> Any:
    assert len(result["containers"]) == 1
    return result["containers"][0]


def test_corrupt_image_is_put_back_and_no_trace_stays(corrupted: Any) -> None:
    result = restore_image("web", corrupted.ns)
    assert (result["outcome"], result["warnings"]) == ("restored", [])
    assert only(result) | {"id": ""} == {
        "container": "app", "outcome": "restored", "id": "", "original_image": IMAGE, "corrupt_image": CORRUPT,
        "found_image": CORRUPT, "by": None, "at": None,
    }  # fmt: skip
    assert_nothing_is_left(corrupted)
    assert deployment_recovered("web", corrupted.ns)


def test_another_process_restores_from_the_record_alone(corrupted: Any, another_process: Any) -> None:
    another_process()
    assert restore_image("web", corrupted.ns)["outcome"] == "restored"
    assert_nothing_is_left(corrupted)


def test_image_that_someone_put_back_is_healed_with_who_and_when(corrupted: Any) -> None:
    corrupted.api.set_image(corrupted.ns, "web", IMAGE, manager="argocd-controller")
    when = next(e["time"] for e in corrupted.get()["metadata"]["managedFields"] if e["manager"] == "argocd-controller")
    result = restore_image("web", corrupted.ns)
    assert (result["outcome"], only(result)["by"], only(result)["at"]) == ("healed", "argocd-controller", when)
    assert_nothing_is_left(corrupted)


def test_image_that_someone_deployed_meanwhile_stays_and_is_superseded_with_who_and_when(corrupted: Any) -> None:
    corrupted.api.set_image(corrupted.ns, "web", OTHER_IMAGE, manager="release-bot")
    result = restore_image("web", corrupted.ns)
    found = only(result)
    assert (result["outcome"], found["by"], found["found_image"]) == ("superseded", "release-bot", OTHER_IMAGE)
    assert found["at"].endswith("Z")
    assert_nothing_is_left(corrupted, image=OTHER_IMAGE)


def test_deadline_that_someone_set_meanwhile_stays(corrupted: Any) -> None:
    corrupted.api.patch(corrupted.ns, "web", {"spec": {"progressDeadlineSeconds": 45}})
    assert restore_image("web", corrupted.ns)["outcome"] == "restored"
    assert_nothing_is_left(corrupted, deadline=45)


def test_record_of_a_container_that_is_gone_is_removed(corrupted: Any) -> None:
    pod = {"containers": [{"name": "app", "$patch": "delete"}, {"name": "new", "image": IMAGE}]}
    corrupted.api.patch(corrupted.ns, "web", {"spec": {"template": {"spec": pod}}})
    result = restore_image("web", corrupted.ns)
    assert (result["outcome"], only(result)["found_image"]) == ("container-gone", None)
    assert (corrupted.record(), corrupted.image("new")) == ({}, IMAGE)


@pytest.mark.parametrize("forgotten", [False, True], ids=["from memory", "from the rollout history"])
def test_image_without_its_record_is_put_back_with_a_warning(
    corrupted: Any, another_process: Any, forgotten: Any
) -> None:
    corrupted_id = json.loads(corrupted.record()[PREFIX + "image-corrupt"])["app"]["id"]
    strip(corrupted)
    if forgotten:
        another_process()
    result = restore_image("web", corrupted.ns)
    assert (result["outcome"], only(result)["original_image"]) == ("restored", IMAGE)
    assert "the record of container app was removed, but not the corrupt image" in result["warnings"][0]
    assert corrupted.image() == IMAGE
    assert forgotten or only(result)["id"] == corrupted_id


def test_original_without_its_annotation_is_read_from_the_rest_of_the_record(
    corrupted: Any, another_process: Any
) -> None:
    strip(corrupted, PREFIX + "original-image-app")
    another_process()
    result = restore_image("web", corrupted.ns)
    assert (result["outcome"], result["warnings"]) == ("restored", [])
    assert_nothing_is_left(corrupted)


def test_original_image_alone_suffices(corrupted: Any, another_process: Any) -> None:
    strip(corrupted, PREFIX + "image-corrupt", PREFIX + "expires")
    another_process()
    assert restore_image("web", corrupted.ns)["outcome"] == "restored"
    assert (corrupted.image(), corrupted.record()) == (IMAGE, {})


def test_without_record_and_fault_there_is_nothing_to_restore(place: Any) -> None:
    place.deploy(replicas=1)
    with place.untouched():
        result = restore_image("web", place.ns)
    assert (result["outcome"], result["containers"], result["warnings"]) == ("nothing-to-restore", [], [])


def test_deployment_that_is_gone_is_reported_so(corrupted: Any) -> None:
    corrupted.api.apps.delete_namespaced_deployment("web", corrupted.ns)
    for _ in range(2):
        assert restore_image("web", corrupted.ns)["outcome"] == "deployment-gone"


def test_namespace_that_is_gone_is_reported_so(place: Any) -> None:
    assert restore_image("web", "no-such-namespace")["outcome"] == "deployment-gone"


def test_deployment_created_again_is_another_one(corrupted: Any) -> None:
    corrupted.api.apps.delete_namespaced_deployment("web", corrupted.ns, propagation_policy="Background")
    corrupted.deploy(replicas=1)
    with corrupted.untouched():
        assert restore_image("web", corrupted.ns)["outcome"] == "nothing-to-restore"


THEIRS = "registry.invalid/app:v2"


def test_image_of_the_fault_that_someone_deploys_after_the_restore_stays(place: Any) -> None:
    place.deploy(replicas=1, settled=False)
    corrupt_image("web", place.ns, image=THEIRS, guard=False)
    restore_image("web", place.ns)
    place.api.set_image(place.ns, "web", THEIRS, manager="ci")
    with place.untouched_but_for_the_status():
        assert restore_image("web", place.ns, this_run_only=True)["outcome"] == "nothing-to-restore"


def test_image_of_the_fault_that_someone_deploys_after_another_process_has_restored_stays(
    place: Any,
) -> None:
    place.deploy(replicas=1, settled=False)
    corrupt_image("web", place.ns, image=THEIRS, guard=False)
    with another_memory():
        restore_image("web", place.ns)
    place.api.set_image(place.ns, "web", THEIRS, manager="ci")
    with place.untouched_but_for_the_status():
        assert restore_image("web", place.ns, this_run_only=True)["outcome"] == "nothing-to-restore"


def test_image_of_the_fault_that_someone_deploys_while_it_is_recorded_stays_with_a_warning(place: Any) -> None:
    place.deploy(replicas=1, settled=False)
    corrupt_image("web", place.ns, image=THEIRS, guard=False)
    place.api.set_image(place.ns, "web", IMAGE, manager="operator")
    place.api.set_image(place.ns, "web", THEIRS, manager="ci")
    result = restore_image("web", place.ns)
    assert (result["outcome"], place.image(), place.record()) == ("superseded", THEIRS, {})
    assert f"because ci has set it since; the original image is '{IMAGE}'" in result["warnings"][0]


def test_image_of_the_fault_on_a_deployment_created_again_stays(place: Any) -> None:
    place.deploy(replicas=1, settled=False)
    corrupt_image("web", place.ns, image=THEIRS, guard=False)
    place.api.apps.delete_namespaced_deployment("web", place.ns, propagation_policy="Background")
    place.deploy(replicas=1, pod={"containers": [{"name": "app", "image": THEIRS}]}, settled=False)
    with place.untouched_but_for_the_status():
        assert restore_image("web", place.ns, this_run_only=True)["outcome"] == "nothing-to-restore"


def test_second_restore_does_nothing(corrupted: Any) -> None:
    restore_image("web", corrupted.ns)
    corrupted.settle()
    with corrupted.untouched():
        assert restore_image("web", corrupted.ns)["outcome"] == "nothing-to-restore"


def test_paused_deployment_is_restored(corrupted: Any) -> None:
    corrupted.api.patch(corrupted.ns, "web", {"spec": {"paused": True}})
    assert restore_image("web", corrupted.ns)["outcome"] == "restored"
    assert (corrupted.image(), corrupted.record()) == (IMAGE, {})


def test_record_of_operator_chaos_is_restored(place: Any) -> None:
    place.deploy(replicas=1)
    annotations = {PREFIX + "original-image-app": IMAGE, PREFIX + "corrupt-container-name": "app"}
    containers = [{"name": "app", "image": "registry.invalid/of-operator-chaos:1"}]
    metadata = {"annotations": annotations, "labels": {PREFIX + "type": "ImageCorrupt"}}
    fault = {"metadata": metadata, "spec": {"template": {"spec": {"containers": containers}}}}
    place.api.patch(place.ns, "web", fault, manager="operator-chaos")
    assert image_corrupted("web", place.ns)
    assert restore_image("web", place.ns)["outcome"] == "restored"
    assert (place.image(), place.record()) == (IMAGE, {})


def test_record_of_operator_chaos_that_someone_else_deployed_over_is_refused_and_left(place: Any) -> None:
    place.deploy(replicas=1)
    annotations = {PREFIX + "original-image-app": IMAGE, PREFIX + "corrupt-container-name": "app"}
    place.api.patch(place.ns, "web", {"metadata": {"annotations": annotations}}, manager="operator-chaos")
    place.api.set_image(place.ns, "web", OTHER_IMAGE, manager="release-bot")
    place.settle()
    with place.untouched(), pytest.raises(Refused, match="does not say which image is the corrupt one"):
        restore_image("web", place.ns)


def test_corrupt_image_of_unknown_origin_is_refused_and_left(place: Any) -> None:
    place.deploy(replicas=1, pod={"containers": [{"name": "app", "image": CORRUPT}]}, settled=False)
    with (
        place.untouched_but_for_the_status(),
        pytest.raises(Refused, match="put it back: `kubectl set image deployment/web app=IMAGE -n "),
    ):
        restore_image("web", place.ns)


def test_other_container_than_the_recorded_one_is_left(corrupted: Any) -> None:
    with corrupted.untouched_but_for_the_status():
        assert restore_image("web", corrupted.ns, container_name="sidecar")["outcome"] == "nothing-to-restore"


def test_quick_restores_leave_nothing_that_rollout_undo_would_roll_out(place: Any) -> None:
    place.deploy(replicas=1)
    for number in range(10):
        corrupt_image("web", place.ns, image=f"registry.invalid/x:{number}", guard=False)
        assert restore_image("web", place.ns)["warnings"] == []
        place.settle()
        templates = [s["spec"]["template"]["spec"] for s in place.api.replica_sets(place.ns)]
        assert [c["image"] for t in templates for c in t["containers"]] == [IMAGE]


def test_watch_of_the_replica_sets_that_is_behind_leaves_nothing_in_the_history(place: Any, simulator: Any) -> None:
    place.deploy(replicas=1)
    for _ in range(3):
        simulator.faults.delay(0.2, path=f"{place.ns}/replicasets.*watch=true")
        corrupt_image("web", place.ns, guard=False)
        restore_image("web", place.ns)
        place.settle()
        assert len(place.api.replica_sets(place.ns)) == 1


def test_revision_of_others_with_the_image_of_the_fault_stays_with_a_warning(place: Any) -> None:
    place.deploy(replicas=1, pod={"containers": [{"name": "app", "image": OTHER_IMAGE}]})
    place.api.set_image(place.ns, "web", IMAGE)
    place.settle()
    before = {s["metadata"]["uid"] for s in place.api.replica_sets(place.ns)}
    corrupt_image("web", place.ns, image=OTHER_IMAGE, guard=False)
    place.settle()
    result = restore_image("web", place.ns)
    assert {s["metadata"]["uid"] for s in place.api.replica_sets(place.ns)} == before
    assert "because it existed before the fault" in result["warnings"][0]
    assert PREFIX not in json.dumps([s["metadata"] for s in place.api.replica_sets(place.ns)])


@pytest.mark.parametrize("seconds", [-400.0, 400.0])
def test_clock_that_is_wrong_leaves_nothing_in_the_history(place: Any, seconds: Any) -> None:
    place.deploy(replicas=1)
    cluster = Cluster.of(read_settings(None, os.environ), ClientTiming(now=lambda: time.time() + seconds))
    Injection(Target("web", place.ns, cluster), FaultSpec(None, "registry.invalid/x:1", 3600.0)).inject()
    assert soon(lambda: len(place.api.replica_sets(place.ns)) == 2)
    assert restore_image("web", place.ns)["warnings"] == []
    assert len(place.api.replica_sets(place.ns)) == 1


def test_history_is_kept_when_it_is_not_to_be_cleaned(place: Any) -> None:
    place.deploy(replicas=1)
    corrupt_image("web", place.ns, guard=False)
    deployment_recovered("web", place.ns, timeout=0)  # until its controller has made the corrupt ReplicaSet
    restore_image("web", place.ns, clean_history=False)
    images = [s["spec"]["template"]["spec"]["containers"][0]["image"] for s in place.api.replica_sets(place.ns)]
    assert CORRUPT in images


READ = {"apiGroups": ["apps"], "resources": ["deployments", "replicasets"], "verbs": ["get", "list", "watch"]}
PATCH = {"apiGroups": ["apps"], "resources": ["deployments"], "verbs": ["patch"]}


def test_role_that_may_not_clean_the_history_restores_with_a_warning_that_says_what_to_do(
    corrupted: Any, account: Any
) -> None:
    deployment_recovered("web", corrupted.ns, timeout=0)
    account(READ, PATCH)
    result = restore_image("web", corrupted.ns)
    assert (result["outcome"], corrupted.image(), corrupted.record()) == ("restored", IMAGE, {})
    assert any("kubectl delete replicaset web-" in w and "does not allow" in w for w in result["warnings"])


def sweep(**arguments: Any) -> Any:
    done = restore_images(**arguments)
    return {d["deployment"]: d["outcome"] for d in done["deployments"]}, done["restored"], done["failed"]


@pytest.fixture
def three(place: Any) -> Any:
    """Three corrupted Deployments: a, b and c."""
    for name in "abc":
        place.deploy(name, replicas=1, settled=False, metadata={"labels": {"app": name, "only": place.ns}})
        corrupt_image(name, place.ns, guard=False)
    return place


def test_sweep_restores_whatever_carries_a_record_in_the_namespace(three: Any) -> None:
    three.deploy("healthy", replicas=1, settled=False)
    assert sweep(ns=three.ns) == (dict.fromkeys("abc", "restored"), 3, 0)
    assert sweep(ns=three.ns) == ({}, 0, 0)
    assert {three.image(name=n) for n in "abc"} == {IMAGE}


def test_sweep_takes_a_selector(three: Any) -> None:
    assert sweep(ns=three.ns, label_selector="app in (a,c)") == ({"a": "restored", "c": "restored"}, 2, 0)
    assert three.image(name="b") == CORRUPT


def test_sweep_restores_only_what_has_expired(place: Any) -> None:
    for name, ttl in (("early", "1s"), ("late", "1h")):
        place.deploy(name, replicas=1, settled=False)
        corrupt_image(name, place.ns, ttl=ttl, guard=False)
    early = {PREFIX + "image-corrupt": place.record("early")[PREFIX + "image-corrupt"]}
    stored = json.loads(early[PREFIX + "image-corrupt"])
    stored["app"]["expires"] = "2020-01-01T00:00:00Z"
    annotations = {PREFIX + "image-corrupt": json.dumps(stored)}
    place.api.patch(place.ns, "early", {"metadata": {"annotations": annotations}})
    assert sweep(ns=place.ns, expired_only=True) == ({"early": "restored"}, 1, 0)
    assert place.image(name="late") == CORRUPT


def test_sweep_finds_records_without_the_label_when_asked_to(three: Any) -> None:
    three.api.patch(three.ns, "a", {"metadata": {"labels": {PREFIX + "type": None}}})
    assert sweep(ns=three.ns) == ({"b": "restored", "c": "restored"}, 2, 0)
    assert sweep(ns=three.ns, unlabelled=True) == ({"a": "restored"}, 1, 0)


def test_sweep_goes_on_after_one_that_fails(three: Any) -> None:
    annotations = {k: None for k in three.record("a") if k != PREFIX + "type"}
    three.api.patch(three.ns, "a", {"metadata": {"annotations": {**annotations, PREFIX + "original-image-app": IMAGE}}})
    three.api.set_image(three.ns, "a", OTHER_IMAGE, manager="release-bot")
    found, restored, failed = sweep(ns=three.ns)
    assert (found, restored, failed) == ({"a": "failed", "b": "restored", "c": "restored"}, 2, 1)
    assert three.image(name="a") == OTHER_IMAGE


def test_sweep_of_all_namespaces_finds_it_too(three: Any) -> None:
    assert sweep(label_selector=f"only={three.ns}") == (dict.fromkeys("abc", "restored"), 3, 0)


def test_sweep_with_a_broken_selector_says_so(place: Any) -> None:
    with pytest.raises(Exception, match=r"list deployments\.apps"):
        restore_images(ns=place.ns, label_selector="a in (")


def rewriting(simulator: Any) -> None:
    """Have images of Deployments rewritten as they are stored, as a webhook for a registry's mirror does."""

    def rewrite(_: Any) -> None:
        store = simulator.world.store
        for found in copy.deepcopy(store.list("deployments.apps")):
            container = found["spec"]["template"]["spec"]["containers"][0]
            if container["image"] == CORRUPT:
                container["image"] = f"mirror.corp/{CORRUPT}"
                store.update("deployments.apps", found, manager="chaosimagecorrupt")

    simulator.faults.hook("after", rewrite, "PATCH", "fieldManager=chaosimagecorrupt", times=None)


@pytest.mark.parametrize("forgotten", [False, True])
def test_an_image_that_a_webhook_rewrote_is_put_back(
    place: Any, simulator: Any, another_process: Any, forgotten: Any
) -> None:
    place.deploy(replicas=1, settled=False)
    rewriting(simulator)
    corrupt_image("web", place.ns, guard=False)
    assert place.image() == f"mirror.corp/{CORRUPT}"
    if forgotten:
        another_process()
    assert restore_image("web", place.ns)["outcome"] == "restored"
    assert (place.image(), place.record()) == (IMAGE, {})
