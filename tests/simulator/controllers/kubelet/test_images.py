"""Which images can be pulled, and the back-off."""

from chaosimagecorrupt.simulator.controllers.kubelet.images import BackOff, Images


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
