from typing import Any

import pytest

from chaosimagecorrupt.record.annotations import read_record
from chaosimagecorrupt.workload import rollout
from chaosimagecorrupt.workload.containers import containers_of
from chaosimagecorrupt.workload.pull_failures import pull_failure
from chaosimagecorrupt.workload.rollout_text import rollout_text

from ..manifests import a_deployment, a_replica_set
from ..recorded import NAMES, Moment, at, changes, flips, moments

# In each recording: when the controller's status first reaches the spec; the corrupting patch arrives; the status
# reaches it; the restoring (or healing) patch arrives; the status reaches that. Between a patch and its status,
# nothing can be answered, so every decision is False there.
OBSERVED = {
    "deadline": [0.715, 4.182, 4.213, 49.312, 49.425],
    "init-container": [0.674, 4.551, 4.586, 29.654, 29.693],
    "invalid-reference": [0.711, 4.130, 4.164, 19.244, 19.307],
    "long-hold": [0.645, 3.987, 4.016, 404.125, 404.164],
    "max-unavailable": [0.689, 4.863, 5.028, 17.027, 17.156],
    "paused": [0.642, 63.792, 63.797, 71.925, 71.929],
    "quick-restore": [0.684, 4.123, 4.153, 4.605, 4.657],
    "quota": [0.792, 6.643, 6.682, 18.758, 18.790],
    "recreate": [0.702, 4.096, 4.113, 49.178, 49.203],
    # the last two: the annotation alone is removed
    "reverted-by-operator": [0.803, 4.328, 4.380, 14.501, 14.558, 24.597, 24.601],
    "rolling-update": [0.743, 4.202, 4.242, 49.317, 49.356],
    "sidecar": [0.657, 4.143, 4.169, 29.222, 29.245],
    "surge-zero": [0.983, 5.079, 5.293, 25.209, 25.282],
    "two-faults": [0.786, 4.807, 4.878, 12.947, 13.050, 21.101, 21.193, 29.227, 29.276],
    "undone": [0.829, 4.356, 4.417, 12.468, 12.508],
    "whitespace-image": [0.787, 4.642, 4.676, 16.838, 16.880],
    "zero-replicas": [0.618, 3.801, 3.826, 11.906, 11.926],
}

# All the time, but: reported as stuck from 14.846 on, until the restore is observed; Unknown while paused.
PROGRESSING = {
    **OBSERVED,
    "deadline": [0.715, 4.182, 4.213, 14.846, 49.425],
    "paused": [],
}

# From the moment at which enough first pods are ready (2 of 3 with maxUnavailable 1). The old pods keep it True through
# the fault, but under Recreate, whose pods are gone at 4.144 and back at 50.614. No pod is enough for 0 replicas.
AVAILABLE = {
    "deadline": [1.091, 4.182, 4.213, 49.312, 49.425],
    "init-container": [1.383, 4.551, 4.586, 29.654, 29.693],
    "invalid-reference": [1.016, 4.130, 4.164, 19.244, 19.307],
    "long-hold": [0.908, 3.987, 4.016, 404.125, 404.164],
    "max-unavailable": [0.689, 4.863, 5.028, 17.027, 17.156],
    "paused": [],
    "quick-restore": [1.008, 4.123, 4.153, 4.605, 4.657],
    "quota": [1.332, 6.643, 6.682, 18.758, 18.790],
    "recreate": [1.004, 4.096, 4.113, 4.144, 50.614],
    "reverted-by-operator": [1.205, 4.328, 4.380, 14.501, 14.558, 24.597, 24.601],
    "rolling-update": [1.115, 4.202, 4.242, 49.317, 49.356],
    "sidecar": [1.049, 4.143, 4.169, 29.222, 29.245],
    "surge-zero": [1.770, 5.079, 5.293, 25.209, 25.282],
    "two-faults": [1.489, 4.807, 4.878, 12.947, 13.050, 21.101, 21.193, 29.227, 29.276],
    "undone": [1.243, 4.356, 4.417, 12.468, 12.508],
    "whitespace-image": [1.394, 4.642, 4.676, 16.838, 16.880],
    "zero-replicas": [0.618, 3.801, 3.826, 11.906, 11.926],
}

