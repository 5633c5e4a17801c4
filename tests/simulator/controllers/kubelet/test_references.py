"""Image references as a kubelet reads them."""

import pytest

from chaosimagecorrupt.simulator.controllers.kubelet.references import InvalidReference, parse


@pytest.mark.parametrize(
    ("image", "text"),
    [
        ("nginx", "docker.io/library/nginx:latest"),
        ("istio/pilot:1.24.2", "docker.io/istio/pilot:1.24.2"),
        ("localhost/app:v1", "localhost/app:v1"),
        ("registry.invalid:5000/a/b", "registry.invalid:5000/a/b:latest"),
        (f"quay.io/app@sha256:{'a' * 64}", f"quay.io/app@sha256:{'a' * 64}"),
        (f"quay.io/app:v1@sha256:{'a' * 64}", f"quay.io/app:v1@sha256:{'a' * 64}"),
    ],
)
def test_a_reference_is_completed(image: str, text: str) -> None:
    assert parse(image).text == text


@pytest.mark.parametrize(
    ("image", "message"),
    [
        ("Not A Valid//Image::ref", "invalid reference format: repository name (/Image) must be lowercase"),
        ("quay.io/App:v1", "invalid reference format: repository name (App) must be lowercase"),
        ("quay.io/app:v1:v2", "invalid reference format"),
        ("quay.io/app:", "invalid reference format"),
        ("-app", "invalid reference format"),
        ("a" * 64, f"invalid repository name ({'a' * 64}), cannot specify 64-byte hexadecimal strings"),
    ],
)
def test_what_does_not_parse_is_refused_with_the_runtime_s_words(image: str, message: str) -> None:
    with pytest.raises(InvalidReference) as raised:
        parse(image)
    assert str(raised.value) == message
