"""Image references are read as kubelets read them."""

import ipaddress

import pytest

from chaosimagecorrupt.workload.image_reference import ImageReference, parse_image

DIGEST = "sha256:" + "a" * 64


@pytest.mark.parametrize(
    ("image", "parts"),
    [
        ("nginx", ("nginx", "docker.io", "library/nginx", "", "")),
        ("nginx:1.27", ("nginx", "docker.io", "library/nginx", "1.27", "")),
        ("istio/pilot:1", ("istio/pilot", "docker.io", "istio/pilot", "1", "")),
        ("index.docker.io/nginx", ("index.docker.io/nginx", "docker.io", "library/nginx", "", "")),
        ("localhost/app:v1", ("localhost/app", "localhost", "app", "v1", "")),
        ("REGISTRY/app", ("REGISTRY/app", "REGISTRY", "app", "", "")),
        ("quay.io:443/a/b__c/d-e:x", ("quay.io:443/a/b__c/d-e", "quay.io:443", "a/b__c/d-e", "x", "")),
        (f"quay.io/a@{DIGEST}", ("quay.io/a", "quay.io", "a", "", DIGEST)),
        (f"quay.io/a:v1@{DIGEST}", ("quay.io/a", "quay.io", "a", "v1", DIGEST)),
        ("[fd00::1]:5000/a", ("[fd00::1]:5000/a", "[fd00::1]:5000", "a", "", "")),
    ],
)
def test_a_reference_has_registry_repository_tag_and_digest(image: str, parts: tuple[str, ...]) -> None:
    assert parse_image(image) == ImageReference(*parts)


@pytest.mark.parametrize(
    "image",
    [
        "", " ", "quay.io/App:v1", "quay.io/app:v1:v2", "quay.io/app:", "-app", "a" * 64, "quay.io/app@sha256:0",
        "Not A Valid//Image::ref", "quay.io/" + "a" * 256, "quay.io/app:" + "t" * 129, "quay_io.x/app/UPPER",
    ],
)  # fmt: skip
def test_what_no_kubelet_can_read_has_no_parts(image: str) -> None:
    assert parse_image(image) is None


@pytest.mark.parametrize(
    ("image", "address"),
    [("10.0.0.1/a", "10.0.0.1"), ("10.0.0.1:5000/a:v1", "10.0.0.1"), ("[fd00::1]/a", "fd00::1"), ("[::1]:5/a", "::1")],
)
def test_a_registry_may_be_an_ip_address(image: str, address: str) -> None:
    found = parse_image(image)
    assert found is not None and found.address == ipaddress.ip_address(address)


@pytest.mark.parametrize("image", ["nginx", "quay.io/a", "10.0.0.1.nip.io/a", "localhost:5000/a"])
def test_a_name_is_no_ip_address(image: str) -> None:
    found = parse_image(image)
    assert found is not None and found.address is None