# From the last of the first pods, to the corrupting patch; then not before the pod that never started is out of the
# counts, or the lost ones are back (Recreate, surge-zero), although the old pods are ready all through.
READY = {
    "deadline": [1.091, 4.182, 49.459],
    "init-container": [1.383, 4.551, 29.711],
    "invalid-reference": [1.016, 4.130, 19.326],
    "long-hold": [0.908, 3.987, 404.185],
    "max-unavailable": [1.611, 4.863, 18.750],
    "paused": [],
    "quick-restore": [1.008, 4.123, 4.670],
    "quota": [1.332, 6.643, 18.791],
    "recreate": [1.004, 4.096, 50.614],
    "reverted-by-operator": [1.205, 4.328, 14.581, 24.597, 24.601],
    "rolling-update": [1.115, 4.202, 49.380],
    "sidecar": [1.049, 4.143, 29.263],
    "surge-zero": [1.807, 5.079, 25.604],
    "two-faults": [1.489, 4.807, 29.324],
    "undone": [1.243, 4.356, 12.515],
    "whitespace-image": [1.394, 4.642, 16.880],
    "zero-replicas": [],
}

# Kubernetes calls a rollout of 0 replicas complete as soon as it is observed; otherwise as above. The quota let no pod
# appear that would have to be gone from the counts of the ReplicaSet, a millisecond later.
COMPLETE = {**READY, "quota": [1.332, 6.643, 18.790], "zero-replicas": OBSERVED["zero-replicas"]}

# As the probe deployment_recovered has it: what the operator healed at 14.581 is not over while its record is there.
RECOVERED = {**READY, "reverted-by-operator": [1.205, 4.328, 24.601]}

# From the first ErrImagePull (or InvalidImageName) of the new pod, through all its turns with ImagePullBackOff, to the
# moment at which the template is another one. Where no pod is made (paused, no replicas, refused), never. With two
# faults the template changes three times, and each time there is a new pod to wait for.
PULL_FAILING = {
    "deadline": [4.933, 49.312],
    "init-container": [5.249, 29.654],
    "invalid-reference": [5.101, 19.244],
    "long-hold": [4.360, 404.125],
    "max-unavailable": [6.332, 17.027],
    "paused": [],
    "quick-restore": [4.399, 4.605],
    "quota": [],
    "recreate": [7.160, 49.178],
    "reverted-by-operator": [4.725, 14.501],
    "rolling-update": [4.797, 49.317],
    "sidecar": [5.048, 29.222],
    "surge-zero": [6.062, 25.209],
    "two-faults": [6.331, 12.947, 14.375, 21.101, 22.411, 29.227],
    "undone": [5.681, 12.468],
    "whitespace-image": [],
    "zero-replicas": [],
}


def pull_failing(moment: Moment) -> bool:
    """What image_pull_failing looks at: Pending pods of the newest template, the recorded containers' images."""
    deployment = moment.deployment
    newest = rollout.newest_replica_set(deployment, moment.replica_sets)
    if newest is None or not rollout.observed(deployment):
        return False
    labels = newest["spec"]["selector"]["matchLabels"].items()
    pods = [p for p in moment.pods if p["status"]["phase"] == "Pending" and labels <= p["metadata"]["labels"].items()]
    images = {c["name"]: c["image"] for _, c in containers_of(deployment)}
    recorded = {name: images[name] for name in read_record(deployment)}
    return any(pull_failure(p, recorded or images) for p in pods)


def recovered(moment: Moment) -> bool:
    return not read_record(moment.deployment) and rollout.recovered(moment.deployment, moment.replica_sets)


@pytest.mark.parametrize("name", NAMES)
def test_a_status_is_observed_only_when_it_is_of_the_present_spec(name: str) -> None:
    assert flips(name, lambda m: rollout.observed(m.deployment)) == OBSERVED[name]


@pytest.mark.parametrize("name", NAMES)
def test_progressing_unless_stale_or_stuck_or_paused(name: str) -> None:
    assert flips(name, lambda m: rollout.progressing(m.deployment)) == PROGRESSING[name]


@pytest.mark.parametrize("name", NAMES)
def test_available_unless_stale_or_too_few_pods_serve(name: str) -> None:
    assert flips(name, lambda m: rollout.available(m.deployment)) == AVAILABLE[name]


@pytest.mark.parametrize("name", NAMES)
def test_the_deadline_is_exceeded_only_where_it_is_short_and_until_the_restore(name: str) -> None:
    expected = [14.846, 49.312] if name == "deadline" else []
    assert flips(name, lambda m: rollout.progress_deadline_exceeded(m.deployment)) == expected


