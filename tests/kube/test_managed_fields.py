"""Who owns a field is read from managedFields, and written back there."""

from typing import Any

import pytest

from chaosimagecorrupt.kube.managed_fields import (
    DEADLINE,
    add_field,
    image_path,
    other_managers,
    owners,
    owns_field,
    remove_field,
    writer_of,
    written_at,
)

from ..manifests import a_deployment

IMAGE = image_path("containers", "app")
EARLY, LATE = "2026-11-22T15:00:00Z", "2026-11-22T16:00:00Z"

Object = Any


def entry(manager: str, *paths: tuple[str, ...], operation: str = "Update", time: str = EARLY, **more: Any) -> Object:
    """Return the entry of a manager that owns these fields."""
    fields: Object = {}
    for path in paths:
        level = fields
        for key in path:
            level = level.setdefault(key, {})
    return {"manager": manager, "operation": operation, "time": time, "fieldsV1": fields, **more}


def owned_by(*entries: Object) -> Object:
    deployment = a_deployment()
    deployment["metadata"]["managedFields"] = list(entries)
    return deployment


def test_the_path_of_an_image_has_the_container_as_the_api_server_writes_it() -> None:
    assert IMAGE == ("f:spec", "f:template", "f:spec", "f:containers", 'k:{"name":"app"}', "f:image")


def test_owners_are_all_that_have_the_field() -> None:
    ci, helm = entry("ci", IMAGE), entry("helm", IMAGE, DEADLINE, operation="Apply")
    assert owners(owned_by(ci, helm), IMAGE) == [ci, helm]
    assert owners(owned_by(ci, helm), DEADLINE) == [helm]
    assert owners(a_deployment(), IMAGE) == []


@pytest.mark.parametrize("fields", [None, [], "x", {"f:spec": None}, {"f:spec": []}])
def test_fields_that_are_no_maps_are_owned_by_nobody(fields: object) -> None:
    assert not owns_field(fields, IMAGE)


def test_the_writer_of_an_image_is_the_newest_owner() -> None:
    found = writer_of(owned_by(entry("helm", IMAGE, time=LATE), entry("ci", IMAGE)), "containers", "app")
    assert found is not None and found["manager"] == "helm"
    assert writer_of(owned_by(entry("helm", IMAGE)), "initContainers", "app") is None


def test_when_this_extension_wrote_is_the_newest_of_its_entries() -> None:
    ours = [entry("chaosimagecorrupt", IMAGE), entry("chaosimagecorrupt", DEADLINE, operation="Apply", time=LATE)]
    assert written_at(owned_by(entry("helm", time="2027-01-01T00:00:00Z"), *ours)) == LATE
    assert written_at(owned_by(entry("helm"))) is None


def test_others_are_neither_this_extension_nor_owners_through_a_subresource() -> None:
    deployment = owned_by(
        entry("chaosimagecorrupt", DEADLINE),
        entry("kube-controller-manager", DEADLINE, subresource="status"),
        entry("helm", DEADLINE, operation="Apply"),
    )
    assert other_managers(deployment, DEADLINE) == [["helm", "Apply", EARLY]]


def test_a_field_is_added_to_the_entry_that_its_owner_has() -> None:
    entries = [entry("ci", IMAGE)]
    add_field(entries, DEADLINE, "ci", "Update", EARLY)
    assert entries == [entry("ci", IMAGE, DEADLINE)]


def test_an_owner_that_owned_nothing_else_gets_an_entry_again() -> None:
    entries: list[Object] = []
    add_field(entries, DEADLINE, "ci", "Update", EARLY)
    assert entries == [entry("ci", DEADLINE, apiVersion="apps/v1", fieldsType="FieldsV1")]


@pytest.mark.parametrize("entries", [[], [entry("helm", IMAGE, operation="Apply", time=LATE)]])
def test_an_applier_that_has_dropped_the_field_since_does_not_get_it(entries: list[Object]) -> None:
    before = [dict(e) for e in entries]
    add_field(entries, DEADLINE, "helm", "Apply", EARLY)
    assert entries == before


def test_an_element_that_was_owned_by_itself_stays_so() -> None:
    entries = [entry("ci", IMAGE[:-1])]
    add_field(entries, IMAGE, "ci", "Update", EARLY)
    assert entries == [entry("ci", (*IMAGE[:-1], "."), IMAGE)]


def test_a_removed_field_leaves_no_empty_levels_and_all_other_fields() -> None:
    fields = entry("ci", IMAGE, DEADLINE)["fieldsV1"]
    remove_field(fields, IMAGE)
    assert fields == entry("ci", DEADLINE)["fieldsV1"]
    remove_field(fields, DEADLINE)
    assert fields == {}
