"""ControllerRevisions are read like ReplicaSets: template, images, the copy of the record."""

import copy

from chaosimagecorrupt.record.annotations import read_record
from chaosimagecorrupt.workload.containers import images_of
from chaosimagecorrupt.workload.controller_revisions import POD_HASH, carried_by, of_template, pods_selector
from chaosimagecorrupt.workload.kinds import kind_of

from ..recorded import at

STUCK = at("sts-rolling", 19.0)
KIND = kind_of(STUCK.deployment)
GOOD, CORRUPT = sorted(map(KIND.as_revision, STUCK.replica_sets), key=KIND.revision_number)


def test_a_revision_has_the_images_of_its_template_and_the_copy_of_the_record() -> None:
    assert images_of(GOOD) == {"app": "localhost/app:v1"} and read_record(GOOD) == {}
    assert images_of(CORRUPT) == {"app": "registry.invalid/nonexistent:chaos"}
    assert read_record(CORRUPT)["app"].original == "localhost/app:v1"


def test_one_that_was_read_so_stays_as_it_is() -> None:
    assert KIND.as_revision(GOOD) is GOOD


def test_of_several_with_the_same_template_the_one_that_was_rolled_out_last_counts() -> None:
    again = copy.deepcopy(CORRUPT)
    again["metadata"]["name"], again["revision"] = "again", 7  # type: ignore[typeddict-unknown-key]
    found = of_template(STUCK.deployment, [again, CORRUPT, GOOD])
    assert found is not None and found["metadata"]["name"] == "again"


def test_those_of_another_workload_are_left_out() -> None:
    foreign = copy.deepcopy(CORRUPT)
    foreign["metadata"]["ownerReferences"] = []
    assert of_template(STUCK.deployment, [foreign]) is None


def test_one_that_existed_before_the_fault_has_no_copy_of_its_record() -> None:
    assert KIND.made_by_fault(CORRUPT, None, recorded=True)
    assert not KIND.made_by_fault(CORRUPT, 1, recorded=False)


def test_pods_tell_their_revision_by_a_label() -> None:
    assert pods_selector(STUCK.deployment, ["b", "a"]) == f"app=web,{POD_HASH} in (a,b)"
    assert carried_by(STUCK.pods, "web-8494dc646f") and not carried_by(STUCK.pods, "another")
