"""Why a pull failed."""

import pytest

from chaosimagecorrupt.report.pull_errors import pull_error

_HEAD = 'failed to resolve reference "{image}": failed to do request: Head "https://r/v2/x/manifests/y": '


@pytest.mark.parametrize(
    ("message", "cause"),
    [
        (_HEAD + "dial tcp: lookup registry.invalid: no such host", "the registry's name does not resolve"),
        ('failed to pull and unpack image "{image}": {image}: not found', "not found in the registry"),
        (_HEAD + "unexpected status from HEAD request: 401 Unauthorized", "401, not authorized"),
        ("unexpected status code: 429 Too Many Requests - Server message: toomanyrequests", "429, too many pulls"),
        (_HEAD + "403 Forbidden", "403, forbidden"),
        ("pull access denied, repository does not exist: denied", "access denied, or no such repository"),
        (_HEAD + "dial tcp: lookup r on 10.0.0.10:53: read udp: i/o timeout", "the registry's name does not resolve"),
        (_HEAD + "x509: certificate signed by unknown authority", "the registry's certificate is not trusted"),
        (_HEAD + "dial tcp 10.0.0.1:443: connect: connection refused", "the registry does not answer"),
        ("unexpected status: 503 Service Unavailable", "the registry has an error of its own"),
    ],
)
def test_the_cause_is_named(message: str, cause: str) -> None:
    image = "registry.example/denied-404:429"
    found = pull_error(f'Failed to pull image "{image}": ' + message.replace("{image}", image))
    assert found.startswith(f"{cause} (")


def test_the_end_of_the_message_is_in_its_own_words() -> None:
    message = 'Failed to pull image "a": rpc error: dial tcp: lookup registry.invalid: no such host'
    assert pull_error(message) == "the registry's name does not resolve (lookup registry.invalid: no such host)"


@pytest.mark.parametrize(
    ("message", "text"),
    [('Failed to pull image "a": out of luck', "out of luck"), ("Error: ErrImagePull", ""), ("", "")],
)
def test_an_unknown_cause_is_the_message_itself(message: str, text: str) -> None:
    assert pull_error(message) == text