@pytest.mark.parametrize("name", NAMES)
def test_pods_are_ready_before_the_fault_and_after_it_never_during_it(name: str) -> None:
    assert flips(name, lambda m: rollout.pods_all_ready(m.deployment, m.replica_sets)) == READY[name]


@pytest.mark.parametrize("name", NAMES)
def test_a_rollout_is_complete_before_the_fault_and_after_it_never_during_it(name: str) -> None:
    assert flips(name, lambda m: rollout.rollout_complete(m.deployment)) == COMPLETE[name]


@pytest.mark.parametrize("name", NAMES)
def test_recovered_once_everything_is_back_and_the_record_is_gone(name: str) -> None:
    assert flips(name, recovered) == RECOVERED[name]


@pytest.mark.parametrize("name", NAMES)
def test_the_pull_fails_from_its_first_failure_to_the_end_of_the_fault_without_a_gap(name: str) -> None:
    assert flips(name, pull_failing) == PULL_FAILING[name]


@pytest.mark.parametrize("name", sorted(n for n, times in PULL_FAILING.items() if times and n != "invalid-reference"))
def test_the_reason_does_take_turns_in_the_recording(name: str) -> None:
    reasons = {f.reason for m in moments(name) for p in m.pods if (f := pull_failure(p))}
    short = name in ("max-unavailable", "quick-restore", "reverted-by-operator", "undone")
    assert reasons == ({"ErrImagePull"} if short else {"ErrImagePull", "ImagePullBackOff"})


@pytest.mark.parametrize(
    ("name", "capacity"),
    [
        ("rolling-update", [0, 1, 2]),
        # both are lost
        ("recreate", [0, 1, 2, 0, 1, 2]),
        # one of three is lost
        ("surge-zero", [0, 1, 2, 3, 2, 3]),
        ("zero-replicas", [0]),
        ("paused", [0]),
    ],
)
def test_serving_pods_are_the_capacity_that_is_left(name: str, capacity: list[int]) -> None:
    observed = [m.deployment["status"] for m in moments(name) if rollout.observed(m.deployment)]
    counts = [int(status.get("readyReplicas") or 0) for status in observed]
    assert [n for i, n in enumerate(counts) if i == 0 or counts[i - 1] != n] == capacity


@pytest.mark.parametrize(
    ("name", "t"),
    [
        # the Deployment was counted when the ReplicaSet of the new template had made no pod yet
        ("sidecar", 4.169),
        # that ReplicaSet has its pod by now, the Deployment's counts are from before
        ("sidecar", 4.172),
        # the ReplicaSet of the new template never gets a pod: its creation is refused
        ("whitespace-image", 10.0),
        # the old ReplicaSet was scaled to 0 and has observed it, and still counts the pods that are being stopped
        ("recreate", 4.133),
        # the old ReplicaSet was scaled down, its status is older
        ("surge-zero", 5.293),
        # it counts one pod less by now, the Deployment's counts are from before
        ("surge-zero", 5.328),
    ],
)
def test_counts_of_the_deployment_that_look_whole_do_not_fool(name: str, t: float) -> None:
    moment = at(name, t)
    status, desired = moment.deployment["status"], moment.deployment["spec"]["replicas"]
    assert rollout.observed(moment.deployment)
    assert status["replicas"] == status["readyReplicas"] == desired
    assert not rollout.pods_all_ready(moment.deployment, moment.replica_sets)


def test_the_old_status_right_after_the_patch_looks_healthy_and_answers_nothing() -> None:
    deployment = at("rolling-update", 4.202).deployment
    conditions = {c["type"]: c["status"] for c in deployment["status"]["conditions"]}
    assert conditions == {"Available": "True", "Progressing": "True"}
    assert not rollout.available(deployment) and not rollout.progressing(deployment)
    assert rollout_text(deployment) == "spec 2 not observed yet (status is of 1)"


def test_pods_wait_for_a_replica_set_whose_status_is_older_than_its_spec() -> None:
    deployment = a_deployment(replicas=2)
    fresh, stale = a_replica_set(deployment), a_replica_set(deployment, generation=3, observed=2)
    assert rollout.pods_all_ready(deployment, [fresh])
    assert not rollout.pods_all_ready(deployment, [stale])


