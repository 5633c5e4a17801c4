"""Registries below `.test` fail, each in its way; a made-up tag and a digest of zeros exist nowhere."""

import pytest

from chaosimagecorrupt.simulator.controllers.kubelet.images import Images
from chaosimagecorrupt.simulator.controllers.kubelet.references import parse
from chaosimagecorrupt.simulator.controllers.kubelet.registries import hangs, pull_error


@pytest.mark.parametrize(
    ("image", "words"),
    [
        ("registry.invalid/a:v1", "dial tcp: lookup registry.invalid on 127.0.0.53:53: no such host"),
        ("unauthorized.test/a:v1", "host unauthorized.test failed with status code [manifests v1]: 401 Unauthorized"),
        ("forbidden.test/a:v1", "host forbidden.test failed with status code [manifests v1]: 403 Forbidden"),
        ("rate-limited.test/a:v1", "failed with status code [manifests v1]: 429 Too Many Requests"),
        ("error.test/a:v1", "failed with status code [manifests v1]: 500 Internal Server Error"),
        ("tls.test/a:v1", "x509: certificate signed by unknown authority"),
        ("refused.test:5000/a:v1", "dial tcp 127.0.0.1:5000: connect: connection refused"),
        ("not-found.test/a:v1", "not-found.test/a:v1: not found"),
        ("quay.io/a:chaos-image-corrupt-1", "quay.io/a:chaos-image-corrupt-1: not found"),
        ("localhost/a:chaos-image-corrupt-1", "localhost/a:chaos-image-corrupt-1: not found"),
        (f"quay.io/a@sha256:{'0' * 64}", f"quay.io/a@sha256:{'0' * 64}: not found"),
    ],
)
def test_an_image_fails_in_the_words_of_containerd(image: str, words: str) -> None:
    assert str(pull_error(parse(image), missing=False)).endswith(words)
    assert not Images().is_present(image)


def test_what_is_not_found_has_the_code_of_the_runtime_too() -> None:
    error = str(pull_error(parse("quay.io/a:v1"), missing=True))
    assert error.startswith("rpc error: code = NotFound desc = failed to pull and unpack image")
    assert pull_error(parse("quay.io/a:v1"), missing=False) is None


@pytest.mark.parametrize("image", ["hangs.test/a:v1", "hangs.test:5000/a", "192.0.2.7/a", "192.0.2.7:5000/a"])
def test_some_never_answer(image: str) -> None:
    assert hangs(parse(image)) and not Images().is_present(image)
    assert not hangs(parse("quay.io/a")) and not hangs(parse("10.0.0.1/a"))
