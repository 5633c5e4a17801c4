"""A restore puts the image back unless another client has deployed since, and leaves no trace in either case."""

import json
from contextlib import suppress
from typing import Any

import pytest

from chaosimagecorrupt.errors import ClusterError, Refused
from chaosimagecorrupt.record.annotations import ORIGINAL_IMAGE, RECORD, read_record
from chaosimagecorrupt.record.memory import MEMORY
from chaosimagecorrupt.restore.restore import finish, preview_restore, put_back, restore
from chaosimagecorrupt.workload.target import Target

from ..in_process_client import InProcessClient
from ..simulated_cluster import CORRUPT, IMAGE, NS
from ..traces import images
from .corrupted_web import CorruptedWeb

V2 = "localhost/app:v2"

# what another client deploys before the restore -> the outcome, and what is deployed after it
OUTCOMES: list[tuple[dict[str, str], str, dict[str, str]]] = [
    ({}, "restored", {"app": IMAGE}),
    ({"app": IMAGE}, "healed", {"app": IMAGE}),
    ({"app": V2}, "superseded", {"app": V2}),
    ({"other": V2}, "container-gone", {"other": V2}),
]


@pytest.mark.parametrize(("deployed", "outcome", "after"), OUTCOMES)
def test_the_outcome_depends_on_what_was_deployed_since(
    deployed: dict[str, str], outcome: str, after: dict[str, str]
) -> None:
    web = CorruptedWeb()
    if deployed:
        web.set_containers(**deployed)
    result = restore(web.target)
    assert (result["outcome"], result["warnings"]) == (outcome, [])
    assert (images(web.deployment()), web.traces()) == (after, [])
    [container] = result["containers"]
    assert (container["container"], container["id"]) == ("app", web.entry.id)


def test_a_deployment_that_is_gone_is_no_error() -> None:
    web = CorruptedWeb()
    web.delete()
    result = restore(web.target)
    assert (result["outcome"], result["containers"]) == ("deployment-gone", [])
    assert preview_restore(web.target)["outcome"] == "deployment-gone"


def test_a_second_restore_has_nothing_to_do() -> None:
    web = CorruptedWeb()
    restore(web.target)
    before = web.deployment()
    assert restore(web.target)["outcome"] == "nothing-to-restore"
    assert web.deployment() == before


def test_another_client_that_put_the_image_back_is_named() -> None:
    web = CorruptedWeb()
    web.set_containers(app=IMAGE)
    [container] = restore(web.target)["containers"]
    assert (container["by"], container["found_image"]) == ("ci", IMAGE)


def test_a_lost_answer_to_the_patch_is_not_a_second_restore() -> None:
    web = CorruptedWeb()
    generation = web.deployment()["metadata"]["generation"]
    web.client.troubles = [None, "lose"]
    result = restore(web.target)
    assert (result["outcome"], web.image(), web.traces()) == ("restored", IMAGE, [])
    assert web.deployment()["metadata"]["generation"] == generation + 1


def test_an_image_that_is_deployed_between_read_and_patch_stays() -> None:
    web = CorruptedWeb()
    web.client.meanwhile = {2: lambda: web.set_containers(app=V2)}
    assert restore(web.target)["outcome"] == "superseded"
    assert (web.image(), web.traces()) == (V2, [])


def test_an_injection_of_another_run_stays() -> None:
    web = CorruptedWeb()
    before = web.deployment()
    assert restore(web.target, injection_ids=["of this run"])["outcome"] == "nothing-to-restore"
    assert web.deployment() == before


def test_a_removed_record_is_replaced_by_what_the_caller_remembers() -> None:
    web = CorruptedWeb()
    web.patch({"metadata": {"annotations": dict.fromkeys(web.deployment()["metadata"]["annotations"])}})
    result = finish(put_back(web.target, remembered=[web.entry]))
    assert (result["outcome"], web.image(), web.traces()) == ("restored", IMAGE, [])
    assert "the record of container app was removed" in result["warnings"][0]


def test_an_original_image_that_is_unknown_is_refused_and_nothing_is_changed() -> None:
    web = CorruptedWeb()
    incomplete = {RECORD: json.dumps({"app": {"image": CORRUPT, "id": "x"}}), f"{ORIGINAL_IMAGE}app": None}
    for replica_set in web.revisions():
        web.place.world.store.delete("replicasets.apps", NS, replica_set["metadata"]["name"])
    web.patch({"metadata": {"annotations": incomplete}})
    with pytest.raises(Refused, match="nor the rollout history names the original one"):
        restore(web.target)
    assert (web.image(), list(read_record(web.deployment()))) == (CORRUPT, ["app"])


def test_an_error_of_the_patch_is_raised_and_the_record_stays() -> None:
    web = CorruptedWeb("patch deployments")
    with pytest.raises(ClusterError, match="the role does not allow it"):
        restore(web.target)
    assert read_record(web.deployment()) == {"app": web.entry}


@pytest.mark.parametrize(
    ("troubles", "here"),
    [([None, "interrupt"], None), (["interrupt"], False), (["500"] * 3, False), ([None, "422"], False), ([], True)],
)
def test_whether_this_process_restored_is_unknown_once_a_restore_was_interrupted(
    troubles: list[str | None], here: bool | None
) -> None:
    web = CorruptedWeb()
    run = InProcessClient(web.place, "run")
    MEMORY.injected(run, web.deployment(), web.entry)
    run.troubles = troubles
    with suppress(KeyboardInterrupt, ClusterError):
        put_back(Target("web", NS, run))
    put_back(web.target)  # whoever it was
    put_back(Target("web", NS, run), injection_ids=[web.entry.id])
    fault = MEMORY.fault(Target("web", NS, run))
    assert web.image() == IMAGE and fault is not None and (fault.left, fault.restored_here) == ([], here)


def test_an_error_after_the_image_is_back_is_a_warning() -> None:
    web = CorruptedWeb()
    # read, patched; nothing else succeeds, neither at the first attempt nor at another
    web.client.troubles = [None] * 2 + ["drop"] * 9
    result = restore(web.target)
    assert (result["outcome"], web.image()) == ("restored", IMAGE)
    assert [w[:47] for w in result["warnings"]] == ["traces of the fault may be left; restore again "]


def test_a_preview_says_what_the_restore_does_and_changes_nothing() -> None:
    web = CorruptedWeb()
    before = web.deployment()
    preview: Any = preview_restore(web.target)
    assert (web.deployment(), web.client.writes) == (before, 0)
    result = restore(web.target)
    assert preview == {k: v for k, v in result.items() if k != "restored"} | {"dry_run": True}
