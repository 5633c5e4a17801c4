"""What becomes of one container."""

import json

import pytest

from chaosimagecorrupt.record.annotations import (
    DEFAULT_IMAGE,
    RECORD,
    read_record,
)

from ..manifests import a_deployment, bare, corrupted
from ..recorded import managed_fields
from .plans import (
    ORIGINAL,
    Object,
    by,
    image_of,
    outcomes,
    plan,
    restored,
    with_image,
)


def test_an_image_that_is_the_original_already_was_healed() -> None:
    healed = with_image(corrupted(a_deployment()), "localhost/app:v1")
    assert outcomes(healed) == {"app": "healed"}
    assert "spec" not in (plan(healed).patch or {})
    assert bare(restored(healed)) == bare(a_deployment())


def test_managed_fields_tell_who_healed_it_and_when() -> None:
    created, corrupt, healed = managed_fields()
    (outcome,) = plan(healed).outcomes
    assert (outcome.outcome, outcome.by, outcome.at) == ("healed", "my-operator", "2026-11-22T14:12:32Z")
    assert outcomes(corrupt) == {"app": "restored"}
    assert outcomes(created) == {}


def test_a_third_image_stays_and_is_told_with_who_and_when() -> None:
    theirs = managed_fields()[2]
    theirs["spec"]["template"]["spec"]["containers"][0]["image"] = "localhost/app:v2"
    record = {"app": {"id": "1", "image": DEFAULT_IMAGE, "original": "localhost/app:v1"}}
    theirs["metadata"]["annotations"][RECORD] = json.dumps(record)
    (outcome,) = plan(theirs).outcomes
    assert (outcome.outcome, outcome.found) == ("superseded", "localhost/app:v2")
    assert (outcome.by, outcome.at) == ("my-operator", "2026-11-22T14:12:32Z")
    assert image_of(restored(theirs)) == "localhost/app:v2" and not read_record(restored(theirs))


@pytest.mark.parametrize("fields", [None, [], [{}], [{"manager": "x", "fieldsV1": {"f:spec": {}}}]])
def test_without_managed_fields_nobody_is_named(fields: object) -> None:
    healed = with_image(corrupted(a_deployment()), "localhost/app:v1")
    healed["metadata"]["managedFields"] = fields
    (outcome,) = plan(healed).outcomes
    assert (outcome.by, outcome.at) == (None, None)


def test_of_two_managers_that_own_the_image_the_newest_is_named() -> None:
    # both applied the same image, so both own it
    healed = managed_fields()[2]
    fields = healed["metadata"]["managedFields"]
    fields.append({**fields[-1], "manager": "later", "time": "2026-11-22T14:13:00Z"})
    fields.append({**fields[-1], "manager": "earlier", "time": "2026-11-22T14:11:00Z"})
    (outcome,) = plan(healed).outcomes
    assert outcome.by == "later"


def test_who_owns_another_field_or_another_containers_image_did_not_heal_it() -> None:
    healed = managed_fields()[2]
    for container, field in (("app", "f:resources"), ("sidecar", "f:image")):
        owned: Object = {
            "f:spec": {"f:template": {"f:spec": {"f:containers": {f'k:{{"name":"{container}"}}': {field: {}}}}}}
        }
        later = {"manager": "other", "time": "2026-11-22T15:00:00Z", "fieldsV1": owned}
        healed["metadata"]["managedFields"].append(later)
    assert [o.by for o in plan(healed).outcomes] == ["my-operator"]


@pytest.mark.parametrize(("manager", "outcome"), [("chaosimagecorrupt", "restored"), ("ci", "superseded")])
def test_what_an_admission_webhook_made_of_the_corrupt_image_is_put_back(manager: str, outcome: str) -> None:
    found = with_image(corrupted(a_deployment()), "mirror.corp/registry.invalid/nonexistent:chaos")
    image: Object = {"f:containers": {'k:{"name":"app"}': {"f:image": {}}}}
    fields = {"f:spec": {"f:template": {"f:spec": image}}}
    found["metadata"]["managedFields"] = [{"manager": manager, "operation": "Update", "fieldsV1": fields}]
    assert outcomes(found) == {"app": outcome}


def test_the_corrupt_image_that_someone_deploys_while_it_is_recorded_stays() -> None:
    corrupt = corrupted(a_deployment(), image="bad")
    assert outcomes(by("ci", corrupt)) == {"app": "superseded"}
    assert outcomes(by("chaosimagecorrupt", corrupt)) == {"app": "restored"}


def test_the_corrupt_image_that_someone_brings_with_its_record_is_put_back() -> None:
    corrupt = corrupted(a_deployment(), image="bad")
    assert outcomes(by("kubectl-rollout", corrupt, ORIGINAL)) == {"app": "restored"}
    again = {**corrupt, "metadata": {**corrupt["metadata"], "uid": "2"}}
    assert outcomes(by("backup", again)) == {"app": "restored"}


def test_a_container_that_is_gone_loses_its_record() -> None:
    before = a_deployment(containers={"app": "v1", "sidecar": "v2"})
    after = corrupted(before, "sidecar")
    after["spec"]["template"]["spec"]["containers"].pop()
    assert outcomes(after) == {"sidecar": "container-gone"}
    assert bare(restored(after)) == bare(a_deployment(containers={"app": "v1"}))
