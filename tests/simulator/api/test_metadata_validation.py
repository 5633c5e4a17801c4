"""Validation of metadata."""

import pytest

from chaosimagecorrupt.simulator.types import Object

from ..calls import CONFIGS, PureCalls


@pytest.mark.parametrize(
    ("metadata", "field"),
    [
        ({"name": "Upper"}, "metadata.name"),
        ({"name": "x" * 254}, "metadata.name"),
        ({"name": "a", "labels": {"bad key": "x"}}, "metadata.labels"),
        ({"name": "a", "labels": {"key": "bad value"}}, "metadata.labels"),
        ({"name": "a", "labels": {"key": "x" * 64}}, "metadata.labels"),
        ({"name": "a", "annotations": {"/x": ""}}, "metadata.annotations"),
        ({"name": "a", "annotations": {"x": "y" * 300_000}}, "metadata.annotations"),
        ({"name": "a", "finalizers": ["bad finalizer"]}, "metadata.finalizers[0]"),
        ({"name": "a", "ownerReferences": [{"name": "x", "kind": "Y", "apiVersion": "v1"}]}, "uid"),
        ({}, "metadata.name"),
    ],
)
def test_metadata_that_is_invalid(calls: PureCalls, metadata: Object, field: str) -> None:
    answer = calls("POST", CONFIGS, {"metadata": metadata})
    assert answer.status == 422
    assert answer.fields[0].endswith(field)


def test_an_annotation_of_63_bytes_is_the_longest(calls: PureCalls) -> None:
    for length, status in ((63, 201), (64, 422)):
        metadata = {"generateName": "a-", "annotations": {"chaos.operatorchaos.io/" + "x" * length: ""}}
        assert calls("POST", CONFIGS, {"metadata": metadata}).status == status
