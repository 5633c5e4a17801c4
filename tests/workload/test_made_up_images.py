"""An image that no registry has is told from all others."""

import pytest

from chaosimagecorrupt.workload.image_reference import parse_image
from chaosimagecorrupt.workload.made_up_images import (
    DEFAULT_IMAGE,
    is_made_up,
    made_up_tag,
    unreadable,
    with_no_digest,
)

NAMES = ("nginx", "localhost/app", "quay.io:443/org/app")


@pytest.mark.parametrize("name", NAMES)
def test_a_made_up_image_is_recognized_and_stays_in_its_repository(name: str) -> None:
    tagged, digested, broken = made_up_tag(name, "0123456789abcdef"), with_no_digest(name), unreadable(name, "0123")
    assert is_made_up(tagged) and is_made_up(broken)
    assert tagged == f"{name}:chaos-image-corrupt-0123456789ab"
    for image in (tagged, digested):
        found = parse_image(image)
        assert found is not None and found.name == name
    assert broken.startswith(f"{name}/") and parse_image(broken) is None


@pytest.mark.parametrize("image", [None, "", *NAMES, "nginx:1.27", "nginx@sha256:" + "a" * 64, "a//b"])
def test_any_other_image_is_not(image: str | None) -> None:
    assert is_made_up(DEFAULT_IMAGE) and not is_made_up(image)