def test_replica_sets_of_another_deployment_do_not_count() -> None:
    deployment = a_deployment(replicas=2)
    other = a_replica_set(a_deployment("other", uid="other"), generation=3, observed=2)
    assert rollout.pods_all_ready(deployment, [a_replica_set(deployment), other])


def test_ready_old_pods_of_a_paused_deployment_are_ready_but_not_recovered() -> None:
    deployment = a_deployment(replicas=2)
    old = a_replica_set(deployment)
    deployment["spec"] |= {"paused": True, "template": a_deployment(containers={"app": "v2"})["spec"]["template"]}
    assert rollout.pods_all_ready(deployment, [old])
    assert not rollout.recovered(deployment, [old])


def test_not_recovered_while_the_newest_replica_set_is_scaled_down() -> None:
    # a quick restore under Recreate: the counts are still those of the other template's pods, which will be stopped
    deployment, other = a_deployment(replicas=2), a_deployment(containers={"app": "bad"}, replicas=2)
    newest, old = a_replica_set(deployment, replicas=0, hash="a"), a_replica_set(other, hash="b")
    assert rollout.rollout_complete(deployment) and rollout.pods_all_ready(deployment, [newest, old])
    assert not rollout.recovered(deployment, [newest, old])


def test_not_recovered_before_the_deployment_says_that_it_is_available() -> None:
    deployment = a_deployment(replicas=2)
    assert rollout.recovered(deployment, [a_replica_set(deployment)])
    deployment["status"]["conditions"][0]["status"] = "False"
    assert not rollout.recovered(deployment, [a_replica_set(deployment)])


def test_a_deployment_without_a_status_answers_no_to_everything() -> None:
    deployment = a_deployment(replicas=2)
    del deployment["status"]
    decisions = (rollout.observed, rollout.available, rollout.progressing, rollout.rollout_complete)
    assert not any(decide(deployment) for decide in decisions)


def test_the_newest_replica_set_is_the_one_of_the_template_whatever_its_age() -> None:
    # after the restore, the template is that of the older ReplicaSet again
    moment = at("rolling-update", 60)
    newest = rollout.newest_replica_set(moment.deployment, moment.replica_sets)
    assert newest is not None and newest["metadata"]["name"] == "web-7569c497b8"


def test_a_template_without_labels_has_its_replica_set_too() -> None:
    # a selector can be that a label does not exist; the ReplicaSet's template has pod-template-hash alone
    deployment = a_deployment()
    deployment["spec"]["template"]["metadata"] = {"labels": {}}
    replica_set = a_replica_set(deployment)
    deployment["spec"]["template"]["metadata"] = {}
    assert rollout.newest_replica_set(deployment, [replica_set]) == replica_set


def test_of_two_replica_sets_of_the_template_the_oldest_counts() -> None:
    deployment = a_deployment()
    young, old = a_replica_set(deployment, hash="a"), a_replica_set(deployment, hash="b")
    young["metadata"]["creationTimestamp"] = "2026-11-22T15:00:01Z"
    assert rollout.newest_replica_set(deployment, [young, old]) == old


def test_there_is_no_newest_replica_set_before_the_controller_made_it() -> None:
    moment = at("rolling-update", 4.202)
    assert rollout.newest_replica_set(moment.deployment, moment.replica_sets) is None


@pytest.mark.parametrize(("text", "number"), [("12", 12), ("", 0), ("x", 0), ("-3", 0)])
def test_a_revision_that_is_no_number_counts_as_none(text: str, number: int) -> None:
    annotations = {"deployment.kubernetes.io/revision": text}
    assert rollout.revision({"metadata": {"annotations": annotations}}) == number
    assert rollout.revision({"metadata": {}}) == 0


def test_conditions_settled_when_the_last_of_the_two_changed() -> None:
    # both conditions of the recording carry the wall clock, in whole seconds
    conditions = at("recreate", 60).deployment["status"]["conditions"]
    without_status: Any = {"metadata": {}}
    assert rollout.settled_at(at("recreate", 60).deployment) == max(c["lastUpdateTime"] for c in conditions)
    assert rollout.settled_at(without_status) is None


def test_the_recordings_hold_what_the_tables_say() -> None:
    assert NAMES == sorted(OBSERVED) == sorted(AVAILABLE) == sorted(READY) == sorted(PULL_FAILING)
    assert changes("rolling-update", lambda m: m.step)[-1][1] == "restore"
