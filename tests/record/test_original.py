"""Which image a container has without a fault."""

from typing import Any

import pytest

from chaosimagecorrupt.errors import Refused
from chaosimagecorrupt.record.annotations import ORIGINAL_IMAGE
from chaosimagecorrupt.record.original import original_image

CORRUPT = "registry.invalid/nonexistent:chaos"


def deployment(**annotations: str) -> Any:
    spec = {
        "initContainers": [{"name": "setup", "image": "setup:1"}],
        "containers": [{"name": "app", "image": "app:1"}, {"name": "side", "image": CORRUPT}],
    }
    recorded = {f"{ORIGINAL_IMAGE}{name}": image for name, image in annotations.items()}
    return {"metadata": {"name": "web", "annotations": recorded}, "spec": {"template": {"spec": spec}}}


def test_without_a_fault_it_is_that_of_the_template() -> None:
    assert original_image(deployment(), None) == ("app", "app:1")
    assert original_image(deployment(), "setup") == ("setup", "setup:1")


def test_during_the_fault_it_is_that_of_the_record() -> None:
    found = deployment(side="side:1")
    assert original_image(found, None) == original_image(found, "side") == ("side", "side:1")
    assert original_image(found, "app") == ("app", "app:1")


def test_a_container_that_is_not_there_is_refused() -> None:
    with pytest.raises(Refused, match="there is no 'ap'; there are setup, app, side"):
        original_image(deployment(), "ap")


def test_a_record_without_the_original_image_is_refused() -> None:
    with pytest.raises(Refused, match="the record of container side has lost the original image"):
        original_image(deployment(side=CORRUPT), "side")
