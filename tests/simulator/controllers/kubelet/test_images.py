"""Image references, pulls and back-off."""

import pytest

from chaosimagecorrupt.simulator.controllers.kubelet.images import BackOff, Images, InvalidReference, parse


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


def test_registries_that_do_not_exist_have_no_images() -> None:
    images = Images()
    assert not images.is_present("registry.invalid/app:v1") and not images.is_present("any.invalid:5000/app")
    assert images.is_present("quay.io/app:v1") and images.pull_error("quay.io/app:v1") is None


def test_a_pull_from_a_registry_that_does_not_exist_fails_as_recorded() -> None:
    image = "registry.invalid/nonexistent:chaos"
    assert Images().pull_error(image) == (
        f'failed to pull and unpack image "{image}": failed to resolve reference "{image}": failed to do request: '
        'Head "https://registry.invalid/v2/nonexistent/manifests/chaos": '
        "dial tcp: lookup registry.invalid on 127.0.0.53:53: no such host"
    )


def test_an_image_that_is_named_as_missing_is_not_found() -> None:
    images = Images(missing=["quay.io/app:v9"])
    assert not images.is_present("quay.io/app:v9")
    assert str(images.pull_error("quay.io/app:v9")).endswith("quay.io/app:v9: not found")


def test_nothing_can_be_pulled_from_localhost() -> None:
    assert str(Images().pull_error("localhost/app:v1")).endswith("dial tcp 127.0.0.1:443: connect: connection refused")


def test_the_back_off_doubles_up_to_five_minutes() -> None:
    back_off, now, waits = BackOff(), 0.0, list[float]()
    for _ in range(8):
        start = now
        back_off.failed(now)
        while back_off.holds(now):
            now += 0.5
        waits.append(now - start)
    assert waits == [10, 20, 40, 80, 160, 300, 300, 300]


def test_after_a_long_while_without_a_failure_the_back_off_begins_again() -> None:
    back_off = BackOff()
    for now in (0, 100, 200):
        back_off.failed(now)
    back_off.failed(1000)
    assert not back_off.holds(1010)
