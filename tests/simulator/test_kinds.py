"""Which resources are served, and how they are found."""

import pytest

from chaosimagecorrupt.simulator.kinds import Kinds, resource_of_definition
from chaosimagecorrupt.simulator.types import Object

NAMES = {"plural": "widgets", "kind": "Widget", "shortNames": ["wd"]}
SCHEMA = {"type": "object", "properties": {"spec": {"type": "object"}}}


def definition(*versions: Object, scope: str = "Namespaced") -> Object:
    return {"spec": {"group": "example.com", "scope": scope, "names": NAMES, "versions": list(versions)}}


def test_a_built_in_resource_is_found_by_path_key_and_object() -> None:
    kinds = Kinds()
    resource = kinds.named("deployments.apps")
    assert kinds.find("apps", "v1", "deployments") is resource
    assert kinds.of({"apiVersion": "apps/v1", "kind": "Deployment"}) is resource
    assert (resource.api_version, resource.singular, resource.custom) == ("apps/v1", "deployment", False)


def test_a_version_that_is_not_served_is_not_found() -> None:
    kinds = Kinds()
    assert kinds.find("apps", "v1beta1", "deployments") is None
    with pytest.raises(KeyError, match="no kind 'Deployment' in 'apps/v1beta1'"):
        kinds.of({"apiVersion": "apps/v1beta1", "kind": "Deployment"})


def test_the_storage_version_of_a_definition_is_served() -> None:
    stored = {"name": "v2", "storage": True, "schema": {"openAPIV3Schema": SCHEMA}, "subresources": {"status": {}}}
    resource = resource_of_definition(definition({"name": "v1"}, stored, scope="Cluster"))
    assert resource is not None
    assert (resource.name, resource.api_version, resource.namespaced) == (
        "widgets.example.com",
        "example.com/v2",
        False,
    )
    assert (resource.schema, resource.subresources, resource.custom) == (SCHEMA, ("status",), True)
    assert resource.short_names == ("wd",)


def test_a_storage_version_that_is_not_served_gives_no_resource() -> None:
    assert resource_of_definition(definition({"name": "v1", "storage": True, "served": False})) is None


def test_of_a_definition_whose_storage_version_is_not_served_the_first_one_is() -> None:
    stored = {"name": "v1", "storage": True, "served": False}
    resource = resource_of_definition(definition(stored, {"name": "v2"}, {"name": "v3"}))
    assert resource is not None and resource.version == "v2"


def test_a_resource_is_served_until_it_is_removed() -> None:
    kinds = Kinds()
    resource = resource_of_definition(definition({"name": "v1", "storage": True}))
    assert resource is not None
    kinds.add(resource)
    assert kinds.find("example.com", "v1", "widgets") is resource and resource in list(kinds)
    kinds.remove(resource.name)
    kinds.remove(resource.name)
    assert kinds.find("example.com", "v1", "widgets") is None
